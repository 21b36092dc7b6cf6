"""What accumulates beside the parts: yearly figures, and dealings of all (R-65, R-66)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .fields import AS_PERSON, AS_TEXT, HIDDEN


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A customer's performance and finances in one calendar year (R-65); amounts in yuan."""

    postal_spend: Decimal | None = None
    postal_volume: int | None = None
    turnover: Decimal | None = field(default=None, metadata=HIDDEN)
    profit: Decimal | None = field(default=None, metadata=HIDDEN)
    assets: Decimal | None = field(default=None, metadata=HIDDEN)
    liabilities: Decimal | None = field(default=None, metadata=HIDDEN)
    source: str | None = None
    assessment: str | None = field(default=None, metadata=AS_TEXT)


class DealingKind(StrEnum):
    """What is recorded in the journal."""

    MAJOR_EVENT = "major-event"
    IMPORTANT_CONTACT = "important-contact"
    DEALING = "dealing"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Dealing:
    """Something that happened with the customer, reported by any department (R-66)."""

    kind: DealingKind
    subject: str
    department: str
    people: tuple[str, ...] = field(default=(), metadata=AS_PERSON)
    account: str | None = field(default=None, metadata=AS_TEXT)
