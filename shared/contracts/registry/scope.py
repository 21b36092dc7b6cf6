"""Who may see a customer."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from shared.contracts.envelope import CustomerFact, Part
from shared.contracts.values import Code, Day


class Aspect(StrEnum):
    """What a grant lets a unit see of a customer."""

    BASE = "base"
    ARCHIVE = "archive"
    MONEY = "money"
    DISPUTE = "dispute"


class Grant(Part):
    """A unit, and those below it, may see one aspect of a customer for some time."""

    unit: Code
    """The unit that may see it."""
    aspect: Aspect
    """What it may see."""
    from_on: Day
    """First day."""
    until_on: Day | None = None
    """Last day; absent: until further notice."""


class ScopeChanged(CustomerFact):
    """Who may see the customer: all its grants, past ones too. Entity: `scope`, by customer key."""

    subject: ClassVar[str] = "dakehu.registry.scope_changed.v1"
    grants: tuple[Grant, ...]
    """All of them, sorted by unit, aspect and first day."""
