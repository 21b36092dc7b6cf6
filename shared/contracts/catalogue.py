"""Every event of the suite, found in the modules of its publishers; fixed once imported."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import MappingProxyType, ModuleType

from . import billing, engagement, enterprise, registry, tiering
from .envelope import Enterprise, Event, Published

SERVICES = ("registry", "tiering", "engagement", "billing")
"""The publishers of `dakehu.` facts, in the order in which documents list them."""

ENTERPRISE = "enterprise"
"""The publisher of what other systems send."""


def _events_of(module: ModuleType) -> Iterator[type[Event]]:
    for name, member in vars(module).items():
        if (
            not name.startswith("_")
            and inspect.isclass(member)
            and issubclass(member, Event)
            and member.__module__ == module.__name__
        ):
            yield member


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


_EVENTS: tuple[type[Event], ...] = tuple(
    event
    for module in (enterprise, registry, tiering, engagement, billing)
    for event in _events_of(module)
)
_BY_TYPE = MappingProxyType({subject_of(event): event for event in _EVENTS})
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
