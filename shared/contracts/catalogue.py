"""Every event of the suite, found in the packages of its publishers; fixed once imported."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import TypeGuard

from . import billing, engagement, enterprise, registry, tiering
from .envelope import Enterprise, Event, Published

SERVICES = ("registry", "tiering", "engagement", "billing")
"""The publishers of `dakehu.` facts, in the order in which documents list them."""

ENTERPRISE = "enterprise"
"""The publisher of what other systems send."""


def subject_of(event: type[Event]) -> str:
    """The CloudEvents `type` of `event`.

    For a fact of ours it is also the subject on the bus; for `enterprise.` the subject has the
    system as its second token.
    """
    if issubclass(event, Enterprise):
        return f"{ENTERPRISE}.{event.event_name}.v{event.major}"
    if issubclass(event, Published):
        return event.subject
    raise TypeError(f"{event.__name__} is neither sent by another system nor published by us")


def publisher_of(event: type[Event]) -> str:
    """Who publishes `event`: a service, or `enterprise`."""
    return subject_of(event).split(".")[1] if issubclass(event, Published) else ENTERPRISE


def events_in(*modules: ModuleType) -> Mapping[str, type[Event]]:
    """CloudEvents type to event class, of all public event classes that `modules` define.

    Raises ValueError when two classes claim the same type.
    """
    found: dict[str, type[Event]] = {}
    for module in modules:
        for name, member in vars(module).items():
            if not _is_event(member, module) or name.startswith("_"):
                continue
            kind = subject_of(member)
            if kind in found:
                raise ValueError(f"{found[kind].__name__} and {name} are both {kind}")
            found[kind] = member
    return MappingProxyType(found)


def _is_event(member: object, module: ModuleType) -> TypeGuard[type[Event]]:
    return (
        inspect.isclass(member)
        and issubclass(member, Event)
        and member.__module__ == module.__name__
    )


_PUBLISHERS = (enterprise, registry, tiering, engagement, billing)
_BY_TYPE = events_in(*(subject for publisher in _PUBLISHERS for subject in publisher.SUBJECTS))
_EVENTS = tuple(_BY_TYPE.values())
_PUBLISHED = MappingProxyType(
    {event.subject: event for event in _EVENTS if issubclass(event, Published)}
)
_ENTERPRISE = MappingProxyType(
    {(event.event_name, event.major): event for event in _EVENTS if issubclass(event, Enterprise)}
)


def all_events() -> tuple[type[Event], ...]:
    """Every event class: what other systems send, then the services in their order."""
    return _EVENTS


def by_type(event_type: str) -> type[Event] | None:
    """The event class of a CloudEvents `type`, or None."""
    return _BY_TYPE.get(event_type)


def by_subject(subject: str) -> type[Published] | None:
    """The class of the fact that a service publishes on `subject`, or None."""
    return _PUBLISHED.get(subject)


def enterprise_event(name: str, major: int) -> type[Enterprise] | None:
    """The class of what other systems send under `name` in this major version, or None."""
    return _ENTERPRISE.get((name, major))
