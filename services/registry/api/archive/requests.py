"""Requests to read an archive: made, decided by somebody else, taken back (R-70, R-73)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import Command, Reason, actor, in_sight
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.requests import AccessRequest, RequestState
from services.registry.handlers.archive.permits import decide_access, request_access
from services.registry.handlers.archive.permits.decide_access import DecideAccess
from services.registry.handlers.archive.permits.request_access import RequestAccess
from services.registry.storage.archive import reports
from services.registry.storage.archive.requests import UnknownRequest
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/archive-requests", tags=["archive permissions"])
_ORDER = Keyset("request_id uuid", descending=True)


class RequestIn(Command):
    """Which sections of whose archive, what for, and the last day."""

    customer_key: UUID
    sections: list[Section] = Field(min_length=1, max_length=len(Section))
    purpose: Reason = Field(pattern=r"\S")
    until_on: date


class Grounds(Command):
    """Why it is decided so."""

    reason: Reason | None = None


class RequestOut(BaseModel):
    """A request as it stands; a granted one opens nothing once `is_expired`."""

    request_id: UUID
    customer_key: UUID
    sections: list[Section]
    purpose: str
    requested_by: str
    requested_unit: str
    requested_on: date
    until_on: date
    state: RequestState
    decided_by: str | None
    decided_on: date | None
    is_expired: bool
    policy_version: int
    version: int


@router.post("", status_code=201)
async def ask(body: RequestIn, work: Commanding) -> RequestOut:
    """申请查阅档案 / ask to read an archive; the custodian or an approver decides."""
    await in_sight(work, body.customer_key)
    command = RequestAccess(by=actor(work), **body.model_dump())
    request = await request_access.handle(work, command)
    return await _view(work, request.request_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    requested_by: Code | None = None,
    state: RequestState | None = None,
) -> Page[RequestOut]:
    """查阅申请 / requests about customers in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.REQUESTS} AND (CAST(:key AS uuid) IS NULL OR r.customer_key = :key)"
        " AND (CAST(:by AS text) IS NULL OR r.requested_by = :by)"
        " AND (CAST(:state AS text) IS NULL OR r.state = :state)",
        _ORDER,
        _request,
        today=work.today,
        key=customer_key,
        by=requested_by,
        state=state and state.value,
    )


@router.get("/{request_id}")
async def one(request_id: UUID, work: Reading) -> RequestOut:
    """一件查阅申请 / one request."""
    return await _view(work, request_id)


@router.post("/{request_id}/grant")
async def grant(
    request_id: UUID, body: Grounds, expected_version: IfMatch, work: Commanding
) -> RequestOut:
    """批准查阅 / let the person read until the day asked for."""
    return await _settle(work, decide_access.grant, request_id, body, expected_version)


@router.post("/{request_id}/refuse")
async def refuse(
    request_id: UUID, body: Grounds, expected_version: IfMatch, work: Commanding
) -> RequestOut:
    """不予批准 / decline the request."""
    return await _settle(work, decide_access.refuse, request_id, body, expected_version)


@router.post("/{request_id}/revoke")
async def revoke(
    request_id: UUID, body: Grounds, expected_version: IfMatch, work: Commanding
) -> RequestOut:
    """收回许可 / take a permission back; it opens nothing from now on."""
    return await _settle(work, decide_access.revoke, request_id, body, expected_version)


async def _settle(
    work: Work,
    decide: Callable[[Work, DecideAccess], Awaitable[AccessRequest]],
    request_id: UUID,
    body: Grounds,
    expected_version: int,
) -> RequestOut:
    await _view(work, request_id)
    await decide(work, DecideAccess(request_id, actor(work), expected_version, body.reason))
    return await _view(work, request_id)


def _request(row: RowMapping) -> RequestOut:
    return RequestOut(**row)


async def _view(work: Work, request_id: UUID) -> RequestOut:
    row = await work.row(
        f"{reports.REQUESTS} AND r.request_id = :id", id=request_id, today=work.today
    )
    if row is None:
        raise UnknownRequest(
            f"没有申请 {request_id}", f"there is no request {request_id} that you may see"
        )
    return _request(row)
