"""Facts about something not known yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from shared.http.paging import Keyset, Page, PageQuery
from shared.http.routing import Reading, Router
from shared.messaging import waiting

router = Router(prefix="/v1/waiting", tags=["waiting facts"])

_ORDER = Keyset("id uuid")


class WaitingFact(BaseModel):
    """What a fact waits for, and since when; never its content."""

    id: UUID
    kind: str
    key: str
    subject: str
    system: str
    event_id: str
    ref: str | None
    since: datetime


@router.get("", roles={"operator"})
async def listing(work: Reading, page: PageQuery) -> Page[WaitingFact]:
    """等待中的事实，先到者在前 / what waits, oldest first"""
    after = page.start(_ORDER).get("page_0")
    rows = await waiting.listing(work, after=after, limit=page.size + 1)
    return page.of(rows, _ORDER, lambda row: WaitingFact(**row))
