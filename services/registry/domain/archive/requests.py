"""Requests to read an archive: for a purpose, until a day, decided by another (R-70, R-73)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Organisation
from .access import ArchiveAccess
from .parts.fields import Section


class RequestState(StrEnum):
    """How far a request has come; an expired permission stays granted and opens nothing."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


class TooLong(Invalid):
    """A permission lasts no longer than the policy allows, and ends after it begins."""

    code = "permission-too-long"
    rule = "R-70"
    title_zh = "查阅期限不符"
    title_en = "Term not allowed"


class NotTheDecider(Forbidden):
    """Only the custodian or an approver at the owner or above decides."""

    code = "not-the-decider"
    rule = "R-70"
    title_zh = "无权审批查阅申请"
    title_en = "Not the decider"


class OwnRequest(Forbidden):
    """Nobody decides his own request."""

    code = "own-request"
    rule = "R-73"
    title_zh = "不得审批本人的申请"
    title_en = "Own request"


class RequestSettled(Conflict):
    """The request is not at the stage that the step asks for."""

    code = "request-settled"
    rule = "R-70"
    title_zh = "申请已处理"
    title_en = "Request settled"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Somebody wants to read sections of an archive until a day, for a stated purpose."""

    request_id: UUID
    customer_key: UUID
    sections: tuple[Section, ...]
    purpose: str
    requested_by: str
    requested_unit: str
    requested_on: date
    until_on: date
    state: RequestState
    decided_by: str | None
    decided_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides about one archive: its custodian, and the owner whose approvers do."""

    custodian: str | None
    owner_unit: str | None
    units: Organisation


def ask(request: AccessRequest, policy: ArchiveAccess, policy_version: int) -> AccessRequest:
    """`request`, if its term is allowed; raises TooLong."""
    latest = request.requested_on + timedelta(days=policy.longest_days)
    if not request.requested_on <= request.until_on <= latest:
        raise TooLong(
            f"有效期须在 {request.requested_on} 至 {latest} 之间，申请至 {request.until_on}",
            f"it has to end between {request.requested_on} and {latest}, not on {request.until_on}",
            pointer="/until_on",
            longest_days=policy.longest_days,
            policy_version=policy_version,
        )
    return request


def decide(
    request: AccessRequest,
    by: Actor,
    deciders: Deciders,
    policy: ArchiveAccess,
    on: date,
    *,
    is_granted: bool,
) -> AccessRequest:
    """Grant or refuse; raises RequestSettled, OwnRequest, NotTheDecider."""
    _require(request, RequestState.PENDING)
    _require_decider(request, by, deciders, policy)
    state = RequestState.GRANTED if is_granted else RequestState.REFUSED
    return _settled(request, state, by.staff_code, on)


def revoke(
    request: AccessRequest, by: Actor, deciders: Deciders, policy: ArchiveAccess, on: date
) -> AccessRequest:
    """Take a permission back; the reader may give up his own. Raises as `decide`."""
    _require(request, RequestState.GRANTED)
    if by.staff_code != request.requested_by:
        _require_decider(request, by, deciders, policy)
    return _settled(request, RequestState.REVOKED, by.staff_code, on)


def ended(request: AccessRequest, by: str, on: date) -> AccessRequest:
    """The request of somebody who has left: taken back, or refused if it was pending (R-52)."""
    is_granted = request.state is RequestState.GRANTED
    state = RequestState.REVOKED if is_granted else RequestState.REFUSED
    return _settled(request, state, by, on)


def _settled(request: AccessRequest, state: RequestState, by: str, on: date) -> AccessRequest:
    return replace(
        request,
        state=state,
        decided_by=by,
        decided_on=on,
        version=request.version + 1,
    )


def _require(request: AccessRequest, state: RequestState) -> None:
    if request.state is not state:
        raise RequestSettled(
            f"申请状态为 {request.state}，须为 {state}",
            f"the request is {request.state}; it has to be {state}",
            state=request.state.value,
        )


def _require_decider(
    request: AccessRequest, by: Actor, deciders: Deciders, policy: ArchiveAccess
) -> None:
    if by.staff_code == request.requested_by:
        raise OwnRequest("本人的申请须由他人审批", "somebody else has to decide your request")
    if by.staff_code == deciders.custodian:
        return
    owner = deciders.owner_unit
    is_above = owner is not None and deciders.units.is_within(owner, by.unit)
    if is_above and by.roles & set(policy.approver_roles):
        return
    raise NotTheDecider(
        f"须由档案保管人，或归属单位及其上级的 {'、'.join(policy.approver_roles)} 审批",
        f"the custodian decides, or a {' or '.join(policy.approver_roles)} at the owner or above",
        custodian=deciders.custodian,
        approver_roles=list(policy.approver_roles),
    )
