"""Requests of other units to market to a customer, and their answers (R-46)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.cases.marketing import MarketingRequest, NobodyNamed, RequestState
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work


class UnknownRequest(NotFound):
    """No such request, or none that the caller may know of."""

    code = "unknown-marketing-request"
    rule = "R-46"
    title_zh = "营销申请不存在"
    title_en = "Unknown marketing request"


async def named_by(work: Work, question_id: UUID, unit: str, position: int) -> UUID:
    """The customer that the answer to `unit`'s question names at `position`, from 0 on.

    So a unit asks about a customer whose file it may not see. Raises NobodyNamed.
    """
    key = await work.value(
        "SELECT CAST(answered -> :position ->> 'customer_key' AS uuid) FROM duplicate_questions"
        " WHERE question_id = :id AND unit = :unit",
        id=question_id,
        unit=unit,
        position=position,
    )
    if key is None:
        raise NobodyNamed(
            f"查询 {question_id} 的结果中没有第 {position} 个客户",
            f"the answer to {question_id} names no customer at position {position}",
            pointer="/question_id",
        )
    found: UUID = key
    return found


async def customer_of(work: Work, request_id: UUID) -> UUID:
    """The customer that a request is about; raises UnknownRequest."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM marketing_requests WHERE request_id = :id", id=request_id
    )
    if key is None:
        raise UnknownRequest(f"没有申请 {request_id}", f"there is no request {request_id}")
    return key


async def load(work: Work, request_id: UUID) -> MarketingRequest:
    """The request; its customer's row must be held."""
    row = await work.row("SELECT * FROM marketing_requests WHERE request_id = :id", id=request_id)
    assert row is not None, "requests are never deleted"
    return MarketingRequest(
        request_id=row["request_id"],
        customer_key=row["customer_key"],
        asking_unit=row["asking_unit"],
        asked_on=row["asked_on"],
        state=RequestState(row["state"]),
        until_on=row["until_on"],
        version=row["version"],
    )


async def add(
    work: Work, request: MarketingRequest, asked_by: str, purpose: str, business_line: str | None
) -> None:
    """Add a request."""
    await work.run(
        insert(tables.marketing_requests).values(
            request_id=request.request_id,
            customer_key=request.customer_key,
            asking_unit=request.asking_unit,
            asked_by=asked_by,
            asked_on=request.asked_on,
            purpose=purpose,
            business_line=business_line,
            state=request.state.value,
            version=request.version,
            recorded_at=work.now,
        )
    )


async def save_answer(
    work: Work, request: MarketingRequest, by: str, on: date, answer: str
) -> None:  # fmt: skip
    """Keep how the request was answered."""
    await work.run(
        "UPDATE marketing_requests SET state = :state, until_on = :until_on, version = :version,"
        " answered_by = :by, answered_on = :on, answer = :answer WHERE request_id = :id",
        {
            "state": request.state.value,
            "until_on": request.until_on,
            "version": request.version,
            "by": by,
            "on": on,
            "answer": answer,
            "id": request.request_id,
        },
    )
