"""What is owed, from the facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.engagement.domain.accounts.accounts import (
    Account,
    ClassSince,
    CustomerFacts,
    Gap,
    ManagersSince,
    OwnerSince,
    standing,
)
from services.engagement.domain.obligations.cadence import PlanSince
from services.engagement.domain.obligations.duties import derive
from services.engagement.domain.obligations.waking import wake_on
from tests.services.engagement.domain.mothers import (
    CENTRE_MANAGER,
    CENTRE_ROW,
    GOLD_ROW,
    NEW_YEAR,
    PHONE_ROW,
    VIP_ROW,
    comprehensive_gold,
    plan,
    plans,
    retail_a1,
    tier,
    until,
    visit,
)

END_OF_JANUARY = date(2025, 1, 31)


def test_C7_comprehensive_gold_owes_a_visit_by_the_centre_and_two_by_its_managers() -> None:
    duties = derive(comprehensive_gold(), plans(), until(END_OF_JANUARY))
    assert [(d.code, d.role, d.minimum) for d in duties] == [
        (CENTRE_ROW.code, "marketing-centre-manager", 1),
        (GOLD_ROW.code, "account-manager", 2),
    ]


def test_C7_visits_of_one_role_never_meet_the_duty_of_the_other() -> None:
    visits = [visit(date(2025, 1, day), CENTRE_MANAGER) for day in (6, 13, 20)]
    duties = derive(comprehensive_gold(*visits), plans(), until(END_OF_JANUARY))
    assert [(d.role, d.is_met) for d in duties] == [
        ("marketing-centre-manager", True),
        ("account-manager", False),
    ]


def test_E_04_gold_is_met_by_the_second_visit_and_not_by_the_first() -> None:
    first, second = visit(date(2025, 1, 1)), visit(END_OF_JANUARY)
    one = derive(comprehensive_gold(first), plans(GOLD_ROW), until(END_OF_JANUARY))[0]
    two = derive(comprehensive_gold(first, second), plans(GOLD_ROW), until(END_OF_JANUARY))[0]
    assert (one.count, one.is_met, one.met_on) == (1, False, None)
    assert (two.count, two.is_met, two.met_on) == (2, True, END_OF_JANUARY)


def test_a_visit_of_another_month_does_not_count() -> None:
    outside = [visit(date(2024, 12, 31)), visit(date(2025, 2, 1))]
    duty = derive(comprehensive_gold(*outside), plans(GOLD_ROW), until(END_OF_JANUARY))[0]
    assert duty.count == 0


def test_E_04_a_vip_visited_three_times_is_over_its_maximum_and_still_met() -> None:
    visits = [visit(date(2025, 1, day)) for day in (6, 13, 20)]
    facts = replace(comprehensive_gold(*visits), tiers=(tier("vip", date(2024, 1, 1)),))
    duty = derive(facts, plans(VIP_ROW), until(END_OF_JANUARY))[0]
    assert duty.is_met
    assert duty.is_over_maximum


def test_the_tier_of_the_first_day_governs_the_whole_month() -> None:
    facts = replace(
        comprehensive_gold(),
        tiers=(tier("vip", date(2024, 1, 1)), tier("gold", date(2025, 1, 15), version=2)),
    )
    duties = derive(facts, plans(GOLD_ROW, VIP_ROW), until(date(2025, 2, 1)))
    assert [(d.code, d.first_on) for d in duties] == [
        (GOLD_ROW.code, date(2025, 2, 1)),
        (VIP_ROW.code, NEW_YEAR),
    ]


def test_nobody_owed_a_visit_for_a_tier_that_nobody_had_decided_yet() -> None:
    late = tier("gold", date(2025, 1, 1), decided_on=date(2025, 3, 15))
    facts = replace(comprehensive_gold(), tiers=(late,))
    duties = derive(facts, plans(GOLD_ROW), until(date(2025, 4, 1)))
    assert [d.first_on for d in duties] == [date(2025, 4, 1)]


def test_the_tier_of_another_scheme_governs_no_cadence() -> None:
    other = replace(tier("gold", date(2024, 1, 1)), scheme="guangdong-post-2005")
    facts = replace(comprehensive_gold(), tiers=(other,))
    assert derive(facts, plans(), until(END_OF_JANUARY)) == []


def test_R_20_a_customer_that_was_not_approved_owes_nothing() -> None:
    undeveloped = replace(comprehensive_gold(), account=Account(approved_on=None))
    unknown = replace(comprehensive_gold(), account=None)
    late = replace(comprehensive_gold(), account=Account(approved_on=date(2025, 1, 2)))
    for facts in (undeveloped, unknown, late):
        assert derive(facts, plans(), until(END_OF_JANUARY)) == []


def test_a_customer_closed_in_the_month_owes_no_more_but_what_was_done_stays() -> None:
    closed = Account(approved_on=date(2024, 1, 1), closed_on=date(2025, 1, 20))
    facts = replace(comprehensive_gold(visit(date(2025, 1, 6), CENTRE_MANAGER)), account=closed)
    duties = derive(facts, plans(), until(END_OF_JANUARY))
    assert [d.code for d in duties] == [CENTRE_ROW.code]
    before_the_end = derive(facts, plans(), until(date(2025, 1, 19)))
    assert len(before_the_end) == 2


def test_a_suspended_customer_owes_nothing_until_it_is_free_again() -> None:
    suspended = Account(approved_on=date(2024, 1, 1), suspended_on=date(2025, 1, 10))
    facts = replace(comprehensive_gold(), account=suspended)
    assert derive(facts, plans(), until(END_OF_JANUARY)) == []


def test_the_plan_of_the_first_day_governs_the_whole_month() -> None:
    stricter = replace(GOLD_ROW, minimum=3)
    versions = (*plans(GOLD_ROW), PlanSince(2, date(2025, 1, 2), plan(stricter)))
    duties = derive(comprehensive_gold(), versions, until(date(2025, 2, 1)))
    assert [(d.minimum, d.plan_version) for d in duties] == [(2, 1), (3, 2)]


def test_before_any_plan_nothing_is_owed() -> None:
    versions = (PlanSince(1, date(2025, 1, 2), plan()),)
    assert derive(comprehensive_gold(), versions, until(END_OF_JANUARY)) == []


def test_what_set_the_account_apart_in_the_past_still_explains_the_past() -> None:
    facts = replace(
        comprehensive_gold(),
        classes=(
            ClassSince(1, date(2024, 6, 1), "comprehensive", None),
            ClassSince(2, date(2025, 1, 20), "specialty", None),
        ),
    )
    duties = derive(facts, plans(CENTRE_ROW), until(date(2025, 2, 28)))
    assert [d.first_on for d in duties] == [NEW_YEAR]


def test_those_answer_who_have_the_customer_when_it_falls_due() -> None:
    facts = comprehensive_gold()
    facts = replace(
        facts,
        owners=(*facts.owners, OwnerSince(2, date(2025, 1, 20), "GZ-YX")),
        managers=(*facts.managers, ManagersSince(2, date(2025, 2, 1), "S-1", "S-2", "S-2")),
    )
    early = derive(facts, plans(GOLD_ROW), until(date(2025, 1, 19)))[0]
    late = derive(facts, plans(GOLD_ROW), until(date(2025, 6, 1)))[0]
    assert (early.unit, early.holder) == ("GZ-TH", "S-BRANCH")
    assert (late.unit, late.holder) == ("GZ-YX", "S-BRANCH")


def test_E_06_a_phone_call_is_due_two_weeks_after_the_last_one() -> None:
    calls = [visit(date(2025, 1, 10), channel="phone"), visit(date(2025, 1, 20), channel="phone")]
    duties = derive(retail_a1(*calls), plans(PHONE_ROW), until(date(2025, 1, 25)))
    assert [(d.first_on, d.due_on, d.is_met) for d in duties] == [
        (NEW_YEAR, date(2025, 1, 15), True),
        (date(2025, 1, 11), date(2025, 1, 24), True),
        (date(2025, 1, 21), date(2025, 2, 3), False),
    ]


def test_E_06_after_a_missed_call_the_next_two_weeks_begin() -> None:
    duties = derive(retail_a1(), plans(PHONE_ROW), until(date(2025, 1, 16)))
    assert [(d.first_on, d.due_on) for d in duties] == [
        (NEW_YEAR, date(2025, 1, 15)),
        (date(2025, 1, 16), date(2025, 1, 29)),
    ]


def test_E_06_a_class_that_is_lost_takes_the_open_call_with_it() -> None:
    facts = retail_a1()
    lost = ClassSince(2, date(2025, 1, 10), None, "c")
    facts = replace(facts, classes=(*facts.classes, lost))
    assert derive(facts, plans(PHONE_ROW), until(END_OF_JANUARY)) == []


def test_a_plan_confirmed_unchanged_does_not_start_the_two_weeks_anew() -> None:
    versions = (*plans(PHONE_ROW), PlanSince(2, date(2025, 1, 8), plan(PHONE_ROW)))
    duties = derive(retail_a1(), versions, until(date(2025, 1, 10)))
    assert [(d.first_on, d.due_on) for d in duties] == [(NEW_YEAR, date(2025, 1, 15))]


def test_C8_an_account_without_a_row_is_a_gap_with_its_reason() -> None:
    def gap(facts: CustomerFacts) -> Gap | None:
        place = standing(facts, plan(), NEW_YEAR)
        assert place is not None
        return place.gap

    diamond = replace(comprehensive_gold(), tiers=(tier("diamond", date(2024, 1, 1)),))
    nothing = replace(comprehensive_gold(), tiers=())
    assert gap(comprehensive_gold()) is None
    assert gap(diamond) is Gap.NO_ROW
    assert gap(nothing) is Gap.NO_TIER


def test_what_begins_within_a_week_is_opened_already() -> None:
    horizon = replace(until(date(2025, 1, 24)), days_ahead=7)
    assert len(derive(comprehensive_gold(), plans(GOLD_ROW), horizon)) == 1
    horizon = replace(until(date(2025, 1, 25)), days_ahead=7)
    duties = derive(comprehensive_gold(), plans(GOLD_ROW), horizon)
    assert [d.first_on for d in duties] == [NEW_YEAR, date(2025, 2, 1)]


@pytest.mark.parametrize("days_ahead", [0, 1, 7, 40])
def test_nothing_changes_by_time_alone_before_the_day_to_wake(days_ahead: int) -> None:
    facts = replace(
        retail_a1(visit(date(2025, 1, 9), channel="phone")),
        tiers=(tier("gold", date(2025, 2, 10)), tier("vip", date(2025, 2, 14), version=2)),
        account=Account(approved_on=date(2024, 1, 1), closed_on=date(2025, 5, 5)),
        owners=(OwnerSince(1, date(2025, 2, 12), "GZ"),),
    )
    versions = (*plans(), PlanSince(2, date(2025, 3, 3), plan(PHONE_ROW)))
    reached_on = NEW_YEAR
    while reached_on < date(2025, 6, 1):
        horizon = replace(until(reached_on), days_ahead=days_ahead)
        duties = derive(facts, versions, horizon)
        woken_on = wake_on(facts, versions, duties, horizon)
        assert woken_on is not None
        assert woken_on > reached_on
        quiet = replace(horizon, reached_on=woken_on - timedelta(days=1))
        assert derive(facts, versions, quiet) == duties
        reached_on = woken_on
