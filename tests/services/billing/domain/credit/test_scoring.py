"""Credit behaviour as a score: parts, weights, grades and their borders (B-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.app import SERVICE
from services.billing.domain.credit.analysis import Turnover
from services.billing.domain.credit.limits import CreditLimits
from services.billing.domain.credit.scoring import (
    Behaviour,
    CreditScoring,
    Grade,
    assess,
    period,
)
from services.billing.domain.credit.warnings import CreditWarnings
from shared import presets

POLICY = CreditScoring(
    months=12,
    day_of_month=1,
    weights={
        "punctuality": Decimal(40),
        "lateness": Decimal(30),
        "incidents": Decimal(20),
        "contracts": Decimal(10),
    },
    worst_days=90,
    deductions={
        "returned_payment": Decimal(20),
        "lapsed_deposit": Decimal(25),
        "write_off": Decimal(50),
        "compliance_case": Decimal(30),
    },
    contract_points=Decimal(50),
    grades=(Grade("a", Decimal(85)), Grade("b", Decimal(70)), Grade("d", Decimal(0))),
)
GOOD = Behaviour(
    fell_due=Decimal("1000.00"),
    paid_in_time=Decimal("1000.00"),
    contracts=2,
)


def score(behaviour: Behaviour) -> Decimal:
    found = assess(behaviour, POLICY).score
    assert found is not None
    return found


def test_b22_who_pays_everything_in_time_under_contract_has_all_points() -> None:
    assessed = assess(GOOD, POLICY)
    assert (assessed.score, assessed.grade) == (Decimal(100), "a")
    assert (assessed.punctuality, assessed.days_late) == (Decimal(1), Decimal(0))


def test_b22_each_part_counts_by_its_weight() -> None:
    half = replace(
        GOOD, paid_in_time=Decimal("500.00"), yuan_days_late=Decimal("45000.00"), contracts=1
    )
    assessed = assess(half, POLICY)
    assert {each.part: each.points for each in assessed.parts} == {
        "punctuality": Decimal(50),
        "lateness": Decimal(50),
        "incidents": Decimal(100),
        "contracts": Decimal(50),
    }
    assert assessed.score == Decimal(20 + 15 + 20 + 5)
    assert assessed.days_late == Decimal(45)


def test_b22_incidents_cost_their_points_and_never_more_than_all() -> None:
    assert score(replace(GOOD, returned_payment=1)) == Decimal(96)
    assert score(replace(GOOD, lapsed_deposit=1, compliance_case=1)) == Decimal(89)
    assert score(replace(GOOD, write_off=2)) == score(replace(GOOD, write_off=9)) == Decimal(80)


def test_b22_lateness_is_worth_nothing_from_the_worst_days_on() -> None:
    at_worst = replace(GOOD, yuan_days_late=Decimal("90000.00"))
    assert score(at_worst) == score(replace(GOOD, yuan_days_late=Decimal("99999.00")))
    assert score(at_worst) == Decimal(70)
    assert score(replace(GOOD, yuan_days_late=Decimal("89000.00"))) > Decimal(70)


def test_b22_the_grade_is_decided_on_the_unrounded_score() -> None:
    """Lower borders belong to the higher grade; 84.9999998 would print 85 and is none."""
    at_85 = replace(GOOD, paid_in_time=Decimal("625.00"))
    assert (score(at_85), assess(at_85, POLICY).grade) == (Decimal(85), "a")
    below = replace(at_85, fell_due=Decimal("100000000.00"), paid_in_time=Decimal("62499999.95"))
    assessed = assess(below, POLICY)
    assert (assessed.score, assessed.grade) == (Decimal("84.999999"), "b")


def test_b22_what_nothing_fell_due_for_is_not_scored() -> None:
    for behaviour in (Behaviour(), Behaviour(contracts=3), Behaviour(returned_payment=1)):
        assessed = assess(behaviour, POLICY)
        assert (assessed.score, assessed.grade, assessed.punctuality) == (None, None, None)


@given(
    due=st.decimals(Decimal("0.01"), Decimal(10**9), places=2),
    share=st.decimals(Decimal(0), Decimal(1), places=4),
    days=st.integers(0, 400),
    incidents=st.integers(0, 9),
)
def test_b22_a_score_lies_between_0_and_100(
    due: Decimal, share: Decimal, days: int, incidents: int
) -> None:
    behaviour = Behaviour(due, due * share, due * days, incidents, contracts=incidents)
    assert 0 <= score(behaviour) <= 100


@pytest.mark.parametrize(
    ("as_of", "from_on", "until_on"),
    [
        (date(2026, 3, 1), date(2025, 3, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 2, 29), date(2023, 2, 28), date(2024, 2, 28)),
        (date(2026, 12, 31), date(2025, 12, 31), date(2026, 12, 30)),
    ],
)
def test_b22_the_period_is_the_months_before_the_day(
    as_of: date, from_on: date, until_on: date
) -> None:
    assert period(as_of, 12) == (from_on, until_on)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {**POLICY.weights, "contracts": Decimal(11)}},
        {"weights": {"punctuality": Decimal(100)}},
        {"deductions": {"write_off": Decimal(1)}},
        {"grades": (Grade("a", Decimal(85)),)},
        {"grades": (Grade("d", Decimal(0)), Grade("a", Decimal(85)))},
        {"day_of_month": 29},
        {"worst_days": 0},
    ],
    ids=str,
)
def test_a_policy_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=" / "):
        replace(POLICY, **change)  # type: ignore[arg-type]  # each is of its field's type


@pytest.mark.parametrize("preset", presets.names(SERVICE.package))
def test_b17_b22_every_preset_has_limits_scoring_and_warnings(preset: str) -> None:
    shipped = presets.shipped(SERVICE.package, preset, SERVICE.policies)
    kinds = {type(entry.policy): entry for entry in shipped.entries}
    assert {CreditLimits, CreditScoring, CreditWarnings} <= kinds.keys()
    scoring, limits = kinds[CreditScoring].policy, kinds[CreditLimits].policy
    assert isinstance(scoring, CreditScoring)
    assert isinstance(limits, CreditLimits)
    assert {each.grade for each in scoring.grades} == set(limits.by_grade)
    for kind in (CreditLimits, CreditScoring, CreditWarnings):
        assert "ours" in kinds[kind].source


def test_b22_days_sales_outstanding_and_the_share_that_is_overdue() -> None:
    owed = Turnover(Decimal("100.00"), Decimal("25.00"), Decimal("730.00"), 365)
    assert (owed.days_sales_outstanding, owed.overdue_share) == (Decimal(50), Decimal("0.25"))
    nothing = Turnover(Decimal(0), Decimal(0), Decimal(0), 365)
    assert (nothing.days_sales_outstanding, nothing.overdue_share) == (None, None)
