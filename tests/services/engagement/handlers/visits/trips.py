"""What a visit goes through, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.engagement.domain.visits.expenses import Step
from services.engagement.domain.visits.verification import Verdict
from services.engagement.handlers.visits import record_visit, sign_expense, verify_visit
from services.engagement.handlers.visits.record_visit import Recorded, RecordVisit
from services.engagement.handlers.visits.sign_expense import SignExpense
from services.engagement.handlers.visits.verify_visit import CallAboutVisit
from services.engagement.storage.visits import expenses, verifications
from shared.work import Work
from tests.services.engagement.events import at
from tests.services.engagement.stories import enter
from tests.support.cast import (
    BACK_OFFICE,
    ELECTRONICS,
    MANAGER_A,
    SALES_DIRECTOR,
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
