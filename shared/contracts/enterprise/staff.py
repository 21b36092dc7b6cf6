"""Who works where."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import Enterprise
from shared.contracts.values import Code, Day, Name, Word


class _StaffFact(Enterprise):
    staff_code: Code
    """Staff code."""
    name: Name | None = None
    """Name of the person; stays in registry."""
    on: Day
    """First day on which this holds; the latest wins."""


class StaffJoined(_StaffFact):
    """Somebody began to work here."""

    event_name: ClassVar[str] = "staff_joined"
    unit: Code
    """The unit they work for."""
    roles: tuple[Word, ...]
    """account_manager, finance, director … (R-08)."""


class StaffAssigned(_StaffFact):
    """Somebody works for another unit or in other roles from a day on."""

    event_name: ClassVar[str] = "staff_assigned"
    unit: Code
    """The unit they work for from that day on."""
    roles: tuple[Word, ...]
    """Roles from that day on."""


class StaffLeft(_StaffFact):
    """Somebody left; `on` is the first day without them (R-52)."""

    event_name: ClassVar[str] = "staff_left"
    unit: Code | None = None
    """The unit they left, if told."""
    roles: tuple[Word, ...] = ()
    """Roles they had, if told."""
