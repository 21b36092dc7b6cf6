"""A rule for many charges: what it must say, and who decides on it (B-18, B-19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.desk.duties import DutiesNotApart
from services.billing.domain.requests.batches import (
    BatchState,
    ChargeRule,
    Chosen,
    ChosenOtherwise,
    CorrectionBatch,
    InvalidRule,
    NothingChosen,
    check_chosen,
    check_due,
    check_rule,
    decided,
)
from services.billing.domain.requests.requests import DecidedTooEarly, RequestNotOpen
from services.billing.domain.requests.rules import Direction

ON = date(2026, 3, 16)
RULE = ChargeRule(Direction.REFUND, date(2026, 1, 1), ON, rate=Decimal("0.05"))
CHOSEN = Chosen(2, 2, Decimal("15.00"), Decimal("10.00"))
BATCH = CorrectionBatch(
    batch_id=UUID(int=1),
    unit="GD",
    rule=RULE,
    chosen=CHOSEN,
    state=BatchState.APPLIED,
    applied_by="P008",
    applied_on=ON,
    applied_because="降价",
    staff_code="P008",
    reason="降价",
    decided_on=ON,
    policy_version=1,
    inputs={"level": "province"},
)


def test_b18_a_rule_says_a_rate_or_an_amount_of_days_up_to_today() -> None:
    check_rule(RULE, ON)
    check_rule(replace(RULE, issued_from=ON), ON)
    for wrong in (
        replace(RULE, rate=None),
        replace(RULE, amount=Decimal(1)),
        replace(RULE, issued_until=date(2026, 3, 17)),
        replace(RULE, issued_until=date(2025, 12, 31)),
    ):
        with pytest.raises(InvalidRule):
            check_rule(wrong, ON)


def test_b18_what_is_added_falls_due_on_the_day_itself_at_the_earliest() -> None:
    check_due(RULE, ON)
    added = replace(RULE, direction=Direction.SUPPLEMENT)
    check_due(replace(added, due_on=ON), ON)
    for due_on in (None, date(2026, 3, 15)):
        with pytest.raises(InvalidRule):
            check_due(replace(added, due_on=due_on), ON)


def test_b18_what_is_asked_for_is_what_was_previewed() -> None:
    check_chosen(CHOSEN, 2, Decimal("15.00"))
    for charges, total in ((3, Decimal("15.00")), (2, Decimal("15.01"))):
        with pytest.raises(ChosenOtherwise):
            check_chosen(CHOSEN, charges, total)
    with pytest.raises(NothingChosen):
        check_chosen(Chosen(0, 0, Decimal(0), Decimal(0)), 0, Decimal(0))


def test_b19_a_second_person_decides_once_and_not_before_it_was_asked_for() -> None:
    after = decided(BATCH, BatchState.APPROVED, "P002", "同意", ON, 2, {"level": "province"})
    assert (after.state, after.version, after.staff_code) == (BatchState.APPROVED, 2, "P002")
    assert (after.applied_by, after.policy_version) == ("P008", 2)
    with pytest.raises(DutiesNotApart):
        decided(BATCH, BatchState.APPROVED, "P008", "同意", ON, 2, {})
    with pytest.raises(RequestNotOpen):
        decided(after, BatchState.REFUSED, "P002", "撤回", ON, 2, {})
    with pytest.raises(DecidedTooEarly):
        decided(BATCH, BatchState.REFUSED, "P002", "撤回", date(2026, 3, 15), 2, {})
