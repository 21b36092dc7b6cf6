"""How long a customer is left alone between two contacts: a warning, never a block (E-13, C13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from services.engagement.domain.accounts.dated import valid_on
from services.engagement.domain.obligations.cadence import CadencePlan, Contact, PlanSince


@dataclass(frozen=True)
class TooEarly:
    """A contact came before the customer had been left alone long enough."""

    visit_id: UUID
    previous_visit_id: UUID
    gap_days: int
    minimum_gap_days: int


def too_early(plans: Sequence[PlanSince], contacts: Iterable[Contact]) -> list[TooEarly]:
    """The dedicated contacts that followed another after less than the minimum gap (E-13).

    Whoever of ours made them: it is the customer that is to be left alone.
    """
    dedicated = sorted(
        (contact for contact in contacts if _disturbs(plans, contact)),
        key=lambda contact: (contact.started_at, contact.visit_id),
    )
    warnings = []
    for earlier, later in pairwise(dedicated):
        version = valid_on(plans, later.on)
        gap_days = (later.on - earlier.on).days
        if version is not None and gap_days < version.plan.minimum_gap_days:
            minimum = version.plan.minimum_gap_days
            warnings.append(TooEarly(later.visit_id, earlier.visit_id, gap_days, minimum))
    return warnings


@dataclass(frozen=True)
class Window:
    """When the next contact is wanted: not before `from_on`, at the latest on `due_on` (C13)."""

    from_on: date
    due_on: date


def window(plan: CadencePlan, first_on: date, due_on: date, last_contact_on: date | None) -> Window:
    """The two-sided window of a duty that is open from `first_on` to `due_on` (E-13, C13).

    If the gap would end after the duty is due, the due day wins: the gap only warns.
    """
    if last_contact_on is None:
        return Window(first_on, due_on)
    rested_on = last_contact_on + timedelta(days=plan.minimum_gap_days)
    return Window(min(max(first_on, rested_on), due_on), due_on)


def _disturbs(plans: Sequence[PlanSince], contact: Contact) -> bool:
    version = valid_on(plans, contact.on)
    return version is not None and not contact.is_refuted and version.plan.is_dedicated(contact)
