"""Which step an instalment has come to (B-13, B-24)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.dunning import DunningRules, DunningStep

DUE = date(2026, 1, 31)
RULES = DunningRules(
    steps=(
        DunningStep("reminder", -5, 0),
        DunningStep("second-reminder", 7, 5),
        DunningStep("disconnection", 30, 15),
    ),
    minimum=Decimal("1.00"),
)


def reached(level: int, on: date, previous_on: date | None = None) -> bool:
    return list(RULES.thresholds(on))[level - 1].is_reached(DUE, previous_on)


def test_a_reminder_goes_out_days_before_the_due_date_b_13() -> None:
    assert not reached(1, date(2026, 1, 25))
    assert reached(1, date(2026, 1, 26))


def test_the_second_step_waits_for_its_day_and_for_the_notice_of_the_first_b_13() -> None:
    assert not reached(2, date(2026, 2, 6), date(2026, 1, 26))
    assert reached(2, date(2026, 2, 7), date(2026, 1, 26))
    assert not reached(2, date(2026, 2, 7), date(2026, 2, 3))
    assert reached(2, date(2026, 2, 8), date(2026, 2, 3))


def test_nobody_is_disconnected_without_the_steps_before_b_24() -> None:
    assert not reached(3, date(2026, 6, 1), None)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (DunningStep("a", 7, 0), DunningStep("b", 7, 3)),
        (DunningStep("a", 1, 0), DunningStep("b", 7, 0)),
    ],
)
def test_steps_must_follow_each_other_with_notice(steps: tuple[DunningStep, ...]) -> None:
    with pytest.raises(ValueError, match="step"):
        DunningRules(steps=steps, minimum=Decimal(0))
