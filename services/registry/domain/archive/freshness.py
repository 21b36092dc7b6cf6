"""How often an archive has to be brought up to date, by tier (R-67, C6)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar
from uuid import UUID

from shared.errors import Advice


@dataclass(frozen=True)
class TierRhythm:
    """Months between two updates by tier of one scheme; `tiers` names all, the best first."""

    scheme: str
    tiers: Sequence[str]
    months: Mapping[str, int]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.months) - set(self.tiers))
        if unknown:
            raise ValueError(f"方案没有等级 {unknown} / the scheme has no tiers {unknown}")
        if any(months < 1 for months in self.months.values()):
            raise ValueError("周期至少一个月 / a period is a month at least")


@dataclass(frozen=True)
class ArchiveFreshness:
    """R-67. A customer with tiers in several schemes goes by the shortest period.

    `otherwise_months` holds for customers whose tiers say nothing; without it they have no period
    and are listed so. `confirming_counts`: confirming that nothing changed is an update.
    """

    policy_name: ClassVar[str] = "archive-freshness"

    schemes: Sequence[TierRhythm]
    otherwise_months: int | None = None
    confirming_counts: bool = True

    def rules(self) -> list[tuple[str, str, int]]:
        """Scheme, tier and months of every rule."""
        return [
            (rhythm.scheme, tier, rhythm.months[tier])
            for rhythm in self.schemes
            for tier in rhythm.tiers
            if tier in rhythm.months
        ]

    def advice(self) -> list[Advice]:
        """Where a better tier is to be updated less often than a worse one (C6)."""
        return [
            _inverted(rhythm, better, worse)
            for rhythm in self.schemes
            for better, worse in _neighbours(rhythm)
            if rhythm.months[better] > rhythm.months[worse]
        ]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A decision: the file should have been updated by `due_on`, and was not (R-67).

    Counted from the last update, or from the opening of the file while there was none.
    """

    customer_key: UUID
    counted_from_on: date
    version: int
    months: int
    due_on: date
    noticed_on: date
    updated_on: date | None
    custodian: str | None


def months_between(policy: ArchiveFreshness, tiers: Iterable[tuple[str, str | None]]) -> int | None:
    """The period for a customer with these (scheme, tier) pairs; None when nothing says (R-67)."""
    rules = {(scheme, tier): months for scheme, tier, months in policy.rules()}
    found = [rules[scheme, tier] for scheme, tier in tiers if tier and (scheme, tier) in rules]
    return min(found) if found else policy.otherwise_months


def due_on(updated_on: date, months: int) -> date:
    """The last day on which the next update is in time; a shorter month ends earlier (R-67)."""
    index = updated_on.year * 12 + updated_on.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(updated_on.day, last))


def _neighbours(rhythm: TierRhythm) -> Iterable[tuple[str, str]]:
    ordered = [tier for tier in rhythm.tiers if tier in rhythm.months]
    return pairwise(ordered)


def _inverted(rhythm: TierRhythm, better: str, worse: str) -> Advice:
    slow, fast = rhythm.months[better], rhythm.months[worse]
    return Advice(
        code="inverted-rhythm",
        rule="C6",
        zh=f"{rhythm.scheme}：{better} 高于 {worse}，却每 {slow} 个月才更新一次，"
        f"而 {worse} 每 {fast} 个月一次",
        en=f"{rhythm.scheme}: {better} stands above {worse}, yet is updated every {slow} months"
        f" and {worse} every {fast}",
    )
