"""Facts that could not be taken: seen, replayed and discarded by operators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.http.paging import Keyset, Page, PageQuery
from shared.http.routing import Commanding, Reading, Router
from shared.messaging import dead_letters

router = Router(prefix="/v1/dead-letters", tags=["dead letters"])

_ORDER = Keyset("id uuid")


class DeadLetter(BaseModel):
    """A letter without its message."""

    id: UUID
    subject: str
    system: str
    source: str | None
    event_id: str | None
    ref: str | None
    code: str
    reason: dict[str, Any]
    state: str
    received_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


class OpenedLetter(DeadLetter):
    """A letter with its message, which may hold personal data."""

    message: dict[str, Any]


class Discard(BaseModel):
    """Why a letter is closed for good."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


@router.get("", roles={"operator"})
async def listing(
    work: Reading, page: PageQuery, state: Literal["open", "replayed", "discarded"] = "open"
) -> Page[DeadLetter]:
    """死信列表，不含内容 / letters in order of arrival, without their content"""
    after = page.start(_ORDER).get("page_0")
    rows = await dead_letters.listing(work, state=state, after=after, limit=page.size + 1)
    return page.of(rows, _ORDER, lambda row: DeadLetter(**row))


@router.get("/{letter_id}", roles={"operator"}, audited=True)
async def show(letter_id: UUID, work: Commanding) -> OpenedLetter:
    """打开一封死信；读取会被记录 / open one letter; the read is recorded"""
    return OpenedLetter(**await dead_letters.show(work, letter_id, work.person.staff_code))


@router.post("/{letter_id}/replay", roles={"operator"}, idempotent=False, status_code=204)
async def replay(letter_id: UUID, work: Commanding, request: Request) -> Response:
    """在本服务内重新处理 / run it through the same handler again, in this service"""
    await request.app.state.process.receiver.replay(letter_id, work.person.staff_code)
    return Response(status_code=204)


@router.post("/{letter_id}/discard", roles={"operator"}, idempotent=False, status_code=204)
async def discard(letter_id: UUID, body: Discard, work: Commanding) -> Response:
    """注明理由后永久关闭 / close it for good, saying why"""
    await dead_letters.discard(work, letter_id, work.person.staff_code, body.reason)
    return Response(status_code=204)
