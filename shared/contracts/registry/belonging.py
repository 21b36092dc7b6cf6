"""Whose a customer is: owner, shares and managers."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.envelope import CustomerFact, MoneyAmount, Part
from shared.contracts.values import Code, Day, Exact, Version, Word


class Phase(StrEnum):
    """Before and after the first contract: who of A and B leads (R-48)."""

    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class OwnershipChanged(CustomerFact):
    """Which unit owns a customer from a day on; every version stays valid for its days (R-09).

    The entity is `ownership`, its id the customer key.
    """

    subject: ClassVar[str] = "dakehu.registry.ownership_changed.v1"
    owner_unit: Code
    """The unit that owns the customer."""
    rule: Word
    """`declaration`, `opening`, `signing-place`, `routing`, `type-a` … `type-d`, `ruling`."""
    ruling_id: UUID | None = None
    """The ruling that decided (R-37)."""
    effective_on: Day
    """First day on which it holds."""
    supersedes: Version | None = None
    """The version that this restates; absent: it follows the earlier ones."""


class SplitShare(Part):
    """A unit's share of revenue."""

    unit: Code
    """Code of the unit."""
    share: Exact
    """Fraction of one: "0.6" is 60 %."""


class SplitChanged(CustomerFact):
    """How a customer's revenue is shared from a day on (R-44, R-45); the entity is `split`."""

    subject: ClassVar[str] = "dakehu.registry.split_changed.v1"
    split_id: UUID
    """The split."""
    base: Annotated[tuple[SplitShare, ...], Field(min_length=1)]
    """Shares of the base; they sum to exactly 1."""
    increment: tuple[SplitShare, ...] = ()
    """Shares of what goes beyond the base, summing to exactly 1; empty: shared like the base."""
    base_amount: MoneyAmount | None = None
    """The base of a calendar year, net of VAT; absent: everything is base."""
    rule: Word
    """`ruling`, `type-a` … `type-d`, `base-increment`, `lead-report`, `default` (C16)."""
    ruling_id: UUID | None = None
    """The ruling that decided, if one did."""
    effective_on: Day
    """First day on which it holds."""
    supersedes: Version | None = None
    """The version that this restates; postings under that one are restated too."""
    overruled: tuple[Word, ...] = ()
    """Rules that would have applied as well and gave way, the strongest first (C16)."""

    @model_validator(mode="after")
    def _shares_everything(self) -> Self:
        for shares in (self.base, self.increment):
            total = sum((part.share for part in shares), Decimal(0))
            if shares and (total != 1 or min(part.share for part in shares) < 0):
                raise ValueError(
                    f"份额之和必须正好为 1，现为 {total} / "
                    f"shares must sum to exactly 1, not {total}"
                )
        return self


class ManagersAssigned(CustomerFact):
    """The A and B managers of a customer; A leads development, B leads maintenance (R-48).

    The entity is `managers`, its id the customer key.
    """

    subject: ClassVar[str] = "dakehu.registry.managers_assigned.v1"
    a_staff_code: Code | None = None
    """Staff code of A; absent: nobody."""
    b_staff_code: Code | None = None
    """Staff code of B; absent: nobody."""
    phase: Phase
    """Who of them leads."""
    phase_contract_id: UUID | None = None
    """The contract that set the phase to maintenance, if one did."""
    rule: Word
    """Why: `assignment`, `contract-signed`, `manual-swap`, `handover`, `rotation`."""
    effective_on: Day
    """First day on which it holds."""
