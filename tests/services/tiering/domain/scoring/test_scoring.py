"""T-01 to T-06: points, shares, borders; the test vectors V1 to V8 of the 2005 scheme."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.exact import rounded
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.scoring.scoring import FactorInput, score, tier_of
from tests.services.tiering.schemes import (
    money,
    post_2005,
    post_2012,
    retail,
    scored,
    unit_revenue,
)

VECTORS = [
    ("V1", "1000000", "3.0000", "60", "40", "100", "diamond"),
    ("V2", "500000", "1.0", "30", Fraction(40, 3), Fraction(130, 3), "ordinary"),
    ("V3", "1500000", "1.5", "60", "20", "80", "gold"),
    ("V4", "1000000", "2.25", "60", "30", "90", "diamond"),
    ("V5", "833333.33", "2.25", "49.9999998", "30", "79.9999998", "silver"),
    ("V6", "1000000", "2.2499", "60", Fraction("89.996") / 3, Fraction("269.996") / 3, "gold"),
    ("V7", "1000000", "0.75", "60", "10", "70", "silver"),
    ("V8", "0", "0", "0", "0", "0", "ordinary"),
]


@pytest.mark.parametrize(
    ("name", "revenue", "per_mille", "revenue_part", "share_part", "total", "tier"), VECTORS
)
def test_the_vectors_of_the_2005_scheme_hold(
    name: str,
    revenue: str,
    per_mille: str,
    revenue_part: str | Fraction,
    share_part: str | Fraction,
    total: str | Fraction,
    tier: str,
) -> None:
    scheme = post_2005()
    # The share is a ratio: revenue over a denominator. Here the denominator is a thousand, so that
    # a numerator of Y is a share of Y per mille exactly.
    result = score(
        scheme,
        {
            "revenue": FactorInput(money(revenue)),
            "share": FactorInput(money(per_mille), unit_revenue("1000")),
        },
    )
    by_name = {part.factor.name: part.points for part in result.factors}
    assert by_name["revenue"] == Fraction(revenue_part)
    assert by_name["share"] == Fraction(share_part)
    assert result.raw == Fraction(total)
    assert result.tier is not None and result.tier.name == tier, name


def test_v5_prints_80_and_is_silver_since_the_tier_is_decided_unrounded() -> None:
    result = score(
        post_2005(),
        {
            "revenue": FactorInput(money("833333.33")),
            "share": FactorInput(money("2.25"), unit_revenue("1000")),
        },
    )
    assert str(rounded(result.raw, post_2005().shown_places)) == "80.00"
    assert result.tier is not None and result.tier.name == "silver"


def test_credit_is_named_and_not_counted() -> None:
    credit = scored(post_2005(), "1000000").factors[2]
    assert credit.factor.name == "credit"
    assert credit.points == 0 and credit.input is None


def test_a_share_is_divided_exactly_by_the_denominator() -> None:
    result = scored(post_2005(), "1000000", "700000000")
    share = result.factors[1]
    assert share.value == Fraction(1, 700)
    assert share.points == Fraction(1, 700) * 40 / Fraction("0.003")
    assert share.limited_by is None


def test_revenue_beyond_the_full_mark_is_capped_and_says_so() -> None:
    revenue = scored(post_2005(), "1500000").factors[0]
    assert revenue.uncapped == 90 and revenue.points == 60
    assert revenue.limited_by == "cap"


def test_revenue_at_the_full_mark_is_not_called_capped() -> None:
    assert scored(post_2005(), "1000000").factors[0].limited_by is None


def test_a_customer_below_zero_by_reversals_has_no_negative_points() -> None:
    result = scored(post_2005(), "-5000")
    assert result.raw == 0
    assert result.factors[0].limited_by == "floor"
    assert result.factors[0].uncapped < 0


@pytest.mark.parametrize(
    ("raw", "tier"),
    [
        ("90", "diamond"),
        ("89.99999999999999999999", "gold"),
        ("80", "gold"),
        ("79.99999999999999999999", "silver"),
        ("70", "silver"),
        ("69.99999999999999999999", "ordinary"),
        ("0", "ordinary"),
    ],
)
def test_a_border_belongs_to_the_higher_tier(raw: str, tier: str) -> None:
    found = tier_of(post_2005(), Fraction(raw))
    assert found is not None and found.name == tier


@pytest.mark.parametrize(
    ("spend", "tier", "is_above_range"),
    [
        ("9999.99", None, False),
        ("10000", "vip", False),
        ("499999.99", "vip", False),
        ("500000", "gold", False),
        ("999999.99", "gold", False),
        ("1000000", "platinum", False),
        ("5000000", "platinum", False),
        ("5000000.01", "platinum", True),
    ],
)
def test_city_post_bands_include_their_lower_border_and_flag_what_lies_above(
    spend: str, tier: str | None, is_above_range: bool
) -> None:
    result = scored(post_2012(), spend)
    assert (result.tier.name if result.tier else None) == tier
    assert result.is_above_range is is_above_range


@pytest.mark.parametrize(
    ("spend", "tier"),
    [
        ("1500000.00", "a"),
        ("1499999.99", "b"),
        ("1000000", "b"),
        ("999999.99", "c"),
        ("800000", "c"),
        ("500000", "d"),
        ("150000", "e"),
        ("149999.99", None),
    ],
)
def test_retail_tiers_include_their_lower_border(spend: str, tier: str | None) -> None:
    result = scored(retail(), spend)
    assert (result.tier.name if result.tier else None) == tier


def test_distances_say_how_far_every_border_is() -> None:
    result = scored(post_2012(), "600000")
    assert {d.tier: d.distance for d in result.distances} == {
        "platinum": -400000,
        "gold": 100000,
        "vip": 590000,
    }


def test_credit_counts_as_soon_as_its_weight_says_so() -> None:
    scheme = post_2005()
    revenue, share, credit = scheme.factors
    weighed = replace(
        scheme,
        factors=(
            replace(revenue, weight=Decimal(50)),
            share,
            replace(credit, weight=Decimal(10), full_at=Decimal(100)),
        ),
    )
    result = score(
        weighed,
        {
            "revenue": FactorInput(money("1000000")),
            "share": FactorInput(money("3"), unit_revenue("1000")),
            "credit": FactorInput(money("80")),
        },
    )
    assert result.raw == 98


AMOUNTS = st.decimals(min_value="-10000000", max_value="10000000", places=2)
SCHEMES = st.sampled_from([post_2005(), post_2012(), retail()])


@given(SCHEMES, AMOUNTS, AMOUNTS, st.decimals(min_value="1", max_value="1e12", places=2))
def test_more_revenue_never_means_a_lower_score_or_tier(
    scheme: Scheme, one: Decimal, other: Decimal, whole: Decimal
) -> None:
    less, more = sorted((one, other))
    lower, higher = scored(scheme, less, whole), scored(scheme, more, whole)
    assert lower.raw <= higher.raw
    rank_of_lower = scheme.rank(lower.tier.name if lower.tier else None)
    assert scheme.rank(higher.tier.name if higher.tier else None) <= rank_of_lower


@given(SCHEMES, st.data())
def test_at_a_border_one_is_in_the_tier_and_just_below_it_one_is_not(
    scheme: Scheme, data: st.DataObject
) -> None:
    tier = data.draw(st.sampled_from(scheme.tiers))
    below_by = data.draw(st.fractions(min_value=0, max_value=1).filter(lambda f: f > 0))
    assert tier_of(scheme, Fraction(tier.lower)) == tier
    below = tier_of(scheme, Fraction(tier.lower) - below_by)
    assert scheme.rank(below.name if below else None) > scheme.rank(tier.name)


@given(AMOUNTS, st.decimals(min_value="1", max_value="1e12", places=2))
def test_a_score_lies_between_nothing_and_the_whole_weight(
    revenue: Decimal, whole: Decimal
) -> None:
    result = scored(post_2005(), revenue, whole)
    assert 0 <= result.raw <= 100
    assert result.raw == sum(part.points for part in result.factors)
    assert result.tier is not None
