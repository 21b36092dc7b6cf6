"""What a site decides about tiers apart from the schemes themselves: policies, as data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from services.tiering.domain.schemes.schemes import Scheme

EVERY_SCHEME = "*"


@dataclass(frozen=True)
class TransitionRule:
    """How one scheme's tiers may change (T-30).

    A demotion is proposed only when the raw score lies more than `demotion_margin` (points, or the
    measure's unit) below the present tier's border and has been below it for `grace_periods`
    periods before; a period that is not over proposes one only if `demotes_within_period`. Without
    `allows_demotion` a tier is never lost by score (C25). An approved tier takes effect on the day
    of approval or with the next month, unless the approver names a day; a day before the approval
    only if `may_backdate`.
    """

    scheme: str
    allows_demotion: bool
    demotes_within_period: bool
    demotion_margin: Decimal
    grace_periods: int
    effective: Literal["on_approval", "next_month"]
    may_backdate: bool


@dataclass(frozen=True)
class TierChanges:
    """The transition rules of all schemes; the rule for "*" holds where a scheme has none."""

    policy_name: ClassVar[str] = "tier-changes"

    rules: tuple[TransitionRule, ...]

    def __post_init__(self) -> None:
        names = [rule.scheme for rule in self.rules]
        if EVERY_SCHEME not in names or len(set(names)) < len(names):
            raise ValueError(
                f"须有一条适用于所有方案（{EVERY_SCHEME}）的规则，且每个方案最多一条 / "
                f"one rule is for every scheme ({EVERY_SCHEME}), and no scheme has two"
            )
        if any(rule.grace_periods < 0 or rule.demotion_margin < 0 for rule in self.rules):
            raise ValueError(
                "缓冲期数和降级余量不能为负 / grace periods and margins cannot be negative"
            )

    def rule_for(self, scheme: str) -> TransitionRule:
        """The scheme's own rule, or the one for every scheme."""
        by_name = {rule.scheme: rule for rule in self.rules}
        return by_name.get(scheme, by_name[EVERY_SCHEME])


@dataclass(frozen=True)
class RuleInForce:
    """The rule for one scheme, and the version of `tier-changes` that it stands in."""

    rule: TransitionRule
    policy_version: int


@dataclass(frozen=True)
class GoverningSchemes:
    """Which scheme decides which consequence: managers, cadence, discounts, credit (C1, C5)."""

    policy_name: ClassVar[str] = "governing-schemes"

    scheme_of: Mapping[str, str]

    def governed_by(self, scheme: str) -> tuple[str, ...]:
        """The consequences that `scheme` decides, sorted."""
        return tuple(sorted(what for what, name in self.scheme_of.items() if name == scheme))

    def by_scheme(self) -> dict[str, tuple[str, ...]]:
        """What each scheme that decides anything decides."""
        return {scheme: self.governed_by(scheme) for scheme in set(self.scheme_of.values())}


@dataclass(frozen=True)
class ScoringDate:
    """A day on which a scheme's last full period is scored by itself.

    `every` year on `month` and `day`, or every month on `day`; a day that a month lacks means its
    last one.
    """

    scheme: str
    every: Literal["year", "month"]
    day: int
    month: int | None = None

    def __post_init__(self) -> None:
        if (self.every == "year") != (self.month is not None):
            raise ValueError(
                "每年一次须说明月份，每月一次不说明 / a yearly date names its month, a monthly none"
            )
        if not 1 <= self.day <= 31 or not 1 <= (self.month or 1) <= 12:
            raise ValueError("没有这样的月或日 / no such month or day")

    def falls_on(self, on: date) -> bool:
        """Whether `on` is such a day."""
        if self.month is not None and on.month != self.month:
            return False
        return on.day == min(self.day, monthrange(on.year, on.month)[1])


@dataclass(frozen=True)
class ScoringCalendar:
    """When schemes are scored without anybody asking."""

    policy_name: ClassVar[str] = "scoring-calendar"

    dates: tuple[ScoringDate, ...]

    def due_on(self, on: date) -> tuple[str, ...]:
        """The schemes to be scored on `on`, each once, sorted."""
        return tuple(sorted({entry.scheme for entry in self.dates if entry.falls_on(on)}))


@dataclass(frozen=True)
class ShippedSchemes:
    """Schemes that a preset brings along; each becomes a version from the policy's first day."""

    policy_name: ClassVar[str] = "shipped-schemes"

    schemes: tuple[Scheme, ...]
