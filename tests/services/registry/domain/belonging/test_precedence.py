"""C16: ruling > type rule A-D > base and increment > lead report > default, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.belonging.precedence import (
    Claim,
    DatedPrecedence,
    RuleFamily,
    SplitPrecedence,
    decide,
    decisions,
    renewed,
)
from services.registry.domain.belonging.splits import Split, SplitRule, Terms, everything_to
from services.registry.domain.belonging.timelines import in_force

C16 = SplitPrecedence(tuple(RuleFamily))
ALWAYS = [DatedPrecedence(1, date(2005, 1, 1), C16)]
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
STRENGTH = [
    *(SplitRule.RULING, SplitRule.TYPE_B, SplitRule.BASE_INCREMENT),
    *(SplitRule.LEAD_REPORT, SplitRule.DEFAULT),
]


def claim(
    rule: SplitRule,
    unit: str = "GZ",
    from_on: date = JANUARY,
    until_on: date | None = None,
    order: int = 0,
) -> Claim:
    """One rule that gives everything to one unit."""
    ruling = UUID(int=order + 1) if rule is SplitRule.RULING else None
    return Claim(rule, Terms(everything_to(unit)), from_on, until_on, order, ruling)


@pytest.mark.parametrize("number", range(1, 6))
def test_c16_of_any_claims_the_strongest_decides_and_says_whom_it_overruled(number: int) -> None:
    for rules in combinations(STRENGTH, number):
        for arranged in (rules, rules[::-1]):
            decision = decide([claim(rule) for rule in arranged], MARCH, C16)
            assert decision is not None
            assert (decision.claim.rule, *decision.overruled) == rules


@pytest.mark.parametrize(
    "rule", [SplitRule.TYPE_A, SplitRule.TYPE_B, SplitRule.TYPE_C, SplitRule.TYPE_D]
)
def test_c16_every_type_stands_between_the_ruling_and_the_base(rule: SplitRule) -> None:
    assert C16.rank(SplitRule.RULING) == 0
    assert C16.rank(rule) == 1
    assert C16.rank(SplitRule.BASE_INCREMENT) == 2


def test_c16_a_site_may_choose_another_order_or_leave_a_rule_out() -> None:
    claims = [claim(SplitRule.LEAD_REPORT, "TH"), claim(SplitRule.BASE_INCREMENT, "GZ")]
    other = SplitPrecedence((RuleFamily.LEAD_REPORT, RuleFamily.BASE_INCREMENT))
    without = SplitPrecedence((RuleFamily.RULING, RuleFamily.LEAD_REPORT))
    assert [
        decision and (decision.claim.rule.value, [rule.value for rule in decision.overruled])
        for decision in (decide(claims, MARCH, order) for order in (C16, other, without))
    ] == [
        ("base-increment", ["lead-report"]),
        ("lead-report", ["base-increment"]),
        ("lead-report", []),
    ]


def test_of_two_rulings_the_later_one_decides_from_its_day_on() -> None:
    rulings = [
        claim(SplitRule.RULING, "GZ", JANUARY, order=1),
        claim(SplitRule.RULING, "SZ", MARCH, order=2),
    ]
    found = decisions(rulings, ALWAYS)
    assert [(day, each.claim.terms.base[0].unit) for day, each in found] == [
        (JANUARY, "GZ"),
        (MARCH, "SZ"),
    ]


def test_a_claim_holds_on_its_first_and_on_its_last_day() -> None:
    lead = claim(SplitRule.LEAD_REPORT, "TH", MARCH, JUNE)
    day = timedelta(days=1)
    assert [lead.holds(on) for on in (MARCH - day, MARCH, JUNE, JUNE + day)] == [
        *(False, True, True, False)
    ]
    found = decisions([lead, claim(SplitRule.DEFAULT)], ALWAYS)
    assert [(on, each.claim.rule.value) for on, each in found] == [
        (JANUARY, "default"),
        (MARCH, "lead-report"),
        (JUNE + day, "default"),
    ]


def test_r45_nothing_new_is_said_while_nothing_changes() -> None:
    claims = [claim(SplitRule.DEFAULT)]
    history = renewed([], claims, ALWAYS, JANUARY)
    assert [(each.version, each.supersedes) for each in history] == [(1, None)]
    assert renewed(history, claims, ALWAYS, JUNE) == []


def test_r37_a_ruling_with_an_earlier_effect_restates_what_held_then() -> None:
    history = renewed([], [claim(SplitRule.DEFAULT)], ALWAYS, JANUARY)
    claims = [claim(SplitRule.DEFAULT), claim(SplitRule.RULING, "SZ", MARCH, order=1)]
    (back,) = renewed(history, claims, ALWAYS, JUNE)
    assert (back.version, back.effective_on, back.supersedes) == (2, MARCH, 1)
    assert back.overruled == (SplitRule.DEFAULT,)
    (ahead,) = renewed(history, claims, ALWAYS, MARCH)
    assert ahead.supersedes is None
    early = claim(SplitRule.RULING, "SZ", date(2025, 12, 1), order=1)
    (before_all,) = renewed(history, [claims[0], early], ALWAYS, JUNE)
    assert before_all.supersedes == 1


def test_c16_a_weaker_rule_that_comes_late_changes_nothing() -> None:
    ruled = claim(SplitRule.RULING, "SZ", order=1)
    history = renewed([], [ruled], ALWAYS, JANUARY)
    assert renewed(history, [ruled, claim(SplitRule.TYPE_C, "GD")], ALWAYS, JUNE) == []


def test_c16_when_the_stronger_rule_ends_the_weaker_one_decides_again() -> None:
    claims = [claim(SplitRule.DEFAULT), claim(SplitRule.TYPE_A, "SZ", MARCH, JUNE)]
    history = renewed([], claims, ALWAYS, JANUARY)
    assert [(each.effective_on, each.rule.value) for each in history] == [
        (JANUARY, "default"),
        (MARCH, "type-a"),
        (date(2026, 6, 2), "default"),
    ]


_DAYS = st.integers(0, 40).map(lambda days: JANUARY + timedelta(days=days))


@st.composite
def _claims(draw: st.DrawFn) -> Claim:
    from_on = draw(_DAYS)
    lasts = draw(st.none() | st.integers(0, 20))
    until_on = None if lasts is None else from_on + timedelta(days=lasts)
    rule, unit = draw(st.sampled_from(list(SplitRule))), draw(st.sampled_from(["GZ", "SZ", "GD"]))
    return claim(rule, unit, from_on, until_on, draw(st.integers(1, 9)))


@given(st.lists(_claims(), max_size=8), st.data())
def test_r45_whatever_became_known_in_which_order_every_day_is_shared_as_the_claims_decide(
    claims: list[Claim], data: st.DataObject
) -> None:
    default = claim(SplitRule.DEFAULT, from_on=date(2025, 12, 1))
    known, history = [default], renewed([], [default], ALWAYS, JANUARY)
    for each in data.draw(st.permutations(claims)):
        known.append(each)
        history += renewed(history, known, ALWAYS, data.draw(_DAYS))
        assert [split.version for split in history] == list(range(1, len(history) + 1))
    for number in range(-40, 70):
        on = JANUARY + timedelta(days=number)
        wanted, held = decide(known, on, C16), in_force(history, on)
        if wanted is None:
            continue
        assert held is not None
        assert (held.rule, held.base, held.ruling_id) == (
            *(wanted.claim.rule, wanted.claim.terms.base),
            wanted.claim.ruling_id,
        )
    assert not renewed(history, known, ALWAYS, JANUARY)


def test_the_order_of_precedence_is_dated_too() -> None:
    claims = [claim(SplitRule.DEFAULT), claim(SplitRule.LEAD_REPORT, "TH")]
    without = DatedPrecedence(2, MARCH, SplitPrecedence((RuleFamily.DEFAULT,)))
    found = decisions(claims, [*ALWAYS, without])
    assert [(on, each.claim.rule.value) for on, each in found] == [
        (JANUARY, "lead-report"),
        (MARCH, "default"),
    ]
    assert Split(found[0][1].claim.terms.base, SplitRule.DEFAULT, JANUARY, 1).base_amount is None
    assert found[0][1].claim.terms.base[0].share == Decimal(1)
