"""Discounts: steps in order by different people, ceilings by tier, what they take off a charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.concessions.discount_refusals import (
    DiscountNotPending,
    DiscountTooHigh,
    NoDiscountForTier,
    NotYourStep,
    SamePerson,
    StepOutOfTurn,
)
from services.billing.domain.concessions.discount_rules import DiscountRules, Step
from services.billing.domain.concessions.discounts import (
    Actor,
    Discount,
    State,
    ceiling,
    check_period,
    refuse,
    require_step,
    take_step,
    withdraw,
)
from services.billing.domain.concessions.grants import (
    BilledCharge,
    best,
    difference,
    full,
    granted,
)
from shared.errors import Invalid

RULES = DiscountRules(
    scheme="post-2005",
    ceilings={"gold": Decimal("0.10"), "silver": Decimal("0.05")},
    steps=(
        Step("apply", ("account_manager",), ("county",)),
        Step("approve", ("specialty",), by_specialty=True),
        Step("register", ("market_department",)),
    ),
    longest_days=366,
)
DAY = date(2026, 3, 1)
COUNTY = Actor("T001", ("account_manager",), "GZ-TH", "county")
BUREAU = Actor("P007", ("specialty",), "GD-EMS", "city")
MARKET = Actor("P006", ("market_department",), "GD", "province")


def discount(rate: str = "0.10", **more: object) -> Discount:
    own = Discount(
        discount_id=UUID(int=5),
        customer_key=UUID(int=1),
        business_line="express",
        rate=Decimal(rate),
        from_on=DAY,
        until_on=date(2026, 12, 31),
        reason="…",
        specialty_unit="GD-EMS",
        applied_by_unit="GZ-TH",
        scheme="post-2005",
        tier="gold",
        ceiling=Decimal("0.10"),
        policy_version=1,
    )
    return replace(own, **more)  # type: ignore[arg-type]


IN_FORCE = discount(state=State.IN_FORCE, steps_taken=3)


def test_three_people_give_a_discount_in_order_b_26() -> None:
    approved = take_step(discount(), "approve", BUREAU, {"T001"}, RULES, "gold")
    assert (approved.state, approved.steps_taken) == (State.PENDING, 2)
    given = take_step(approved, "register", MARKET, {"T001", "P007"}, RULES, "gold")
    assert (given.state, given.version) == (State.IN_FORCE, 3)
    with pytest.raises(DiscountNotPending):
        take_step(given, "register", MARKET, (), RULES, "gold")


def test_no_step_comes_before_its_turn_b_26() -> None:
    with pytest.raises(StepOutOfTurn) as caught:
        take_step(discount(), "register", MARKET, {"T001"}, RULES, "gold")
    assert caught.value.facts["next"] == "approve"


def test_whoever_approves_is_not_the_applicant_b_26() -> None:
    both = Actor("T001", ("account_manager", "specialty"), "GD-EMS", "city")
    with pytest.raises(SamePerson):
        take_step(discount(), "approve", both, {"T001"}, RULES, "gold")
    with pytest.raises(SamePerson):
        refuse(discount(), both, {"T001"}, RULES)


@pytest.mark.parametrize(
    "actor",
    [
        Actor("X", ("account_manager",), "GZ-TH-01", "branch"),
        Actor("X", ("account_manager",), "GD", "province"),
        Actor("X", ("finance",), "GZ-TH", "county"),
        Actor("X", ("account_manager",), "?", None),
    ],
)
def test_the_county_applies_and_nobody_else_b_26(actor: Actor) -> None:
    require_step(RULES.steps[0], COUNTY)
    with pytest.raises(NotYourStep):
        require_step(RULES.steps[0], actor)


def test_a_tier_gets_at_most_its_ceiling_b_27() -> None:
    assert ceiling(Decimal("0.10"), "gold", RULES, 1) == Decimal("0.10")
    with pytest.raises(DiscountTooHigh) as caught:
        ceiling(Decimal("0.1001"), "gold", RULES, 1)
    assert caught.value.facts["limit"] == Decimal("0.10")
    for tier in ("ordinary", None):
        with pytest.raises(NoDiscountForTier):
            ceiling(Decimal("0.01"), tier, RULES, 1)


def test_the_tier_is_looked_at_again_with_every_step_b_27() -> None:
    with pytest.raises(DiscountTooHigh):
        take_step(discount(), "approve", BUREAU, {"T001"}, RULES, "silver")
    small = take_step(discount("0.05"), "approve", BUREAU, {"T001"}, RULES, "silver")
    assert (small.tier, small.ceiling) == ("silver", Decimal("0.05"))


def test_a_discount_begins_after_it_is_asked_for_and_ends_within_its_days_b_27() -> None:
    check_period(discount(until_on=DAY + timedelta(days=365)), DAY, RULES)
    check_period(discount(until_on=DAY), DAY, RULES)
    for wrong in (
        discount(until_on=DAY + timedelta(days=366)),
        discount(until_on=DAY - timedelta(days=1)),
        discount(from_on=DAY - timedelta(days=1)),
    ):
        with pytest.raises(Invalid):
            check_period(wrong, DAY, RULES)


def test_a_refused_one_is_over_b_26() -> None:
    refused = refuse(discount(), BUREAU, {"T001"}, RULES)
    assert (refused.state, refused.ever_holds) == (State.REFUSED, False)
    with pytest.raises(DiscountNotPending):
        withdraw(refused, DAY, DAY)


def test_a_withdrawn_one_keeps_what_it_gave_before_b_26() -> None:
    ended = withdraw(IN_FORCE, date(2026, 6, 1), date(2026, 5, 20))
    assert ended.covers("express", date(2026, 5, 31))
    assert not ended.covers("express", date(2026, 6, 1))
    with pytest.raises(Invalid):
        withdraw(IN_FORCE, date(2026, 5, 19), date(2026, 5, 20))
    assert not withdraw(IN_FORCE, DAY, DAY - timedelta(days=9)).ever_holds
    assert not withdraw(discount(), date(2026, 6, 1), DAY).ever_holds, "it was never given"


@pytest.mark.parametrize(
    ("line", "day", "holds"),
    [
        ("express", DAY, True),
        ("express", DAY - timedelta(days=1), False),
        ("express", date(2026, 12, 31), True),
        ("express", date(2027, 1, 1), False),
        ("letters", DAY, False),
    ],
)
def test_it_holds_for_its_line_from_its_first_to_its_last_day_b_27(
    line: str, day: date, *, holds: bool
) -> None:
    assert IN_FORCE.covers(line, day) is holds
    assert replace(IN_FORCE, business_line=None).covers("letters", DAY)
    assert not discount().covers("express", DAY), "nobody has given it yet"


def test_overlapping_is_a_matter_of_line_and_days_b_27() -> None:
    later = replace(IN_FORCE, from_on=date(2027, 1, 1), until_on=date(2027, 6, 30))
    assert not IN_FORCE.overlaps(later)
    assert IN_FORCE.overlaps(replace(later, from_on=date(2026, 12, 31)))
    assert not IN_FORCE.overlaps(replace(IN_FORCE, business_line="letters"))
    assert IN_FORCE.overlaps(replace(IN_FORCE, business_line=None))


def test_rules_have_two_steps_at_least_and_ceilings_below_everything() -> None:
    for wrong in (
        {"steps": RULES.steps[:1]},
        {"steps": (RULES.steps[0], RULES.steps[0])},
        {"ceilings": {"gold": Decimal(1)}},
        {"ceilings": {"gold": Decimal(0)}},
    ):
        with pytest.raises(ValueError, match="/"):
            replace(RULES, **wrong)


def charge(gross: str, cancelled: dict[date, str] | None = None) -> BilledCharge:
    days = {day: Decimal(amount) for day, amount in (cancelled or {}).items()}
    return BilledCharge(
        *(UUID(int=9), UUID(int=1), "erp", "C-1", "express"), Decimal(gross), DAY, days
    )


def test_a_discount_takes_its_rate_off_to_the_cent_b_27() -> None:
    third = replace(IN_FORCE, rate=Decimal("0.0333"))
    assert granted(third, charge("100.15")) == {DAY: Decimal("3.33")}
    assert granted(third, charge("0.10")) == {}


def test_a_cancelled_charge_gives_its_discount_back_on_that_day_b_27() -> None:
    june = date(2026, 6, 1)
    assert granted(IN_FORCE, charge("100", {june: "40"})) == {DAY: 10, june: -4}
    assert granted(IN_FORCE, charge("100", {DAY: "40"})) == {DAY: 6}
    assert granted(IN_FORCE, charge("100", {DAY: "100"})) == {}


def test_the_highest_of_two_holds_b_27() -> None:
    other = replace(IN_FORCE, discount_id=UUID(int=6), rate=Decimal("0.08"))
    for order in permutations((IN_FORCE, other, discount("0.90"))):
        assert best(order, charge("100")) is IN_FORCE
    assert best((), charge("100")) is None


_CENTS = st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100)
_DAYS = st.integers(0, 5).map(lambda days: DAY + timedelta(days=days))


@given(
    rate=st.integers(1, 9999).map(lambda parts: Decimal(parts) / 10_000),
    parts=st.lists(st.tuples(_DAYS, _CENTS), max_size=5),
    rest=_CENTS,
)
def test_what_is_left_of_a_discount_is_that_of_what_is_left_of_the_charge_b_27(
    rate: Decimal, parts: list[tuple[date, Decimal]], rest: Decimal
) -> None:
    cancelled: dict[date, Decimal] = {}
    for day, amount in parts:
        cancelled[day] = cancelled.get(day, Decimal(0)) + amount
    gross = rest + sum(cancelled.values())
    own = replace(IN_FORCE, rate=rate)
    whole, left = charge(str(gross)), charge(str(rest))
    grant = granted(own, replace(whole, cancelled=cancelled))
    assert sum(grant.values()) == full(own, left)
    assert difference({}, grant) == grant
    assert difference(grant, grant) == {}
