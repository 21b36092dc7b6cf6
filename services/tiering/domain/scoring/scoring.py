"""From input values to points, raw score and tier: pure, exact, the same anywhere (T-31)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.tiering.domain.schemes.schemes import Factor, Scheme, Tier


@dataclass(frozen=True)
class Input:
    """One value that a score takes in, with its source and date (T-29).

    `value` in the unit `unit` ("CNY", "kwh"); `source` names the event it was taken from; `on` is
    the last day it takes in; `count` is how many facts it sums.
    """

    value: Decimal
    unit: str
    source: str
    on: date
    count: int


@dataclass(frozen=True)
class UnitRevenue:
    """A unit's revenue of a year as one report of another system says it (C23).

    `amount` in the site's currency; `business_line` None means all lines; `version` counts the
    reports of the same unit, line and year.
    """

    unit: str
    business_line: str | None
    year: int
    amount: Decimal
    system: str
    ref: str
    reported_on: date
    version: int


@dataclass(frozen=True)
class FactorInput:
    """What one factor looks at: its value and, for a share, what it is divided by (C23)."""

    value: Input
    denominator: UnitRevenue | None = None


@dataclass(frozen=True)
class FactorScore:
    """What one factor contributed.

    `value` is exact; `uncapped` the points by proportion alone, `points` those that count.
    """

    factor: Factor
    input: FactorInput | None
    value: Fraction | None
    uncapped: Fraction
    points: Fraction
    limited_by: Literal["cap", "floor"] | None


@dataclass(frozen=True)
class Distance:
    """How far the raw score lies above (positive) or below (negative) a tier's lower border."""

    tier: str
    lower: Decimal
    distance: Fraction


@dataclass(frozen=True)
class Score:
    """A score with all that it rests on; `tier` None is below every tier."""

    factors: tuple[FactorScore, ...]
    raw: Fraction
    tier: Tier | None
    is_above_range: bool
    distances: tuple[Distance, ...]


def score(scheme: Scheme, inputs: Mapping[str, FactorInput]) -> Score:
    """Score one customer from the inputs of the counted factors, by factor name.

    The tier is decided on the unrounded raw score, lower borders included (T-04, C3). Raises
    KeyError when the input of a counted factor is missing.
    """
    contribution = _measured if scheme.kind == "bands" else _weighed
    factors = tuple(contribution(factor, inputs) for factor in scheme.factors)
    raw = sum((scored.points for scored in factors), Fraction(0))
    tier = tier_of(scheme, raw)
    return Score(
        factors,
        raw,
        tier,
        tier is not None and tier.range_to is not None and raw > Fraction(tier.range_to),
        tuple(Distance(t.name, t.lower, raw - Fraction(t.lower)) for t in scheme.tiers),
    )


def tier_of(scheme: Scheme, raw: Fraction) -> Tier | None:
    """The highest tier whose lower border `raw` reaches; None when it reaches none."""
    return next((tier for tier in scheme.tiers if raw >= Fraction(tier.lower)), None)


def linear_points(value: Fraction, weight: Decimal, full_at: Decimal) -> Fraction:
    """Points in proportion to `value`, `weight` of them at `full_at`, without a limit."""
    return value * Fraction(weight) / Fraction(full_at)


def _weighed(factor: Factor, inputs: Mapping[str, FactorInput]) -> FactorScore:
    if not factor.is_counted:
        return FactorScore(factor, None, None, Fraction(0), Fraction(0), None)
    if factor.full_at is None:
        raise ValueError(f"{factor.name} has weight and no value of full points")
    taken = inputs[factor.name]
    value = _value(taken)
    uncapped = linear_points(value, factor.weight, factor.full_at)
    points = min(max(uncapped, Fraction(0)), Fraction(factor.weight))
    limited_by: Literal["cap", "floor"] | None = None
    if points != uncapped:
        limited_by = "cap" if uncapped > points else "floor"
    return FactorScore(factor, taken, value, uncapped, points, limited_by)


def _measured(factor: Factor, inputs: Mapping[str, FactorInput]) -> FactorScore:
    taken = inputs[factor.name]
    value = _value(taken)
    return FactorScore(factor, taken, value, value, value, None)


def _value(taken: FactorInput) -> Fraction:
    value = Fraction(taken.value.value)
    return value if taken.denominator is None else value / Fraction(taken.denominator.amount)
