"""What a case goes through, step by step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.engagement.domain.complaints.complaints import CallBack
from services.engagement.handlers.complaints import (
    answer_complaint,
    assign_complaint,
    call_customer_back,
    resolve_complaint,
)
from services.engagement.handlers.complaints.answer_complaint import AnswerComplaint
from services.engagement.handlers.complaints.assign_complaint import AssignComplaint
from services.engagement.handlers.complaints.call_customer_back import CallCustomerBack
from services.engagement.handlers.complaints.resolve_complaint import ResolveComplaint
from services.engagement.storage.complaints import complaints
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.engagement.events import at, complained
from tests.services.engagement.stories import enter, receive, sweep, told
from tests.support.cast import COMPLAINT_HANDLER, COUNTY_MANAGER, ELECTRONICS, Customer

FRIDAY = date(2025, 3, 14)

NINE = at(FRIDAY)

HOUR = timedelta(hours=1)

PROVINCIAL = "guangdong-post-2005"

NOBODY = Customer("C-9999", "查无此人", "GZ", "440106")


async def case_of(work: Work, ref: str, system: str = "erp") -> KeptCase:
    kept = await complaints.one(work, derived_id("complaint", system, ref))
    assert kept is not None
    return kept


async def opened(work: Work, ref: str = "K1", customer: Customer | None = ELECTRONICS) -> UUID:
    """A live case of Friday nine o'clock."""
    await sweep(work, FRIDAY)
    await receive(work, complained(ref, NINE, customer))
    return (await case_of(work, ref)).case.complaint_id


async def version(work: Work, complaint_id: UUID) -> int:
    kept = await complaints.one(work, complaint_id)
    assert kept is not None
    return kept.version


async def assign(work: Work, complaint_id: UUID, moment: datetime = NINE + HOUR) -> KeptCase:
    await enter(work, COMPLAINT_HANDLER)
    seen = await version(work, complaint_id)
    command = AssignComplaint(complaint_id, "GZ-TH", seen, COUNTY_MANAGER.code, moment)
    return await assign_complaint.handle(work, command)


async def answer(work: Work, complaint_id: UUID, moment: datetime) -> KeptCase:
    await enter(work, COUNTY_MANAGER)
    seen = await version(work, complaint_id)
    return await answer_complaint.handle(
        work, AnswerComplaint(complaint_id, "已致电说明延误原因", seen, moment)
    )


async def resolve(work: Work, complaint_id: UUID, moment: datetime, text: str = "补投") -> KeptCase:
    await enter(work, COUNTY_MANAGER)
    seen = await version(work, complaint_id)
    command = ResolveComplaint(complaint_id, "upheld", text, seen, moment)
    return await resolve_complaint.handle(work, command)


async def call_back(work: Work, complaint_id: UUID, said: CallBack, moment: datetime) -> KeptCase:
    await enter(work, COMPLAINT_HANDLER)
    seen = await version(work, complaint_id)
    return await call_customer_back.handle(
        work, CallCustomerBack(complaint_id, said, seen, "客户回复", moment)
    )


def stages(fact: dict[str, Any]) -> list[str]:
    return [clock["stage"] for clock in fact["clocks"]]


def breached(work: Work) -> list[tuple[str, int]]:
    return [(f["stage"], f["level"]) for f in told(work, "complaint_breached")]
