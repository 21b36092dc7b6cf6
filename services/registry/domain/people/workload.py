"""How many key accounts one manager should have (R-10)."""

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
