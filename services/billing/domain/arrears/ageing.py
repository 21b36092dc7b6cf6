"""How overdue money is grouped by its age (B-17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class AgeingBuckets:
    """Last days overdue of each bucket but the open-ended one: (30, 60) is 1-30, 31-60, over 60."""

    policy_name: ClassVar[str] = "ageing-buckets"

    last_days: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.last_days or list(self.last_days) != sorted({*self.last_days}):
            raise ValueError("buckets rise / 账龄分段须递增")
        if self.last_days[0] < 1:
            raise ValueError("a bucket has at least one day / 每段至少一天")

    @property
    def names(self) -> tuple[str, ...]:
        """What is not due yet, then the buckets, the oldest last."""
        spans = [
            f"{first}-{last}" for first, last in zip(self.firsts, self.last_days, strict=False)
        ]
        return ("not-due", *spans, f"over-{self.last_days[-1]}")

    @property
    def firsts(self) -> tuple[int, ...]:
        """First day overdue of each bucket but the one that is not due."""
        return (1, *(last + 1 for last in self.last_days))

    def name_of(self, days_overdue: int) -> str:
        """The bucket of what is that many days overdue; zero and less is not due."""
        if days_overdue <= 0:
            return self.names[0]
        passed = sum(days_overdue > last for last in self.last_days)
        return self.names[1 + passed]
