"""Appeals: once against each ruling, to the next higher centre; the province is final (R-42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ..centres.organisation import Organisation
from .dispute_refusals import AppealOutOfTime, NotAParty, NothingToAppeal
from .disputes import (
    Dispute,
    DisputeCause,
    DisputeRules,
    DisputeState,
    party_of,
    require_none_open,
)


@dataclass(frozen=True, slots=True)
class Appealed:
    """The ruling that is appealed against; `is_delegated` if it was made in another's place."""

    ruling_id: UUID
    ruled_on: date
    is_delegated: bool


def next_judge(ruling_unit: str, is_delegated: bool, organisation: Organisation) -> str | None:
    """The centre that an appeal goes to, or None where the ruling is final (R-42).

    A ruling in the place of another centre goes to that centre itself; any other to the next one
    above. Nothing stands above the province.
    """
    if is_delegated:
        return ruling_unit
    above = organisation.line(ruling_unit)[1:]
    return next((unit.code for unit in above if unit.has_centre), None)


def appeal(
    dispute: Dispute,
    ruling: Appealed,
    known: Sequence[Dispute],
    organisation: Organisation,
    rules: DisputeRules,
    *,
    dispute_id: UUID,
    unit: str,
    on: date,
) -> Dispute:
    """The new case that people of `unit` bring against `ruling` (R-42).

    The ruling holds until it is ruled otherwise. Raises NotAParty, NothingToAppeal (final, settled
    or appealed against already), AppealOutOfTime, DisputeOpenAlready. The last day counts.
    """
    party = party_of(dispute, organisation, unit)
    if party not in dispute.parties:
        raise NotAParty(
            f"{unit} 不是争议当事单位",
            f"{unit} is no party of this dispute",
            parties=list(dispute.parties),
        )
    judge = next_judge(dispute.ruling_unit, ruling.is_delegated, organisation)
    if dispute.state is not DisputeState.RULED or judge is None:
        raise NothingToAppeal(
            f"{dispute.ruling_unit} 的结果（{dispute.state}）为最终结果",
            f"what {dispute.ruling_unit} decided ({dispute.state}) is final",
            state=dispute.state.value,
            ruling_unit=dispute.ruling_unit,
        )
    _require_in_time(ruling, rules, on)
    if any(each.appeal_of == ruling.ruling_id for each in known):
        raise NothingToAppeal(
            "该裁决已经申诉过一次",
            "this ruling was appealed against before",
            ruling_id=str(ruling.ruling_id),
        )
    require_none_open(known)
    return Dispute(
        dispute_id=dispute_id,
        customer_key=dispute.customer_key,
        parties=dispute.parties,
        ruling_unit=judge,
        cause=DisputeCause.APPEAL,
        opened_on=on,
        due_on=on + timedelta(days=rules.ruling_days),
        opened_for=party,
        appeal_of=ruling.ruling_id,
    )


def is_open_to_appeal(
    dispute: Dispute,
    ruling: Appealed,
    known: Sequence[Dispute],
    organisation: Organisation,
    rules: DisputeRules,
    on: date,
) -> bool:
    """Whether a party may appeal against the ruling on that day still (R-42)."""
    judge = next_judge(dispute.ruling_unit, ruling.is_delegated, organisation)
    is_ruled = dispute.state is DisputeState.RULED and judge is not None
    is_in_time = on <= ruling.ruled_on + timedelta(days=rules.appeal_days)
    is_heard = any(each.appeal_of == ruling.ruling_id for each in known)
    return is_ruled and is_in_time and not is_heard


def _require_in_time(ruling: Appealed, rules: DisputeRules, on: date) -> None:
    last_on = ruling.ruled_on + timedelta(days=rules.appeal_days)
    if ruling.ruled_on <= on <= last_on:
        return
    raise AppealOutOfTime(
        f"裁决于 {ruling.ruled_on} 作出，申诉期限为 {rules.appeal_days} 天，至 {last_on} 止",
        f"ruled on {ruling.ruled_on}; an appeal comes within {rules.appeal_days} days,"
        f" by {last_on}",
        ruled_on=ruling.ruled_on.isoformat(),
        appeal_days=rules.appeal_days,
        last_on=last_on.isoformat(),
    )
