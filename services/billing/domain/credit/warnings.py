"""Risk pre-control (欠费风险预控): who is named before it is too late (B-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class Warned(StrEnum):
    """Why a group is on the list."""

    OVER_LIMIT = "over-limit"
    NEAR_LIMIT = "near-limit"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class CreditWarnings:
    """A group is named from `use` of its limit on (a fraction), or when anything of it is
    `overdue_days` overdue or more."""

    policy_name: ClassVar[str] = "credit-warnings"

    use: Decimal
    overdue_days: int

    def __post_init__(self) -> None:
        if not 0 < self.use <= 1 or self.overdue_days < 1:
            raise ValueError("a share of the limit, and days / 额度占用比例与天数须大于零")

    def of(
        self, exposure: Decimal, limit: Decimal | None, oldest_due_on: date | None, on: date
    ) -> list[Warned]:
        """Why the group is warned about; empty: it is not. Amounts in yuan."""
        reasons = []
        if limit is not None and exposure > limit:
            reasons.append(Warned.OVER_LIMIT)
        elif limit is not None and exposure > 0 and exposure >= self.use * limit:
            reasons.append(Warned.NEAR_LIMIT)
        if oldest_due_on is not None and (on - oldest_due_on).days >= self.overdue_days:
            reasons.append(Warned.OVERDUE)
        return reasons
