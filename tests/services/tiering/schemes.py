"""The shipped schemes, and inputs for them, as every test of tiering uses them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from services.tiering.domain.policies import (
    GoverningSchemes,
    ScoringCalendar,
    ShippedSchemes,
    TierChanges,
    TransitionRule,
)
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.scoring.scoring import FactorInput, Input, Score, UnitRevenue, score
from shared import presets

KINDS = (GoverningSchemes, ScoringCalendar, ShippedSchemes, TierChanges)
CUT_OFF = date(2025, 12, 31)


@cache
def shipped(preset: str, name: str) -> Scheme:
    """The scheme called `name` of a shipped preset."""
    for entry in presets.shipped("services.tiering", preset, KINDS).entries:
        if isinstance(entry.policy, ShippedSchemes):
            for scheme in entry.policy.schemes:
                if scheme.name == name:
                    return scheme
    raise LookupError(name)


def post_2005() -> Scheme:
    """Points: revenue and share, credit named and not counted."""
    return shipped("guangdong-post-2005", "guangdong-post-2005")


def post_2012() -> Scheme:
    """Bands: VIP, gold, platinum."""
    return shipped("city-post-2012", "city-post-2012")


def retail() -> Scheme:
    """Bands: A to E by accumulated spend."""
    return shipped("retail", "retail-members")


def rule(
    *,
    allows_demotion: bool = True,
    margin: str = "0",
    grace_periods: int = 0,
    demotes_within_period: bool = False,
    may_backdate: bool = False,
) -> TransitionRule:
    """A transition rule for every scheme."""
    return TransitionRule(
        scheme="*",
        allows_demotion=allows_demotion,
        demotes_within_period=demotes_within_period,
        demotion_margin=Decimal(margin),
        grace_periods=grace_periods,
        effective="on_approval",
        may_backdate=may_backdate,
    )


def money(amount: Decimal | str) -> Input:
    """Revenue of the amount, in yuan."""
    return Input(Decimal(amount), "CNY", "dakehu.billing.revenue_posted.v1", CUT_OFF, 1)


def unit_revenue(amount: Decimal | str) -> UnitRevenue:
    """The city bureau's revenue of the year."""
    return UnitRevenue(
        "440100", None, 2025, Decimal(amount), "finance", "UR-1", date(2026, 1, 5), 1
    )


def scored(scheme: Scheme, revenue: Decimal | str, whole: Decimal | str = "1") -> Score:
    """The score of a customer with `revenue`, where its city bureau earned `whole`."""
    amount = money(revenue)
    return score(
        scheme,
        {
            factor.name: FactorInput(
                amount, unit_revenue(whole) if factor.measure.denominator else None
            )
            for factor in scheme.counted
        },
    )
