"""Late fees: by day, split at the year end, by tariff class, with a minimum (B-15, C19)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.arrears.late_fees import (
    LateFeePlan,
    Overdue,
    PlanVersion,
    TariffRates,
    late_fee,
)

STATUTORY = LateFeePlan(
    rates={
        "household": TariffRates(Decimal("0.001"), Decimal("0.001")),
        "other": TariffRates(Decimal("0.002"), Decimal("0.003")),
    },
    minimum=Decimal("1.00"),
)
PLANS = (PlanVersion(1, date(1996, 10, 8), STATUTORY),)
DUE = date(2025, 12, 20)
PAID = date(2026, 1, 10)


def fee(amount: str, tariff: str, due: date, paid_on: date) -> Decimal:
    return late_fee(Overdue(Decimal(amount), due, tariff), paid_on, PLANS).amount


def test_others_pay_more_for_arrears_carried_over_the_year_end_b_15() -> None:
    result = late_fee(Overdue(Decimal(100_000), DUE, "other"), PAID, PLANS)
    assert result.amount == Decimal("5200.00")
    assert [(part.days, part.daily_rate) for part in result.parts] == [
        (11, Decimal("0.002")),
        (10, Decimal("0.003")),
    ]
    assert result.plan_version == 1


def test_arrears_that_passed_several_year_ends_have_the_higher_rate_since_the_first_b_15() -> None:
    result = late_fee(Overdue(Decimal(100_000), date(2023, 12, 20), "other"), PAID, PLANS)
    assert [(part.days, part.daily_rate) for part in result.parts] == [
        (11, Decimal("0.002")),
        (366 + 365 + 10, Decimal("0.003")),
    ]


@pytest.mark.parametrize(
    ("due", "paid_on", "expected"),
    [
        (date(2025, 12, 30), date(2025, 12, 31), "200.00"),
        (date(2025, 12, 30), date(2026, 1, 1), "500.00"),
        (date(2025, 12, 31), date(2025, 12, 31), "0"),
        (date(2025, 12, 31), date(2026, 1, 1), "300.00"),
        (date(2026, 1, 1), date(2026, 1, 2), "200.00"),
        (date(2026, 1, 1), date(2026, 12, 31), "72800.00"),
        (date(2026, 1, 1), date(2027, 1, 1), "73100.00"),
    ],
)
def test_the_year_of_the_due_date_decides_what_is_carried_over_b_15_c19(
    due: date, paid_on: date, expected: str
) -> None:
    """What was due on 31 December is carried over from its first day in arrears."""
    assert fee("100000", "other", due, paid_on) == Decimal(expected)


def test_the_minimum_is_charged_once_whatever_the_fee_is_made_of_b_15() -> None:
    paid = [(date(2026, 1, 2), Decimal("1.00"))]
    overdue = Overdue(Decimal("3.20"), date(2025, 12, 30), "other", paid)
    result = late_fee(overdue, date(2026, 1, 5), PLANS)
    assert (len(result.parts), result.amount, result.is_minimum) == (3, Decimal("1.00"), True)


def test_households_pay_one_per_mille_a_day_b_15() -> None:
    assert fee("100000", "household", DUE, PAID) == Decimal("2100.00")


def test_a_total_below_one_yuan_is_charged_as_one_yuan_b_15() -> None:
    result = late_fee(
        Overdue(Decimal("3.20"), date(2026, 3, 1), "household"), date(2026, 3, 5), PLANS
    )
    assert result.amount == Decimal("1.00")
    assert result.is_minimum
    assert sum(part.amount for part in result.parts) == Decimal("0.0128")


def test_a_total_of_exactly_one_yuan_is_no_minimum() -> None:
    result = late_fee(
        Overdue(Decimal("1000"), date(2026, 3, 1), "household"), date(2026, 3, 2), PLANS
    )
    assert (result.amount, result.is_minimum) == (Decimal("1.00"), False)


@pytest.mark.parametrize("paid_on", [DUE, DUE - timedelta(days=30)])
def test_who_pays_by_the_due_date_pays_no_fee(paid_on: date) -> None:
    assert fee("100000", "other", DUE, paid_on) == 0


def test_the_day_after_the_due_date_is_the_first_that_counts() -> None:
    assert fee("100000", "other", DUE, DUE + timedelta(days=1)) == Decimal("200.00")


def test_a_part_payment_lowers_the_balance_from_the_next_day_on() -> None:
    paid = [(date(2026, 3, 3), Decimal(600)), (date(2026, 3, 5), Decimal(400))]
    result = late_fee(
        Overdue(Decimal(1000), date(2026, 3, 1), "other", paid), date(2026, 3, 5), PLANS
    )
    assert [(part.principal, part.days) for part in result.parts] == [
        (Decimal(1000), 2),
        (Decimal(400), 2),
    ]
    assert result.amount == Decimal("5.60")


def test_what_is_paid_after_the_last_day_does_not_count_yet() -> None:
    paid = [(date(2026, 3, 9), Decimal(1000))]
    result = late_fee(
        Overdue(Decimal(1000), date(2026, 3, 1), "other", paid), date(2026, 3, 5), PLANS
    )
    assert result.amount == Decimal("8.00")


def test_each_day_has_the_rate_of_the_plan_in_force_on_it() -> None:
    lower = LateFeePlan({"other": TariffRates(Decimal("0.001"), Decimal("0.001"))}, Decimal(0))
    plans = (*PLANS, PlanVersion(2, date(2026, 3, 4), lower))
    result = late_fee(Overdue(Decimal(1000), date(2026, 3, 1), "other"), date(2026, 3, 5), plans)
    assert [(part.days, part.daily_rate) for part in result.parts] == [
        (2, Decimal("0.002")),
        (2, Decimal("0.001")),
    ]
    assert (result.amount, result.plan_version) == (Decimal("6.00"), 2)


def test_a_site_without_a_plan_charges_nothing() -> None:
    result = late_fee(Overdue(Decimal(1000), date(2026, 3, 1), "other"), date(2026, 3, 5), ())
    assert (result.amount, result.plan_version) == (Decimal(0), None)


@given(
    amount=st.decimals(min_value=1, max_value=10**6, places=2),
    due=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    days=st.integers(0, 500),
    payments=st.lists(st.tuples(st.integers(-20, 520), st.integers(1, 50)), max_size=5),
)
def test_the_fee_is_the_sum_over_days_of_balance_and_rate(
    amount: Decimal, due: date, days: int, payments: list[tuple[int, int]]
) -> None:
    paid = [(due + timedelta(n), min(Decimal(part), amount / 5)) for n, part in payments]
    overdue = Overdue(amount, due, "other", paid)
    until = due + timedelta(days)
    by_day = Decimal(0)
    for n in range(1, days + 1):
        day = due + timedelta(n)
        rate = Decimal("0.003") if day.year > due.year else Decimal("0.002")
        by_day += rate * (amount - sum(part for on, part in paid if on < day))
    result = late_fee(overdue, until, PLANS)
    assert sum(part.amount for part in result.parts) == by_day
    assert sum(part.days for part in result.parts) <= days


RATES = st.sampled_from(("0", "0.0005", "0.001", "0.002", "0.003")).map(Decimal)
CLASSES = st.sampled_from(("household", "other"))


@given(
    amount=st.decimals(min_value="0.01", max_value=10**5, places=2),
    tariff=CLASSES,
    due=st.dates(date(2024, 10, 1), date(2026, 3, 1)),
    days=st.integers(0, 200),
    payments=st.lists(st.tuples(st.integers(-20, 220), st.integers(1, 50)), max_size=4),
    versions=st.lists(
        st.tuples(
            st.integers(-30, 200),
            st.dictionaries(CLASSES, st.builds(TariffRates, RATES, RATES)),
            st.sampled_from(("0", "1.00", "5.00")).map(Decimal),
        ),
        max_size=4,
    ),
)
def test_whatever_plans_follow_each_other_each_day_costs_what_its_own_says_b_15(
    amount: Decimal,
    tariff: str,
    due: date,
    days: int,
    payments: list[tuple[int, int]],
    versions: list[tuple[int, dict[str, TariffRates], Decimal]],
) -> None:
    plans = [
        PlanVersion(number, due + timedelta(start), LateFeePlan(rates, minimum))
        for number, (start, rates, minimum) in enumerate(versions, 1)
    ]
    paid = [(due + timedelta(n), min(Decimal(part), amount / 4)) for n, part in payments]
    until = due + timedelta(days)
    exact, minimum = Decimal(0), Decimal(0)
    for n in range(1, days + 1):
        day = due + timedelta(n)
        in_force = [plan for plan in plans if plan.effective_on <= day]
        plan = in_force[-1].plan if in_force else None
        minimum = plan.minimum if plan else Decimal(0)
        rates = plan.rates.get(tariff) if plan else None
        if rates is not None:
            rate = rates.carried_over if day.year > due.year else rates.current_year
            exact += rate * (amount - sum(part for on, part in paid if on < day))
    expected = max(exact.quantize(Decimal("0.01"), ROUND_HALF_UP), minimum) if exact else 0
    result = late_fee(Overdue(amount, due, tariff, paid), until, plans)
    assert sum(part.amount for part in result.parts) == exact
    assert result.amount == expected


def test_a_plan_accrues_monthly_or_daily() -> None:
    with pytest.raises(ValueError, match="monthly or daily"):
        LateFeePlan({}, Decimal(0), accrue="weekly")
