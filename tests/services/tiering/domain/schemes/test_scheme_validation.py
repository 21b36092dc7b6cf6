"""C4 and T-28: what is wrong with a scheme is found before it is activated."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from services.tiering.domain.schemes.scheme_validation import (
    SchemeNotValid,
    require_valid,
    validate,
)
from services.tiering.domain.schemes.schemes import Denominator, Factor, Scheme, Tier, Window
from shared import presets
from tests.services.tiering.schemes import KINDS, post_2005, post_2012, shipped


def codes(scheme: Scheme) -> set[str]:
    return {finding.code for finding in validate(scheme) if finding.severity == "error"}


def with_factor(scheme: Scheme, index: int, **changes: object) -> Scheme:
    factors: list[Factor] = list(scheme.factors)
    factors[index] = replace(factors[index], **changes)  # type: ignore[arg-type]  # test shorthand
    return replace(scheme, factors=tuple(factors))


def test_every_shipped_scheme_is_valid() -> None:
    for preset in presets.names("services.tiering"):
        for entry in presets.shipped("services.tiering", preset, KINDS).entries:
            for scheme in getattr(entry.policy, "schemes", ()):
                assert validate(scheme) == ()


def test_counted_weights_sum_to_a_hundred_and_a_weight_of_zero_is_no_part_of_it() -> None:
    assert codes(post_2005()) == set()
    assert codes(with_factor(post_2005(), 0, weight=Decimal("59.99"))) == {"weights-do-not-sum"}
    assert codes(with_factor(post_2005(), 0, weight=Decimal("60.01"))) == {"weights-do-not-sum"}


def test_giving_credit_weight_without_taking_it_elsewhere_breaks_the_sum() -> None:
    heavier = with_factor(post_2005(), 2, weight=Decimal(10), full_at=Decimal(100))
    assert codes(heavier) == {"weights-do-not-sum"}
    assert codes(with_factor(heavier, 0, weight=Decimal(50))) == set()


def test_a_counted_factor_says_when_it_has_full_points() -> None:
    assert codes(with_factor(post_2005(), 0, full_at=None)) == {"full-points-missing"}
    assert codes(with_factor(post_2005(), 0, full_at=Decimal(0))) == {"full-points-missing"}


def test_a_negative_weight_is_found() -> None:
    assert "weight-negative" in codes(with_factor(post_2005(), 2, weight=Decimal(-1)))


def test_a_share_names_its_denominator_and_nothing_else_does() -> None:
    share = post_2005().factors[1].measure
    missing = with_factor(post_2005(), 1, measure=replace(share, denominator=None))
    assert codes(missing) == {"denominator-and-share"}
    revenue = replace(post_2005().factors[0].measure, denominator=share.denominator)
    assert codes(with_factor(post_2005(), 0, measure=revenue)) == {"denominator-and-share"}


def test_a_specialty_as_denominator_names_its_line() -> None:
    share = post_2005().factors[1].measure
    without = replace(share, denominator=Denominator("specialty", "city"))
    named = replace(share, denominator=Denominator("specialty", "city", "express"))
    superfluous = replace(share, denominator=Denominator("city_bureau", "city", "express"))
    assert codes(with_factor(post_2005(), 1, measure=without)) == {"denominator-line"}
    assert codes(with_factor(post_2005(), 1, measure=named)) == set()
    assert codes(with_factor(post_2005(), 1, measure=superfluous)) == {"denominator-line"}


def test_usage_names_its_metric_and_how_it_is_read() -> None:
    usage = shipped("utility", "power-consumption")
    measure = usage.factors[0].measure
    unread = with_factor(usage, 0, measure=replace(measure, reading=None))
    assert codes(unread) == {"metric-and-usage"}
    metered_money = replace(post_2012().factors[0].measure, metric="kwh")
    assert codes(with_factor(post_2012(), 0, measure=metered_money)) == {"metric-and-usage"}


def test_borders_fall_from_the_highest_tier_to_the_lowest() -> None:
    tiers = post_2005().tiers
    equal = replace(post_2005(), tiers=(tiers[0], replace(tiers[1], lower=tiers[0].lower)))
    assert "borders-not-falling" in codes(equal)
    assert "borders-not-falling" in codes(replace(post_2005(), tiers=tuple(reversed(tiers))))


def test_a_scheme_of_points_places_everybody_within_its_reach() -> None:
    tiers = post_2005().tiers
    assert codes(replace(post_2005(), tiers=tiers[:3])) == {"points-without-tier"}
    unreachable = (replace(tiers[0], lower=Decimal("100.01")), *tiers[1:])
    assert codes(replace(post_2005(), tiers=unreachable)) == {"border-out-of-reach"}


def test_only_the_highest_band_has_an_upper_end_above_its_border() -> None:
    platinum, gold, vip = post_2012().tiers
    on_gold = replace(gold, range_to=Decimal("999999.99"))
    assert codes(replace(post_2012(), tiers=(platinum, on_gold, vip))) == {"range-not-above"}
    empty = replace(platinum, range_to=platinum.lower)
    assert codes(replace(post_2012(), tiers=(empty, gold, vip))) == {"range-not-above"}


def test_bands_have_one_factor_and_no_points() -> None:
    bands = post_2012()
    second = replace(bands.factors[0], name="other", weight=Decimal(0))
    assert codes(replace(bands, factors=(*bands.factors, second))) == {"bands-of-several-factors"}
    assert codes(with_factor(bands, 0, full_at=Decimal(1))) == {"bands-with-points"}


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (Window("rolling"), "window-without-months"),
        (Window("rolling", 0), "window-without-months"),
        (Window("year", 12), "window-with-months"),
    ],
)
def test_only_a_rolling_window_has_months(window: Window, code: str) -> None:
    assert codes(replace(post_2012(), window=window)) == {code}


def test_a_yearly_denominator_under_another_window_is_a_warning_only() -> None:
    rolling = replace(post_2005(), window=Window("rolling", 12))
    assert {finding.code for finding in validate(rolling)} == {"share-of-a-year"}
    require_valid(rolling)


def test_names_travel_in_events_and_are_plain_words() -> None:
    assert codes(replace(post_2005(), name="广东 2005")) == {"name-not-a-word"}
    tiers = (Tier("Gold!", "黄金", "Gold", Decimal(1)),)
    assert codes(replace(post_2012(), tiers=tiers)) == {"name-not-a-word"}


@pytest.mark.parametrize(
    ("number", "is_in_range"),
    [
        ("999999999999999.999999999999", True),
        ("1000000000000000", False),
        ("0.0000000000001", False),
        ("1e999999999", False),
    ],
)
def test_a_number_out_of_all_range_is_found(number: str, is_in_range: bool) -> None:
    found = codes(with_factor(post_2005(), 0, full_at=Decimal(number)))
    assert found == (set() if is_in_range else {"number-out-of-range"})


def test_names_are_not_used_twice() -> None:
    tier = post_2012().tiers
    twice = (tier[0], replace(tier[1], name=tier[0].name), tier[2])
    assert codes(replace(post_2012(), tiers=twice)) == {"tier-twice"}
    assert "factor-twice" in codes(with_factor(post_2005(), 1, name="revenue"))


def test_a_scheme_without_tiers_or_customers_is_no_scheme() -> None:
    assert codes(replace(post_2012(), tiers=(), states=())) == {"no-tiers", "no-population"}
    assert codes(replace(post_2012(), shown_places=7)) == {"shown-places"}


def test_an_invalid_scheme_is_refused_with_the_place_of_its_first_error() -> None:
    with pytest.raises(SchemeNotValid) as refused:
        require_valid(with_factor(post_2005(), 0, weight=Decimal(50)))
    assert refused.value.pointer == "/factors"
    assert refused.value.facts["findings"] == ["weights-do-not-sum"]
