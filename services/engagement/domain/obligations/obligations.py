"""Obligations: duties with a state, and the decision that one was missed.

A state is a function of the duties that follow from the facts and of the decisions taken. A
decision is never altered: when a later fact contradicts it, a revision is recorded beside it, and
should that fact be taken back, the decision holds again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.engagement.domain.obligations.duties import Duty

Key = tuple[str, date]
"""An obligation within its customer: code of the row and first day of the period."""


class ObligationState(StrEnum):
    """Where an obligation stands."""

    DUE = "due"
    MET = "met"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Obligation:
    """One duty as it was last published; `version` counts its changes from 1."""

    duty: Duty
    state: ObligationState
    version: int

    @property
    def key(self) -> Key:
        """What it is called within its customer."""
        return (self.duty.code, self.duty.first_on)

    @property
    def key_of_customer(self) -> tuple[UUID, str, date]:
        """What it is called among those of all customers."""
        return (self.duty.customer_key, *self.key)


@dataclass(frozen=True)
class Revision:
    """A decision `missed` that what is known now contradicts; its reason."""

    obligation: Obligation
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a recomputation changes: obligations with their new version, and revisions."""

    changed: tuple[Obligation, ...]
    revisions: tuple[Revision, ...]


def reconcile(
    kept: Iterable[Obligation], duties: Sequence[Duty], missed: Collection[Key]
) -> Outcome:
    """Compare what was published with what follows now; only the differences come out.

    `missed` are the obligations that were ever decided to be missed.
    """
    before = {obligation.key: obligation for obligation in kept}
    now = {(duty.code, duty.first_on): duty for duty in duties}
    changed = [
        obligation
        for key, duty in sorted(now.items())
        if (obligation := _renewed(before.get(key), duty, key in missed)) is not None
    ]
    changed += [
        replace(obligation, state=ObligationState.WITHDRAWN, version=obligation.version + 1)
        for key, obligation in sorted(before.items())
        if key not in now and obligation.state is not ObligationState.WITHDRAWN
    ]
    return Outcome(tuple(changed), tuple(_revisions(before, changed)))


def is_overdue(obligation: Obligation, on: date) -> bool:
    """Whether it is to be decided on `on` that the obligation was missed: due before that day."""
    return obligation.state is ObligationState.DUE and obligation.duty.due_on < on


def miss(obligation: Obligation) -> Obligation:
    """The obligation once it is decided that it was missed."""
    return replace(obligation, state=ObligationState.MISSED, version=obligation.version + 1)


def inputs(duty: Duty) -> dict[str, Any]:
    """What the state of an obligation follows from, for its decision and for its reader."""
    return {
        "count": duty.count,
        "minimum": duty.minimum,
        "maximum": duty.maximum,
        "visit_ids": [str(visit_id) for visit_id in duty.visit_ids],
        "target_levels": list(duty.target_levels),
        "due_on": duty.due_on.isoformat(),
        "scheme": duty.scheme,
        "tier": duty.tier,
        "specialty_class": duty.specialty_class,
        "visit_class": duty.visit_class,
        "unit": duty.unit,
        "manager_a": duty.manager_a,
        "manager_b": duty.manager_b,
    }


def _renewed(before: Obligation | None, duty: Duty, is_decided: bool) -> Obligation | None:
    state = _state(duty, is_decided)
    if before is None:
        return Obligation(duty, state, 1)
    if before.duty == duty and before.state is state:
        return None
    return Obligation(duty, state, before.version + 1)


def _state(duty: Duty, is_decided: bool) -> ObligationState:
    if duty.is_met:
        return ObligationState.MET
    return ObligationState.MISSED if is_decided else ObligationState.DUE


def _revisions(
    before: Mapping[Key, Obligation], changed: Iterable[Obligation]
) -> Iterable[Revision]:
    for obligation in changed:
        earlier = before.get(obligation.key)
        if earlier is None or earlier.state is not ObligationState.MISSED:
            continue
        if obligation.state is not ObligationState.MISSED:
            reason = "met-after-all" if obligation.state is ObligationState.MET else "no-duty"
            yield Revision(obligation, reason)
