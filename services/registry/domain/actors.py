"""Who does something: the person, the unit worked for, the roles held there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff in action, as the token or the imported row says."""

    staff_code: str
    unit: str
    roles: frozenset[str]
