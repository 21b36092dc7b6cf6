"""Rotation: nobody leads the same customer for too long (R-50, C22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.errors import Conflict, Invalid

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ManagerRotation:
    """After how many months of one lead a rotation is proposed, and how long the bridge stays.

    `bridge_days` is one cadence period: the other manager stays at least so long, and to the end of
    the quarter. A proposal may be postponed by `longest_postponement_days` at a time.
    """

    policy_name: ClassVar[str] = "manager-rotation"

    months: int
    bridge_days: int
    longest_postponement_days: int


class RotationState(StrEnum):
    """Where a proposal stands; withdrawn: somebody else leads meanwhile."""

    PROPOSED = "proposed"
    POSTPONED = "postponed"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class RotationDecided(Conflict):
    """The proposal was accepted or withdrawn before."""

    code = "rotation-decided"
    rule = "R-50"
    title_zh = "轮换建议已办结"
    title_en = "Rotation decided"


class LeadChanged(Conflict):
    """Somebody else leads the customer by now."""

    code = "lead-changed"
    rule = "R-50"
    title_zh = "主管业务员已更换"
    title_en = "The lead has changed"


class PostponedTooLong(Invalid):
    """A proposal is postponed to a day to come, within the policy's limit."""

    code = "postponed-too-long"
    rule = "R-50"
    title_zh = "轮换延期超出期限"
    title_en = "Postponed too long"


class RotatedIntoPartner(Conflict):
    """A rotation brings a third person; the other manager is the bridge."""

    code = "rotated-into-partner"
    rule = "R-50"
    title_zh = "轮换须由第三人接任"
    title_en = "The partner is the bridge"


def due_before(on: date, policy: ManagerRotation) -> date:
    """The last day since which somebody may have led to be due for rotation on `on` (R-50)."""
    months = on.year * 12 + on.month - 1 - policy.months
    year, month = months // 12, months % 12 + 1
    begins_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + (on.day - 1) * _DAY, begins_next - _DAY)


def bridge_until(on: date, policy: ManagerRotation) -> date:
    """The last day of the bridge of a rotation on `on`.

    At least a cadence period, and never before the quarter is over, so that the other manager does
    not go in the same one (C22).
    """
    quarter = (on.month - 1) // 3
    ends = date(on.year + (quarter + 1) // 4, (quarter + 1) % 4 * 3 + 1, 1) - _DAY
    return max(on + policy.bridge_days * _DAY, ends)


def require_open(state: RotationState) -> None:
    """Raise RotationDecided unless something is still to be decided."""
    if state not in (RotationState.PROPOSED, RotationState.POSTPONED):
        raise RotationDecided(
            f"轮换建议状态为 {state}", f"the proposal is {state}", state=state.value
        )


def accept(
    state: RotationState, proposed: str, lead: str | None, partner: str | None, successor: str
) -> None:
    """Make sure that `successor` may follow the lead `proposed` was made about (R-50, C22).

    Raises RotationDecided, LeadChanged, RotatedIntoPartner.
    """
    require_open(state)
    if lead != proposed:
        raise LeadChanged(
            f"现由 {lead} 主管，不再是 {proposed}",
            f"{lead} leads the customer now, no longer {proposed}",
            lead=lead,
        )
    if successor == partner:
        raise RotatedIntoPartner(
            f"{successor} 是另一经理，须留任作过渡",
            f"{successor} is the other manager, who stays as the bridge",
            pointer="/successor",
        )


def postpone(state: RotationState, until_on: date, on: date, policy: ManagerRotation) -> None:
    """Make sure that the proposal may wait until `until_on`.

    Raises RotationDecided, PostponedTooLong.
    """
    require_open(state)
    last = on + policy.longest_postponement_days * _DAY
    if not on < until_on <= last:
        raise PostponedTooLong(
            f"只能延期至 {last} 之前（含）的将来日期",
            f"a proposal is postponed to a day to come, {last} at the latest",
            pointer="/until_on",
            latest_on=last.isoformat(),
        )
