"""T-30: promotions at once, demotions by rule, with hysteresis and grace."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.policies import TransitionRule
from services.tiering.domain.tiers.transitions import Reached, Standing, Transition, decide
from tests.services.tiering.schemes import post_2005, post_2012, rule, shipped

STRICT = rule()


def decided(
    rule_: TransitionRule, present: str | None, raw: str, tier: str, below: int = 0
) -> Transition:
    return decide(post_2005(), rule_, Standing(present), reached(raw, tier, below))


def reached(
    raw: str | Fraction, tier: str | None, below: int = 0, is_period_over: bool = True
) -> Reached:
    return Reached(Fraction(raw), tier, is_period_over, below)


def test_a_customer_never_placed_is_proposed_its_first_tier() -> None:
    first = decide(post_2005(), STRICT, None, reached("85", "gold"))
    assert first == Transition("first", None, "gold")
    assert first.is_proposed


def test_a_customer_never_placed_and_below_all_bands_is_left_alone() -> None:
    assert not decide(post_2012(), STRICT, None, reached("9999", None)).is_proposed


def test_the_same_tier_again_proposes_nothing() -> None:
    assert not decided(STRICT, "gold", "80", "gold").is_proposed


def test_a_promotion_is_proposed_whatever_the_hysteresis() -> None:
    careful = rule(margin="5", grace_periods=3)
    assert decided(careful, "gold", "90", "diamond") == Transition("promotion", "gold", "diamond")


def test_a_demotion_is_proposed_when_nothing_holds_it() -> None:
    assert decided(STRICT, "gold", "79.99", "silver") == Transition("demotion", "gold", "silver")


def test_within_the_margin_the_tier_is_held_and_at_its_edge_too() -> None:
    careful = rule(margin="2")
    assert decided(careful, "gold", "78", "silver").held_by == "within-margin"
    assert decided(careful, "gold", "77.999", "silver").kind == "demotion"


def test_grace_periods_are_waited_for() -> None:
    graceful = rule(grace_periods=2)
    assert decided(graceful, "gold", "75", "silver", below=0).held_by == "grace"
    assert decided(graceful, "gold", "75", "silver", below=1).held_by == "grace"
    assert decided(graceful, "gold", "75", "silver", below=2).kind == "demotion"


def test_a_period_that_is_not_over_promotes_and_does_not_demote() -> None:
    half_year = reached("75", "silver", is_period_over=False)
    held = decide(post_2005(), STRICT, Standing("gold"), half_year)
    assert held.held_by == "period-not-over"
    impatient = rule(demotes_within_period=True)
    assert decide(post_2005(), impatient, Standing("gold"), half_year).kind == "demotion"
    risen = reached("95", "diamond", is_period_over=False)
    assert decide(post_2005(), STRICT, Standing("gold"), risen).kind == "promotion"


def test_where_no_tier_is_lost_by_score_it_is_held() -> None:
    held = decided(rule(allows_demotion=False), "gold", "10", "ordinary")
    assert (held.kind, held.after, held.held_by) == ("held", "gold", "demotion-not-allowed")


def test_falling_below_every_band_is_a_demotion_to_no_tier() -> None:
    fallen = decide(post_2012(), STRICT, Standing("vip"), reached("5", None))
    assert fallen == Transition("demotion", "vip", None)


def test_rising_from_no_tier_is_a_promotion() -> None:
    risen = decide(post_2012(), STRICT, Standing(None), reached("10000", "vip"))
    assert risen.kind == "promotion"


def test_a_tier_that_the_new_version_lacks_is_redefined() -> None:
    assert decided(STRICT, "platinum", "85", "gold").kind == "redefined"


@given(st.fractions(min_value=0, max_value=100), st.sampled_from(["diamond", "gold", "silver"]))
def test_with_any_hysteresis_a_customer_is_never_lower_than_without(
    raw: Fraction, present: str
) -> None:
    scheme = post_2005()
    tier = next(tier.name for tier in scheme.tiers if raw >= Fraction(tier.lower))
    without = decide(scheme, STRICT, Standing(present), reached(raw, tier))
    with_it = decide(
        scheme, rule(margin="3", grace_periods=1), Standing(present), reached(raw, tier)
    )
    assert scheme.rank(with_it.after) <= scheme.rank(without.after)


def test_utility_bands_have_a_single_step() -> None:
    scheme = shipped("utility", "power-capacity")
    assert decide(scheme, STRICT, None, reached("2000", "key")).kind == "first"
