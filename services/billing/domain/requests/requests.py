"""What one person asks for and another decides: corrections, refunds, write-offs (B-17 to B-19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

from ..desk.duties import require_apart


class RequestKind(StrEnum):
    """What is asked for."""

    CORRECTION = "correction"
    REFUND = "refund"
    WRITE_OFF = "write_off"


class RequestState(StrEnum):
    """Where it stands; an approved write-off may be reversed."""

    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    REVERSED = "reversed"


class RequestNotOpen(Conflict):
    """It was decided before, or there is nothing to reverse."""

    code = "request-not-open"
    rule = "B-19"
    title_zh = "该申请的状态不允许此操作"
    title_en = "The request does not allow this now"


class AskedAlready(Conflict):
    """The same is asked for, or was granted, already."""

    code = "asked-already"
    rule = "B-35"
    title_zh = "已有同样的申请"
    title_en = "Asked for already"


class DecidedTooEarly(Invalid):
    """Nothing is decided before it was asked for."""

    code = "decided-too-early"
    rule = "B-19"
    title_zh = "决定早于申请"
    title_en = "Decided before it was asked for"


_BEFORE = {
    RequestState.APPROVED: RequestState.APPLIED,
    RequestState.REFUSED: RequestState.APPLIED,
    RequestState.REVERSED: RequestState.APPROVED,
}


@dataclass(frozen=True)
class MoneyRequest:
    """`amount` yuan of a charge or payment (`subject_id`), at one step of its life.

    `staff_code`, `reason`, `decided_on` and `policy_version` are the step's; `applied_by` asked.
    """

    request_id: UUID
    kind: RequestKind
    customer_key: UUID
    subject_id: UUID
    amount: Decimal
    details: Mapping[str, object]
    state: RequestState
    applied_by: str
    staff_code: str
    reason: str
    decided_on: date
    policy_version: int
    version: int = 1


def decided(
    request: MoneyRequest,
    state: RequestState,
    person: str,
    reason: str,
    on: date,
    policy_version: int,
) -> MoneyRequest:
    """The request after `person` decided.

    Raises RequestNotOpen, DutiesNotApart (B-19), DecidedTooEarly.
    """
    check_decision(
        request.state, _BEFORE[state], request.applied_by, person, request.decided_on, on
    )
    return replace(
        request,
        state=state,
        staff_code=person,
        reason=reason,
        decided_on=on,
        policy_version=policy_version,
        version=request.version + 1,
    )


def check_decision(
    state: StrEnum, wanted: StrEnum, applied_by: str, person: str, last_on: date, on: date
) -> None:
    """Raise unless `person`, who did not ask, may take the next step from `state` on the day `on`.

    `last_on` is the day of the step before. Raises RequestNotOpen, DutiesNotApart (B-19),
    DecidedTooEarly.
    """
    if state is not wanted:
        raise RequestNotOpen(f"该申请状态为 {state}", f"the request is {state}", state=state)
    require_apart(person, {applied_by}, "是申请人", "asked for it")
    if on < last_on:
        raise DecidedTooEarly(f"{on} 早于 {last_on}", f"{on} lies before {last_on}", pointer="/on")
