"""Waiving late fees: proposed by one person, approved by another with the authority (B-15).

A waiver is a fact beside the fee: what the plan asks for less what was granted, never below zero.
So a fee that is recomputed because something came late neither asks again for what was waived nor
gives it back twice.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Refusal

from ..requests.requests import DecidedTooEarly


class WaiverState(StrEnum):
    """Where a waiver stands; only an approved one counts, and it may be withdrawn again."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class WaiverTooLarge(Refusal):
    """More would be waived than there is of the fee."""

    code = "waiver-too-large"
    rule = "B-15"
    title_zh = "减免超过违约金"
    title_en = "The waiver is larger than the late fee"


class ApproverIsApplicant(Forbidden):
    """Whoever approves is never the applicant."""

    code = "approver-is-applicant"
    rule = "B-15"
    title_zh = "申请人不得审批"
    title_en = "The applicant may not decide"


class WaiverBeyondAuthority(Forbidden):
    """The level and role of whoever decides do not reach so far."""

    code = "waiver-beyond-authority"
    rule = "B-15"
    title_zh = "超出减免权限"
    title_en = "The waiver is beyond this authority"


class WaiverNotOpen(Conflict):
    """It was decided, or withdrawn, before."""

    code = "waiver-not-open"
    rule = "B-15"
    title_zh = "该减免已有结论"
    title_en = "The waiver is decided already"


@dataclass(frozen=True)
class WaiverLimit:
    """Who has one of `roles` at `level` grants up to so many yuan of one fee; None: any amount."""

    level: str
    roles: tuple[str, ...]
    up_to: Decimal | None


@dataclass(frozen=True)
class WaiverAuthority:
    """Who may waive how much of a late fee, counting all that was granted of it."""

    policy_name: ClassVar[str] = "late-fee-waivers"

    limits: tuple[WaiverLimit, ...]

    def allows(self, level: str | None, roles: Set[str], amount: Decimal) -> bool:
        """Whether somebody at `level` with `roles` may grant `amount` yuan of one fee."""
        return any(
            limit.up_to is None or amount <= limit.up_to
            for limit in self.limits
            if limit.level == level and roles & set(limit.roles)
        )


@dataclass(frozen=True, slots=True)
class Decider:
    """Whoever decides: staff code, level of the own unit, roles."""

    staff_code: str
    level: str | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waivable:
    """A late fee as far as waiving goes: what the plan asks for and what was granted, in yuan."""

    late_fee_id: UUID
    customer_key: UUID
    fee: Decimal
    granted: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be waived."""
        return max(self.fee - self.granted, Decimal(0))


@dataclass(frozen=True, slots=True)
class Waiver:
    """`amount` yuan of a late fee, proposed and decided; `policy_version` is that of the decision.

    `decided_by` is who decided last: approved, refused, or withdrew.
    """

    waiver_id: UUID
    late_fee_id: UUID
    customer_key: UUID
    amount: Decimal
    reason: str
    state: WaiverState
    proposed_by: str
    proposed_on: date
    decided_by: str | None = None
    decided_on: date | None = None
    policy_version: int | None = None
    version: int = 1


def amount_to_waive(fee: Waivable, amount: Decimal | None) -> Decimal:
    """The yuan to be waived: `amount`, or all that is left. Raises WaiverTooLarge."""
    wanted = fee.left if amount is None else amount
    if not 0 < wanted <= fee.left:
        raise WaiverTooLarge(
            f"违约金尚可减免 {fee.left} 元，申请 {wanted} 元",
            f"{fee.left} yuan of the late fee can be waived; {wanted} would be",
            pointer="/amount",
            left=fee.left,
        )
    return wanted


def approve(
    waiver: Waiver, fee: Waivable, by: Decider, authority: WaiverAuthority, version: int, on: date
) -> Waiver:
    """The waiver, granted on the day `on` under `version` of the policy.

    Raises WaiverNotOpen, DecidedTooEarly, ApproverIsApplicant, WaiverTooLarge for a fee that fell
    since, WaiverBeyondAuthority.
    """
    _require(waiver, on, WaiverState.PROPOSED)
    _require_another(waiver, by)
    amount_to_waive(fee, waiver.amount)
    _require_authority(by, authority, fee.granted + waiver.amount, version)
    return _decided(waiver, WaiverState.APPROVED, by, version, on)


def refuse(
    waiver: Waiver, fee: Waivable, by: Decider, authority: WaiverAuthority, version: int, on: date
) -> Waiver:
    """The waiver, refused by somebody who could have granted it. Raises as `approve` does."""
    _require(waiver, on, WaiverState.PROPOSED)
    _require_another(waiver, by)
    _require_authority(by, authority, fee.granted + waiver.amount, version)
    return _decided(waiver, WaiverState.REFUSED, by, version, on)


def withdraw(
    waiver: Waiver, fee: Waivable, by: Decider, authority: WaiverAuthority, version: int, on: date
) -> Waiver:
    """A proposal taken back by its applicant, or a grant by somebody who could have granted it.

    Raises WaiverNotOpen, DecidedTooEarly, WaiverBeyondAuthority, ApproverIsApplicant.
    """
    _require(waiver, on, WaiverState.PROPOSED, WaiverState.APPROVED)
    if waiver.state is WaiverState.APPROVED:
        _require_another(waiver, by)
        _require_authority(by, authority, fee.granted, version)
    elif by.staff_code != waiver.proposed_by:
        raise WaiverBeyondAuthority(
            f"只有申请人 {waiver.proposed_by} 可以撤回申请",
            f"only {waiver.proposed_by}, who proposed it, may take it back",
        )
    return _decided(waiver, WaiverState.WITHDRAWN, by, version, on)


def _require(waiver: Waiver, on: date, *states: WaiverState) -> None:
    """In a state to be decided on, and not of a day, and so a policy, before the step before."""
    if waiver.state not in states:
        raise WaiverNotOpen(
            f"该减免状态为 {waiver.state}", f"the waiver is {waiver.state}", state=waiver.state
        )
    last_on = waiver.decided_on or waiver.proposed_on
    if on < last_on:
        raise DecidedTooEarly(f"{on} 早于 {last_on}", f"{on} lies before {last_on}", pointer="/on")


def _require_another(waiver: Waiver, by: Decider) -> None:
    if by.staff_code == waiver.proposed_by:
        raise ApproverIsApplicant(
            f"{by.staff_code} 是申请人", f"{by.staff_code} is the one who proposed it"
        )


def _require_authority(
    by: Decider, authority: WaiverAuthority, sum_: Decimal, version: int
) -> None:
    if not authority.allows(by.level, by.roles, sum_):
        roles = ", ".join(sorted(by.roles))
        raise WaiverBeyondAuthority(
            f"该违约金累计减免 {sum_} 元，超出 {by.level} 级 {roles} 的权限",
            f"{sum_} yuan of this late fee in all are beyond {roles} at level {by.level}",
            sum=sum_,
            level=by.level,
            policy_version=version,
        )


def _decided(waiver: Waiver, state: WaiverState, by: Decider, version: int, on: date) -> Waiver:
    return replace(
        waiver,
        state=state,
        decided_by=by.staff_code,
        decided_on=on,
        policy_version=version,
        version=waiver.version + 1,
    )
