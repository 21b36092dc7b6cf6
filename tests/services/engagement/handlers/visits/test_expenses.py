"""No expense is paid before its record, its signatures and its verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.engagement.domain.visits.expenses import (
    OutOfTurn,
    RecordMissing,
    SamePerson,
    Step,
    StepForAnotherRole,
)
from services.engagement.domain.visits.verification import Verdict
from shared import policy
from shared.directory.scope import OutOfScope
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.engagement.events import visited
from tests.services.engagement.handlers.visits.trips import (
    SECOND_CLERK,
    call,
    record,
    sign,
    sign_all,
    state_of_claim,
)
from tests.services.engagement.stories import receive, refused, told
from tests.support.cast import (
    BACK_OFFICE,
    CITY_DEPUTY,
    CITY_DIRECTOR,
    ELECTRONICS,
    MANAGER_A,
    SALES_DIRECTOR,
    Person,
)


async def test_E_25_a_reported_expense_without_a_written_record_is_refused(work: Work) -> None:
    await receive(
        work,
        visited("V1", ELECTRONICS, date(2026, 3, 10), expense="120.00", content=" "),
        visited("V2", ELECTRONICS, date(2026, 3, 13), content=" "),
    )
    assert refused(work) == ["trip-record-missing"]
    assert await work.value("SELECT count(*) FROM visits") == 1


async def test_E_25_an_expense_without_a_written_record_is_refused(work: Work) -> None:
    with pytest.raises(RecordMissing):
        await record(work, content="", expense=Decimal("320.50"))


async def test_E_25_an_expense_is_released_by_the_last_signature_and_the_verdict(
    work: Work,
) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    await sign_all(work, visit_id)
    assert await state_of_claim(work, visit_id) == "pending"
    await call(work, visit_id, Verdict.CONFIRMED)
    assert await state_of_claim(work, visit_id) == "released"
    (fact,) = told(work, "expense_released")
    assert fact["amount"] == {"amount": "320.50", "currency": "CNY"}
    assert (fact["claimant"], fact["released_by"]) == (MANAGER_A.code, SECOND_CLERK.code)
    assert [step for step, _ in fact["inputs"]["steps"]] == [
        "director-signed",
        "entered",
        "qualified",
    ]
    assert fact["policy"]["name"] == "expense-gate"


async def test_E_25_no_step_is_taken_out_of_turn_by_another_role_or_twice_by_one_person(
    work: Work,
) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    with pytest.raises(OutOfTurn):
        await sign(work, visit_id, Step.ENTERED, BACK_OFFICE)
    with pytest.raises(StepForAnotherRole):
        await sign(work, visit_id, Step.DIRECTOR_SIGNED, CITY_DIRECTOR)
    await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR)
    await sign(work, visit_id, Step.ENTERED, BACK_OFFICE)
    with pytest.raises(SamePerson):
        await sign(work, visit_id, Step.QUALIFIED, BACK_OFFICE)
    both = replace(MANAGER_A, roles=("account_manager", "back_office"))
    with pytest.raises(SamePerson):
        await sign(work, visit_id, Step.QUALIFIED, both)


async def test_E_26_an_expense_whose_record_differs_is_withheld(work: Work) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR)
    await call(work, visit_id, Verdict.DIFFERS)
    (fact,) = told(work, "expense_withheld")
    assert fact["reasons"] == ["verification-differs"]
    with pytest.raises(OutOfTurn):
        await sign(work, visit_id, Step.ENTERED, BACK_OFFICE)


async def test_E_25_a_record_found_not_in_order_withholds_the_expense(work: Work) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR)
    await sign(work, visit_id, Step.ENTERED, BACK_OFFICE, is_refusal=True)
    (fact,) = told(work, "expense_withheld")
    assert fact["reasons"] == ["record-not-qualified"]
    assert fact["inputs"]["refused_by"] == BACK_OFFICE.code
    await call(work, visit_id, Verdict.CONFIRMED)
    assert await state_of_claim(work, visit_id) == "withheld"
    assert len(told(work, "expense_withheld")) == 1


async def test_E_25_yesterdays_signature_can_be_entered_today_and_tomorrows_cannot(
    work: Work,
) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    with pytest.raises(InTheFuture):
        await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR, on=date(2026, 3, 17))
    await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR, on=date(2026, 3, 15))
    signed = await work.row("SELECT signed_on, recorded_at FROM expense_signatures")
    assert signed is not None
    assert (signed["signed_on"], signed["recorded_at"]) == (date(2026, 3, 15), work.now)


async def test_a_clerk_of_another_city_signs_nothing(work: Work) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    stranger = Person("S099", "外地", "SZ", ("sales_director",))
    with pytest.raises(OutOfScope):
        await sign(work, visit_id, Step.DIRECTOR_SIGNED, stranger)


async def test_without_a_gate_in_force_nothing_can_be_signed(work: Work) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    with pytest.raises(policy.NoPolicyInForce):
        await sign(work, visit_id, Step.DIRECTOR_SIGNED, CITY_DEPUTY, on=date(2004, 12, 31))
