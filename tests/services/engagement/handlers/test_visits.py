"""Visits: recorded or reported, checked by phone, and paid for only when in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.engagement.domain.expenses import (
    OutOfTurn,
    RecordMissing,
    SamePerson,
    Step,
    StepForAnotherRole,
)
from services.engagement.domain.verification import AlreadyVerified, Verdict, VerifierWasThere
from services.engagement.handlers import record_visit, sign_expense, verify_visit
from services.engagement.handlers.record_visit import Recorded, RecordVisit
from services.engagement.handlers.sign_expense import SignExpense
from services.engagement.handlers.verify_visit import CallAboutVisit
from services.engagement.storage import expenses, verifications
from shared import policy
from shared.calendar import load, read_calendar
from shared.directory.customers import SuspendedCustomer, UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, NotFound, StaleVersion
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, visited
from tests.services.engagement.stories import (
    comprehensive_gold,
    enter,
    receive,
    refused,
    states,
    sweep,
    told,
    waiting,
)
from tests.support.cast import (
    BACK_OFFICE,
    CITY_DEPUTY,
    CITY_DIRECTOR,
    DECLARED,
    ELECTRONICS,
    MANAGER_A,
    MANAGER_B,
    OTHER_CITY_MANAGER,
    SALES_DIRECTOR,
    SUSPENDED,
    TELEPHONE,
    Person,
)

SECOND_CLERK = Person("G097", "钱进", "GZ", ("back_office",))
MONDAY = date(2026, 3, 16)
"""The business day of a test."""
BY_MANAGER = RecordVisit(
    customer_key=ELECTRONICS.key,
    kind="dedicated",
    channel="visit",
    target_level="department-head",
    started_at=at(date(2026, 3, 13)),
    content="与采购部王经理商定二季度用邮计划",
    target_name="王经理",
)


async def record(work: Work, person: Person = MANAGER_A, **changes: Any) -> Recorded:
    await enter(work, person)
    return await record_visit.handle(work, replace(BY_MANAGER, **changes))


async def call(work: Work, visit_id: UUID, found: Verdict, person: Person = TELEPHONE) -> None:
    kept = await verifications.of_visit(work, visit_id)
    assert kept is not None
    await enter(work, person)
    await verify_visit.handle(work, CallAboutVisit(visit_id, found, kept.version, note="核对日期"))


async def sign(work: Work, visit_id: UUID, step: Step, person: Person, **more: Any) -> None:
    claim = await expenses.of_visit(work, visit_id)
    assert claim is not None
    await enter(work, person)
    version = claim.expense.version
    command = SignExpense(claim.expense.expense_id, step, version, **more)
    await sign_expense.handle(work, command)


async def sign_all(work: Work, visit_id: UUID) -> None:
    await sign(work, visit_id, Step.DIRECTOR_SIGNED, SALES_DIRECTOR)
    await sign(work, visit_id, Step.ENTERED, BACK_OFFICE)
    await sign(work, visit_id, Step.QUALIFIED, SECOND_CLERK)


async def state_of_claim(work: Work, visit_id: UUID) -> str:
    claim = await expenses.of_visit(work, visit_id)
    assert claim is not None
    return claim.expense.state.value


async def test_a_visitor_records_a_visit_and_it_is_told_without_words_or_names(work: Work) -> None:
    recorded = await record(work, companions=(MANAGER_B.code,))
    (fact,) = told(work, "visit_recorded")
    assert fact["visit_id"] == str(recorded.visit_id)
    assert fact["visitors"] == [MANAGER_A.code, MANAGER_B.code]
    assert (fact["roles"], fact["unit"]) == (["account_manager"], "GZ")
    assert fact["occurred_on"] == "2026-03-13"
    assert "王" not in str(fact)
    sealed = await work.row("SELECT content, target_name FROM visits")
    assert sealed is not None
    assert "王".encode() not in bytes(sealed["content"]) + bytes(sealed["target_name"])


async def test_R_20_nobody_visits_a_customer_that_is_not_approved_except_for_research(
    work: Work,
) -> None:
    with pytest.raises(UnapprovedCustomer):
        await record(work, customer_key=DECLARED.key)
    await record(work, customer_key=DECLARED.key, kind="research")
    with pytest.raises(SuspendedCustomer):
        await record(work, customer_key=SUSPENDED.key)
    with pytest.raises(UnapprovedCustomer):
        await record(work, customer_key=UUID(int=7), kind="research")


async def test_another_city_cannot_record_a_visit(work: Work) -> None:
    with pytest.raises(OutOfScope):
        await record(work, OTHER_CITY_MANAGER)


async def test_what_has_not_happened_cannot_be_recorded(work: Work) -> None:
    with pytest.raises(InTheFuture):
        await record(work, started_at=at(date(2026, 3, 17)))
    with pytest.raises(Invalid):
        await record(work, ended_at=at(date(2026, 3, 12)))
    with pytest.raises(Invalid):
        await record(work, companions=("NOBODY",))


async def test_E_13_a_visit_after_two_days_is_recorded_with_a_warning(work: Work) -> None:
    first = await record(work, started_at=at(date(2026, 3, 9)))
    second = await record(work, MANAGER_B, started_at=at(date(2026, 3, 11)))
    third = await record(work, started_at=at(date(2026, 3, 14)))
    assert first.warning is None
    assert second.warning is not None
    assert (second.warning.gap_days, second.warning.minimum_gap_days) == (2, 3)
    assert third.warning is None
    assert [f["is_too_early"] for f in told(work, "visit_recorded")] == [False, True, False]


async def test_E_13_a_visit_that_becomes_known_late_shows_that_another_came_too_early(
    work: Work,
) -> None:
    await record(work, started_at=at(date(2026, 3, 11)))
    await record(work, MANAGER_B, started_at=at(date(2026, 3, 10)))
    facts = told(work, "visit_recorded")
    assert [(f["entity"]["version"], f["is_too_early"]) for f in facts] == [
        (1, False),
        (1, False),
        (2, True),
    ]


async def test_R_20_a_reported_visit_to_a_customer_not_approved_waits_and_research_does_not(
    work: Work,
) -> None:
    await receive(
        work,
        visited("V1", DECLARED, date(2026, 3, 10)),
        visited("V2", DECLARED, date(2026, 3, 10), kind="research"),
        visited("V3", ELECTRONICS, date(2026, 3, 10)),
    )
    assert await waiting(work) == [("customer", f"erp:{DECLARED.code}")]
    assert await work.value("SELECT count(*) FROM visits") == 2


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


async def test_E_26_every_trip_is_to_be_verified_within_three_working_days(work: Work) -> None:
    trip = await record(work)
    phoned = await record(work, MANAGER_B, channel="phone")
    kept = await verifications.of_visit(work, trip.visit_id)
    assert kept is not None
    assert (kept.reported_on, kept.verification.due_on) == (MONDAY, date(2026, 3, 19))
    assert await verifications.of_visit(work, phoned.visit_id) is None


async def test_E_26_the_verdict_is_told_and_given_once(work: Work) -> None:
    visit_id = (await record(work)).visit_id
    await call(work, visit_id, Verdict.NO_ANSWER)
    assert told(work, "visit_verified") == []
    await call(work, visit_id, Verdict.CONFIRMED)
    (fact,) = told(work, "visit_verified")
    assert (fact["verdict"], fact["attempts"], fact["verified_by"]) == (
        "confirmed",
        2,
        TELEPHONE.code,
    )
    with pytest.raises(AlreadyVerified):
        await call(work, visit_id, Verdict.DIFFERS)
    notes = await work.rows("SELECT note FROM verification_calls")
    assert all("核对".encode() not in bytes(row["note"]) for row in notes)


async def test_E_26_a_visitor_with_a_telephone_job_may_not_verify_his_own_visit(
    work: Work,
) -> None:
    visit_id = (await record(work, companions=(TELEPHONE.code,))).visit_id
    with pytest.raises(VerifierWasThere):
        await call(work, visit_id, Verdict.CONFIRMED)
    with pytest.raises(VerifierWasThere):
        await call(work, visit_id, Verdict.CONFIRMED, MANAGER_A)


async def test_E_26_who_saw_an_older_version_calls_in_vain(work: Work) -> None:
    visit_id = (await record(work)).visit_id
    await enter(work, TELEPHONE)
    with pytest.raises(StaleVersion):
        await verify_visit.handle(work, CallAboutVisit(visit_id, Verdict.CONFIRMED, 9))
    with pytest.raises(NotFound):
        await verify_visit.handle(work, CallAboutVisit(UUID(int=1), Verdict.CONFIRMED, 1))


async def test_E_26_a_visit_that_differs_meets_no_obligation(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, date(2026, 3, 1))
    visit_id = (await record(work)).visit_id
    key = ("centre-comprehensive-gold-monthly", date(2026, 3, 1))
    assert (*key, "met", 1) in await states(work, ELECTRONICS)
    await call(work, visit_id, Verdict.DIFFERS)
    assert (*key, "due", 0) in await states(work, ELECTRONICS)


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


async def test_visits_from_before_the_site_began_raise_no_deadline_and_no_claim(
    work: Work,
) -> None:
    await sweep(work, NEW_YEAR)
    await receive(
        work,
        visited("V1", ELECTRONICS, date(2024, 12, 31), expense="99.00"),
        visited("V2", ELECTRONICS, NEW_YEAR, expense="99.00"),
    )
    assert await work.value("SELECT count(*) FROM visits") == 2
    assert await work.value("SELECT count(*) FROM verifications") == 1
    assert await work.value("SELECT count(*) FROM expenses") == 1


async def test_a_deadline_on_a_calendar_not_announced_is_counted_anew_when_it_is(
    work: Work,
) -> None:
    work.now = datetime.fromisoformat("2027-09-30T10:00:00+08:00")
    work.today = date(2027, 9, 30)
    recorded = await record(work, started_at=at(date(2027, 9, 29)))
    kept = await verifications.of_visit(work, recorded.visit_id)
    assert kept is not None
    assert (kept.verification.due_on, kept.verification.is_provisional) == (
        date(2027, 10, 5),
        True,
    )
    await load(work, read_calendar(_YEAR_2027), "test")
    await sweep(work, date(2027, 10, 1))
    kept = await verifications.of_visit(work, recorded.visit_id)
    assert kept is not None
    assert (kept.verification.due_on, kept.verification.is_provisional) == (
        date(2027, 10, 12),
        False,
    )


def _off(*days: str) -> str:
    return "\n".join(f"{day},no,假日" for day in days)


_YEAR_2027 = "date,is_working,name\n" + _off(
    *("2027-01-01", "2027-02-06", "2027-04-05", "2027-05-01", "2027-06-09", "2027-09-15"),
    *(f"2027-10-0{day}" for day in range(1, 8)),
)


async def test_without_a_gate_in_force_nothing_can_be_signed(work: Work) -> None:
    visit_id = (await record(work, expense=Decimal("320.50"))).visit_id
    with pytest.raises(policy.NoPolicyInForce):
        await sign(work, visit_id, Step.DIRECTOR_SIGNED, CITY_DEPUTY, on=date(2004, 12, 31))
