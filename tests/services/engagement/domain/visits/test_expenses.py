"""E-25: record, director, entry, qualification, and only then the money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from services.engagement.domain.visits.expenses import (
    Expense,
    ExpenseGate,
    ExpenseState,
    GateStep,
    OutOfTurn,
    RecordMissing,
    SamePerson,
    Step,
    StepForAnotherRole,
    judge,
    next_step,
    refuse,
    require_record,
    sign,
    verified,
)
from services.engagement.domain.visits.verification import Verdict
from shared.identifiers import derived_id

GATE = ExpenseGate(
    steps=(
        GateStep(Step.DIRECTOR_SIGNED, ("sales_director",)),
        GateStep(Step.ENTERED, ("back_office",)),
        GateStep(Step.QUALIFIED, ("back_office",)),
    ),
    waits_for_verdict=True,
    verdicts=(Verdict.CONFIRMED, Verdict.NO_ANSWER),
)
CLAIM = Expense(
    derived_id("expense", 1), derived_id("visit", 1), Decimal("320.50"), ("S-VISITOR", "S-WRITER")
)
DIRECTOR, CLERK, SECOND_CLERK = "S-DIRECTOR", "S-CLERK", "S-CLERK-2"
SALES_DIRECTOR, BACK_OFFICE = frozenset({"sales_director"}), frozenset({"back_office"})


def signed(steps: int) -> Expense:
    claim = CLAIM
    for step, who, roles in (
        (Step.DIRECTOR_SIGNED, DIRECTOR, SALES_DIRECTOR),
        (Step.ENTERED, CLERK, BACK_OFFICE),
        (Step.QUALIFIED, SECOND_CLERK, BACK_OFFICE),
    )[:steps]:
        claim = sign(claim, GATE, step, who, roles)
    return claim


def test_E_25_a_claim_needs_something_written() -> None:
    require_record("与采购经理商定下季度用邮计划")
    with pytest.raises(RecordMissing):
        require_record("  \n")


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_E_25_only_the_step_whose_turn_it_is_can_be_taken(taken: int) -> None:
    claim = signed(taken)
    for step in Step:
        turn = next_step(claim, GATE)
        assert turn is not None
        if step is not turn.step:
            with pytest.raises(OutOfTurn):
                sign(claim, GATE, step, "S-NEW", SALES_DIRECTOR | BACK_OFFICE)


def test_E_25_the_director_signs_first_and_nobody_else_can() -> None:
    with pytest.raises(StepForAnotherRole):
        sign(CLAIM, GATE, Step.DIRECTOR_SIGNED, CLERK, BACK_OFFICE)


@pytest.mark.parametrize("who", [*CLAIM.people, DIRECTOR, CLERK])
def test_E_25_who_has_a_part_in_the_claim_takes_no_further_step(who: str) -> None:
    with pytest.raises(SamePerson):
        sign(signed(2), GATE, Step.QUALIFIED, who, BACK_OFFICE)


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_E_25_nothing_is_released_before_the_last_signature(taken: int) -> None:
    claim = verified(signed(taken), Verdict.CONFIRMED)
    assert judge(claim, GATE).state is ExpenseState.PENDING


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.NO_ANSWER])
def test_E_26_a_signed_claim_is_released_by_the_verdict(verdict: Verdict) -> None:
    assert judge(signed(3), GATE).state is ExpenseState.PENDING
    assert judge(verified(signed(3), verdict), GATE).state is ExpenseState.RELEASED


def test_E_26_a_record_that_differs_withholds_at_any_step() -> None:
    for taken in range(4):
        judgement = judge(verified(signed(taken), Verdict.DIFFERS), GATE)
        assert judgement.state is ExpenseState.WITHHELD
        assert judgement.reasons == ("verification-differs",)


def test_a_site_may_release_without_waiting_and_claims_back_what_differs() -> None:
    gate = replace(GATE, waits_for_verdict=False)
    claim = signed(3)
    assert judge(claim, gate).state is ExpenseState.RELEASED
    released = replace(claim, state=ExpenseState.RELEASED)
    judgement = judge(verified(released, Verdict.DIFFERS), gate)
    assert judgement.reasons == ("verification-differs", "already-released")


def test_a_contact_that_is_no_trip_waits_for_no_verdict() -> None:
    claim = replace(signed(3), is_verified_by_phone=False)
    assert judge(claim, GATE).state is ExpenseState.RELEASED


def test_E_25_a_record_found_not_in_order_withholds_the_claim() -> None:
    claim = refuse(signed(1), GATE, Step.ENTERED, CLERK, BACK_OFFICE)
    assert judge(claim, GATE).reasons == ("record-not-qualified",)
    with pytest.raises(OutOfTurn):
        sign(claim, GATE, Step.ENTERED, SECOND_CLERK, BACK_OFFICE)
    with pytest.raises(SamePerson):
        refuse(signed(1), GATE, Step.ENTERED, DIRECTOR, BACK_OFFICE)


def test_what_is_decided_takes_no_further_step() -> None:
    decided = replace(signed(1), state=ExpenseState.WITHHELD)
    assert next_step(decided, GATE) is None
    with pytest.raises(OutOfTurn):
        sign(decided, GATE, Step.ENTERED, CLERK, BACK_OFFICE)


def test_a_gate_without_steps_or_with_one_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="steps"):
        replace(GATE, steps=())
    with pytest.raises(ValueError, match="steps"):
        replace(GATE, steps=(GATE.steps[0], GATE.steps[0]))
