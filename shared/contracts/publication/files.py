"""The files that publish the contracts: what they should say, and whether they do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from shared.contracts import catalogue
from shared.contracts.schemas import file_name, schema_of

from .asyncapi import asyncapi_document
from .changes import Breach, breaches
from .events_page import events_page

PUBLISHED = Path("shared/contracts/published")
EVENTS_PAGE = Path("docs/events.md")
ASYNCAPI = Path("docs/asyncapi.json")
TOPOLOGY = Path("deploy/nats/topology.yaml")


def consumers_of(topology: Mapping[str, Any]) -> dict[str, list[str]]:
    """CloudEvents type to the services whose durables filter for it, in the order of services."""
    takers: dict[str, list[str]] = {}
    durables: Mapping[str, Mapping[str, Sequence[str]]] = topology.get("durables", {})
    for service in sorted(durables, key=_rank):
        for subject in (each for filters in durables[service].values() for each in filters):
            takers.setdefault(subject.replace(".*.", ".", 1), []).append(service)
    return takers


def _rank(service: str) -> int:
    known = catalogue.SERVICES
    return known.index(service) if service in known else len(known)


def documents(root: Path) -> dict[Path, str]:
    """Every file under `root` that the contracts are published in, with its right content.

    Who takes an event is read from the topology, if there is one.
    """
    topology = root / TOPOLOGY
    known = yaml.safe_load(topology.read_text(encoding="utf-8")) if topology.exists() else {}
    consumers = consumers_of(known)
    content = {
        PUBLISHED / file_name(event): _as_json(schema_of(event)) for event in catalogue.all_events()
    }
    content[EVENTS_PAGE] = events_page(consumers)
    content[ASYNCAPI] = _as_json(asyncapi_document(consumers))
    return {root / file: text for file, text in content.items()}


def not_additive(root: Path) -> list[Breach]:
    """What the classes changed against the schemas published under `root` that they may not.

    An event whose class is gone is such a change too. A contract that was never released is
    withdrawn by deleting its file with its class.
    """
    found: list[Breach] = []
    now = {file_name(event): event for event in catalogue.all_events()}
    for file in sorted((root / PUBLISHED).glob("*.json")):
        kind = file.name.removesuffix(".json")
        if file.name not in now:
            found.append(
                Breach(kind, "/", "所属事件已无对应的类", "belongs to an event without a class")
            )
            continue
        before = json.loads(file.read_text(encoding="utf-8"))
        found += breaches(kind, before, schema_of(now[file.name]))
    return found


def stale(root: Path) -> list[Path]:
    """Files under `root` that are missing or do not say what they should."""
    return [
        file
        for file, text in documents(root).items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]


def write(root: Path) -> list[Path]:
    """Write the files that are stale, and name them. Ask `not_additive` first."""
    files = documents(root)
    changed = stale(root)
    for file in changed:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(files[file], encoding="utf-8")
    return changed


def _as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
