"""What is known of one customer, dated, as far as its duties depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.engagement.domain.accounts.dated import valid_on
from services.engagement.domain.obligations.cadence import CadencePlan, CadenceRow, Contact


@dataclass(frozen=True)
class TierSince:
    """A tier that was decided in one scheme; None: the customer left the scheme.

    It governs duties from the day on which it is both effective and decided: nobody can have owed
    a visit that followed from a tier before anybody had decided it.
    """

    version: int
    scheme: str
    tier: str | None
    effective_on: date
    decided_on: date

    @property
    def from_on(self) -> date:
        """The first day on which it governs."""
        return max(self.effective_on, self.decided_on)


@dataclass(frozen=True)
class Account:
    """On which days the customer may be visited at all (R-20), by its newest known state."""

    approved_on: date | None
    suspended_on: date | None = None
    closed_on: date | None = None

    def is_active_throughout(self, first_on: date, last_on: date) -> bool:
        """Whether it may be visited on every day from `first_on` to `last_on`, both included."""
        ends = [day for day in (self.suspended_on, self.closed_on) if day is not None]
        return (
            self.approved_on is not None
            and self.approved_on <= first_on
            and all(last_on < end for end in ends)
        )


@dataclass(frozen=True)
class ClassSince:
    """What sets the account apart besides its tier: specialty class, visit class (C8).

    Registry does not date these; `from_on` is the business date on which the version became known,
    and what was known first holds for the days before too.
    """

    version: int
    from_on: date
    specialty_class: str | None
    visit_class: str | None


@dataclass(frozen=True)
class OwnerSince:
    """The unit that owns the customer: it answers for what is overdue."""

    version: int
    from_on: date
    unit: str | None


@dataclass(frozen=True)
class ManagersSince:
    """The customer's managers A and B (R-48), by staff code, and which of them leads."""

    version: int
    from_on: date
    a: str | None
    b: str | None
    lead: str | None


@dataclass(frozen=True)
class CustomerFacts:
    """Everything received about one customer that its duties follow from."""

    customer_key: UUID
    account: Account | None = None
    classes: tuple[ClassSince, ...] = ()
    tiers: tuple[TierSince, ...] = ()
    owners: tuple[OwnerSince, ...] = ()
    managers: tuple[ManagersSince, ...] = ()
    contacts: tuple[Contact, ...] = ()

    def is_active_throughout(self, first_on: date, last_on: date) -> bool:
        """Whether it may be visited on every day from `first_on` to `last_on`, both included."""
        return self.account is not None and self.account.is_active_throughout(first_on, last_on)

    def ends_of_activity(self, first: date, last: date) -> set[date]:
        """The days after `first`, up to `last`, on which it may begin or cease to be visited."""
        account = self.account
        days = (account.approved_on, account.suspended_on, account.closed_on) if account else ()
        return {day for day in days if day is not None and first < day <= last}

    def tier_on(self, scheme: str, day: date) -> str | None:
        """Its tier in `scheme` on `day`; None if it has none."""
        tier = valid_on((tier for tier in self.tiers if tier.scheme == scheme), day)
        return tier.tier if tier else None

    def class_on(self, day: date) -> ClassSince | None:
        """Its classes on `day`; before the first that became known, that one."""
        first_on = min((known.from_on for known in self.classes), default=day)
        return valid_on(self.classes, max(day, first_on))


class Gap(StrEnum):
    """Why an account that may be visited owes nobody anything (C8)."""

    NO_TIER = "no-tier"
    NO_ROW = "no-row"


@dataclass(frozen=True)
class Standing:
    """What cadence makes of a customer on one day."""

    tier: str | None
    specialty_class: str | None
    visit_class: str | None
    rows: tuple[CadenceRow, ...]

    @property
    def gap(self) -> Gap | None:
        """Why no row covers it; None if one does."""
        if self.rows:
            return None
        return Gap.NO_TIER if self.tier is None and self.visit_class is None else Gap.NO_ROW


def standing(facts: CustomerFacts, plan: CadencePlan, day: date) -> Standing | None:
    """How the customer stands under `plan` on `day`; None if it may not be visited then."""
    if not facts.is_active_throughout(day, day):
        return None
    known = facts.class_on(day)
    tier = facts.tier_on(plan.scheme, day)
    specialty = known.specialty_class if known else None
    visit_class = known.visit_class if known else None
    rows = plan.rows_for(tier, specialty, visit_class)
    return Standing(tier, specialty, visit_class, rows)
