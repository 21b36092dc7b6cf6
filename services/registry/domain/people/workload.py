"""How many key accounts one manager should have, and how many managers a centre (R-10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True)
class ManagerLoad:
    """Key accounts per manager, both borders within."""

    policy_name: ClassVar[str] = "manager-load"

    minimum: int
    maximum: int


class Load(StrEnum):
    """How a manager's number of key accounts compares with the policy."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


def assess(accounts: int, policy: ManagerLoad) -> Load:
    """Whether `accounts` led by one manager are too few, right or too many (R-10)."""
    if accounts < policy.minimum:
        return Load.BELOW
    return Load.WITHIN if accounts <= policy.maximum else Load.ABOVE


class Staffing(StrEnum):
    """How a centre's managers compare with what its key accounts ask for."""

    TOO_FEW = "too-few"
    ENOUGH = "enough"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class StaffingPlan:
    """How many managers the key accounts of a centre need: at least and at most, both within."""

    at_least: int
    at_most: int
    verdict: Staffing


def plan_staff(accounts: int, managers: int, policy: ManagerLoad) -> StaffingPlan:
    """How many managers `accounts` need so that each has neither too few nor too many (R-10).

    Where no number fits (one manager would have too few accounts), the least that
    leaves nobody above the maximum.
    """
    at_least = -(-accounts // policy.maximum)
    at_most = max(accounts // policy.minimum, at_least)
    if managers < at_least:
        verdict = Staffing.TOO_FEW
    else:
        verdict = Staffing.ENOUGH if managers <= at_most else Staffing.TOO_MANY
    return StaffingPlan(at_least, at_most, verdict)
