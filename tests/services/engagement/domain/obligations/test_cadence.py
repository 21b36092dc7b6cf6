"""Which contacts count, for whom, and how close together they may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.engagement.domain.obligations.cadence import CadenceRow
from tests.services.engagement.domain.mothers import (
    BRANCH_MANAGER,
    CENTRE_MANAGER,
    CENTRE_ROW,
    GOLD_ROW,
    MONTH,
    OFFICER,
    PHONE_ROW,
    plan,
    visit,
)

DAY = date(2025, 3, 10)


def test_E_11_only_a_dedicated_revisit_counts() -> None:
    assert plan().counts(visit(DAY), GOLD_ROW)
    assert not plan().counts(visit(DAY, kind="business"), GOLD_ROW)
    assert not plan().counts(visit(DAY, kind="research"), GOLD_ROW)


def test_C7_a_visit_counts_for_the_role_that_made_it_and_for_no_other() -> None:
    assert plan().counts(visit(DAY, CENTRE_MANAGER), CENTRE_ROW)
    assert not plan().counts(visit(DAY, CENTRE_MANAGER), GOLD_ROW)
    assert not plan().counts(visit(DAY, BRANCH_MANAGER), CENTRE_ROW)


def test_C7_a_joint_visit_counts_for_every_role_that_took_part() -> None:
    joint = visit(DAY, CENTRE_MANAGER, BRANCH_MANAGER)
    assert plan().counts(joint, CENTRE_ROW)
    assert plan().counts(joint, GOLD_ROW)


def test_somebody_of_another_trade_meets_no_duty() -> None:
    assert not plan().counts(visit(DAY, OFFICER), CENTRE_ROW)


def test_a_duty_to_phone_is_not_met_by_a_visit() -> None:
    assert not plan().counts(visit(DAY), PHONE_ROW)
    assert plan().counts(visit(DAY, channel="phone"), PHONE_ROW)


def test_E_08_a_call_to_the_wrong_level_does_not_count() -> None:
    row = replace(GOLD_ROW, target_levels=("key-decision-maker",))
    assert not plan(row).counts(visit(DAY, level="working-contact"), row)
    assert plan(row).counts(visit(DAY, level="key-decision-maker"), row)


def test_E_26_a_visit_that_was_refuted_by_phone_does_not_count() -> None:
    assert not plan().counts(replace(visit(DAY), is_refuted=True), GOLD_ROW)


def test_a_row_must_say_for_whom_it_is() -> None:
    with pytest.raises(ValueError, match="tiers or the visit classes"):
        CadenceRow("nobody", "account-manager", "visit", MONTH, 1)


def test_a_maximum_below_the_minimum_is_refused() -> None:
    with pytest.raises(ValueError, match="no maximum below"):
        CadenceRow("x", "account-manager", "visit", MONTH, 2, 1, tiers=("gold",))
    assert CadenceRow("x", "account-manager", "visit", MONTH, 2, 2, tiers=("gold",)).maximum == 2


def test_a_plan_with_two_rows_of_one_code_or_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="unique"):
        plan(GOLD_ROW, GOLD_ROW)
    with pytest.raises(ValueError, match="no such duty role"):
        plan(replace(GOLD_ROW, role="nobody"))
