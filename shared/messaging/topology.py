"""Who sends and takes what: streams, durables and NATS users, derived from code and grants.

The services' tables and the catalogue say what each service publishes and takes; the grants file
says which event types each enterprise system may send. `deploy/nats/topology.yaml` is written from
both, so a provisioner needs no service's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise

if TYPE_CHECKING:
    from shared.service import Service

STREAMS = ("DAKEHU", "ENTERPRISE")
IMPORT_PREFIX = "import-"


@dataclass(frozen=True, slots=True)
class Topology:
    """What the provisioner makes and the server's configuration permits.

    `streams`: stream to its subjects. `durables`: service to stream to subject filters.
    `publishes`: service to the subjects of its facts. `systems`: enterprise system to the event
    names that it may send.
    """

    streams: Mapping[str, list[str]]
    durables: Mapping[str, Mapping[str, list[str]]]
    publishes: Mapping[str, list[str]]
    systems: Mapping[str, list[str]]

    @classmethod
    def load(cls, file: Path) -> Topology:
        """Read a topology file."""
        return cls(**yaml.safe_load(file.read_text(encoding="utf-8")))

    def as_yaml(self) -> str:
        """The topology as a file, the same for the same content."""
        content: dict[str, Any] = {
            "streams": dict(self.streams),
            "durables": {name: dict(streams) for name, streams in self.durables.items()},
            "publishes": dict(self.publishes),
            "systems": dict(self.systems),
        }
        note = "# Written by `make contracts` from the services' tables and systems.yaml.\n"
        return note + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def derive(services: Iterable[Service], systems: Mapping[str, list[str]]) -> Topology:
    """The topology of `services` with the grants `systems` (system to event names).

    Raises ValueError for a grant of an event that nobody knows.
    """
    known = sorted(e.event_name for e in catalogue.all_events() if issubclass(e, Enterprise))
    for system, names in systems.items():
        unknown = set(names) - set(known)
        if unknown:
            raise ValueError(f"{system} may send unknown events: {', '.join(sorted(unknown))}")
    ordered = sorted(services, key=lambda service: service.name)
    return Topology(
        streams={
            "DAKEHU": ["dakehu.>"],
            "ENTERPRISE": [f"enterprise.*.{name}.*" for name in known],
        },
        durables={
            service.name: {
                stream: subjects
                for stream in STREAMS
                if (subjects := service.consumers.subjects(stream))
            }
            for service in ordered
        },
        publishes={
            service.name: sorted(
                catalogue.subject_of(event)
                for event in catalogue.all_events()
                if catalogue.publisher_of(event) == service.name
            )
            for service in ordered
        },
        systems={system: sorted(names) for system, names in sorted(systems.items())},
    )


def permissions(topology: Topology) -> dict[str, dict[str, list[str]]]:
    """NATS user to the exact subjects that it may publish and subscribe to.

    Users are the services, `provisioner`, every enterprise system and its importer.
    """
    users = {
        service: {
            "publish": [*topology.publishes[service], *_consuming(service, streams)],
            "subscribe": [f"_INBOX_{service}.>"],
        }
        for service, streams in topology.durables.items()
    }
    users["provisioner"] = {
        "publish": ["$JS.API.>"],
        "subscribe": ["_INBOX_provisioner.>"],
    }
    for system, names in topology.systems.items():
        subjects = [
            f"enterprise.{system}.{event.event_name}.v{event.major}"
            for event in catalogue.all_events()
            if issubclass(event, Enterprise) and event.event_name in names
        ]
        for user in (system, IMPORT_PREFIX + system):
            users[user] = {"publish": subjects, "subscribe": [f"_INBOX_{user}.>"]}
    return users


def _consuming(service: str, streams: Mapping[str, list[str]]) -> list[str]:
    subjects = []
    for stream in streams:
        subjects += [
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{service}",
            f"$JS.API.CONSUMER.INFO.{stream}.{service}",
            f"$JS.ACK.{stream}.{service}.>",
        ]
    return subjects


def server_accounts(topology: Topology, passwords: Mapping[str, str]) -> str:
    """The `authorization` block of a NATS configuration. Raises KeyError for a missing password."""
    lines = ["authorization {", "  users = ["]
    for user, subjects in permissions(topology).items():
        publish = ", ".join(f'"{subject}"' for subject in subjects["publish"])
        subscribe = ", ".join(f'"{subject}"' for subject in subjects["subscribe"])
        lines += [
            "    {",
            f'      user: "{user}", password: "{passwords[user]}"',
            f"      permissions: {{ publish: [{publish}], subscribe: [{subscribe}] }}",
            "    }",
        ]
    return "\n".join([*lines, "  ]", "}", ""])
