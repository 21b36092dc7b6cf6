"""Which step an instalment has come to (B-13, B-24)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.arrears.dunning import DunningRules, DunningStep

DUE = date(2026, 1, 31)
RULES = DunningRules(
    steps=(
        DunningStep("reminder", -5, 0),
        DunningStep("second-reminder", 7, 5),
        DunningStep("disconnection", 30, 15),
    ),
    minimum=Decimal("1.00"),
)


def test_a_step_is_reached_by_what_was_due_so_many_days_before_b_13() -> None:
    reminder, second, disconnection = RULES.thresholds(date(2026, 2, 7))
    assert reminder.due_until_on == date(2026, 2, 12)
    assert second.due_until_on == DUE
    assert disconnection.due_until_on == date(2026, 1, 8)


def test_a_step_leaves_the_time_of_its_notice_since_the_one_before_b_24() -> None:
    _, second, disconnection = RULES.thresholds(date(2026, 2, 7))
    assert second.previous_until_on == date(2026, 2, 2)
    assert disconnection.previous_until_on == date(2026, 1, 23)


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
