"""E-13: a customer is left alone for three days; who comes sooner is told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.engagement.domain.obligations.cadence import PlanSince
from services.engagement.domain.obligations.gaps import Window, too_early, window
from tests.services.engagement.domain.mothers import CENTRE_MANAGER, plan, plans, visit

DAY = date(2025, 3, 10)


def test_E_13_a_contact_after_two_days_is_too_early_and_after_three_is_not() -> None:
    first, second, third = visit(date(2025, 3, 3)), visit(date(2025, 3, 5)), visit(date(2025, 3, 8))
    warnings = too_early(plans(), [third, first, second])
    assert [(w.visit_id, w.previous_visit_id, w.gap_days) for w in warnings] == [
        (second.visit_id, first.visit_id, 2)
    ]


def test_E_13_ordinary_business_contact_does_not_disturb_the_gap() -> None:
    assert not too_early(plans(), [visit(DAY), visit(date(2025, 3, 11), kind="business")])


def test_C13_the_window_has_two_sides_and_the_due_day_wins() -> None:
    due_on = date(2025, 3, 31)
    first_on = date(2025, 3, 1)
    assert window(plan(), first_on, due_on, None) == Window(first_on, due_on)
    assert window(plan(), first_on, due_on, date(2025, 3, 10)).from_on == date(2025, 3, 13)
    assert window(plan(), first_on, due_on, date(2025, 2, 1)).from_on == first_on
    assert window(plan(), first_on, due_on, date(2025, 3, 30)).from_on == due_on


def test_E_13_it_is_the_customer_that_is_left_alone_whoever_comes() -> None:
    assert too_early(plans(), [visit(DAY), visit(date(2025, 3, 11), CENTRE_MANAGER)])


def test_E_13_the_gap_of_the_day_holds_and_before_any_plan_there_is_none() -> None:
    patient = replace(plan(), minimum_gap_days=5)
    versions = (PlanSince(1, DAY, plan()), PlanSince(2, date(2025, 3, 20), patient))
    days = [date(2025, 3, 1), date(2025, 3, 2), DAY, date(2025, 3, 13), date(2025, 3, 17)]
    days += [date(2025, 3, 20), date(2025, 3, 24)]
    found = too_early(versions, [visit(day) for day in days])
    assert [(warning.gap_days, warning.minimum_gap_days) for warning in found] == [(3, 5), (4, 5)]
