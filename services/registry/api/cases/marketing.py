"""Requests to market to another unit's customer, notices, and who sells beside the owner (R-46)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING, RESPONSIBLE, OnDay, Reason, actor
from services.registry.domain.cases.marketing import RequestState
from services.registry.handlers.cases import ask_to_market
from services.registry.handlers.cases.ask_to_market import AnswerRequest, AskToMarket
from services.registry.storage.cases import notices as notice_storage
from services.registry.storage.cases import reports
from services.registry.storage.cases.marketing import UnknownRequest
from shared.contracts.values import Label
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.moments import business_day
from shared.work import Work

router = Router(prefix="/v1", tags=["marketing"])
_REQUESTS = Keyset("asked_on date", "request_id uuid", descending=True)
_NOTICES = Keyset("noticed_on date", "notice_id uuid", descending=True)
_SELLING = Keyset("customer_key uuid", "unit text")
_A_YEAR = timedelta(days=365)


class MarketingIn(OnDay):
    """Which customer is meant: the `position`, from 0 on, in the answer to the own question.

    Ask `POST /v1/duplicates/check` first: the file stays closed until the owner agrees.
    """

    question_id: UUID
    position: int = Field(default=0, ge=0, le=1000)
    purpose: Reason
    business_line: Label | None = None


class AnswerIn(OnDay):
    """Consent until a day; left out, the request is declined."""

    answer: Reason
    until_on: date | None = None


class MarketingOut(BaseModel):
    """A request; the customer's key only for whoever may see the customer."""

    request_id: UUID
    customer_key: UUID | None
    asking_unit: str
    asked_by: str
    asked_on: date
    purpose: str
    business_line: str | None
    state: RequestState
    answered_on: date | None
    answer: str | None
    until_on: date | None
    version: int


class NoticeOut(BaseModel):
    """What a unit must know, and who has taken note of it."""

    notice_id: UUID
    unit: str
    kind: str
    subject_id: UUID | None
    noticed_on: date
    read_by: str | None
    read_on: date | None


class SellingOut(BaseModel):
    """A unit that met another unit's customer; `is_agreed` if the owner had consented."""

    customer_key: UUID
    name: str
    owner_unit: str
    unit: str
    visits: int
    contracts: int
    last_on: date
    is_agreed: bool


@router.post("/marketing-requests", status_code=201, roles=RESPONSIBLE)
async def ask(body: MarketingIn, work: Commanding) -> MarketingOut:
    """申请营销其他单位客户 / ask the responsible unit before marketing to its customer (R-46)."""
    command = AskToMarket(by=actor(work), **body.model_dump())
    request = await ask_to_market.ask(work, command)
    return await _request(work, request.request_id)


@router.get("/marketing-requests")
async def requests(
    work: Reading, page: PageQuery, state: RequestState | None = None
) -> Page[MarketingOut]:
    """营销申请 / the own requests and those about customers in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.REQUESTS} AND (CAST(:state AS text) IS NULL OR r.state = :state)",
        _REQUESTS,
        _marketing,
        state=state and state.value,
    )


@router.post("/marketing-requests/{request_id}/answer", roles=RESPONSIBLE)
async def answer(
    request_id: UUID, body: AnswerIn, expected_version: IfMatch, work: Commanding
) -> MarketingOut:
    """答复营销申请 / agree until a day, or decline (R-46)."""
    await _request(work, request_id)
    command = AnswerRequest(
        request_id=request_id,
        by=actor(work),
        expected_version=expected_version,
        **body.model_dump(),
    )
    await ask_to_market.answer(work, command)
    return await _request(work, request_id)


@router.get("/notices")
async def notices(work: Reading, page: PageQuery, is_read: bool | None = None) -> Page[NoticeOut]:
    """告知 / what the own unit and those below it must know, the newest first (R-43, R-46)."""
    return await page.read(
        work,
        f"{reports.NOTICES} AND (CAST(:is_read AS boolean) IS NULL"
        " OR (n.read_on IS NOT NULL) = :is_read)",
        _NOTICES,
        _notice,
        is_read=is_read,
    )


@router.post("/notices/{notice_id}/read", roles=RESPONSIBLE)
async def take_note(notice_id: UUID, body: OnDay, work: Commanding) -> NoticeOut:
    """签收告知 / take note for the own unit."""
    by = actor(work)
    on = business_day(body.on, work.today)
    await notice_storage.take_note(work, notice_id, by.unit, by.staff_code, on)
    row = await work.row(f"{reports.NOTICES} AND n.notice_id = :id", id=notice_id)
    assert row is not None, "a notice of the own unit is in sight"
    return NoticeOut(**row)


@router.get(
    "/reports/multi-selling",
    roles=ADMINISTERING | {"market_department", "supervisor", "province_administrator", "auditor"},
)
async def multi_selling(
    work: Reading, page: PageQuery, since: date | None = None
) -> Page[SellingOut]:
    """多头营销 / customers met by units other than those responsible, by default in a year."""
    since = since or work.today - _A_YEAR
    return await page.read(
        *(work, reports.MULTI_SELLING, _SELLING, _selling), since=since, today=work.today
    )


def _marketing(row: RowMapping) -> MarketingOut:
    return MarketingOut(**row)


def _notice(row: RowMapping) -> NoticeOut:
    return NoticeOut(**row)


def _selling(row: RowMapping) -> SellingOut:
    return SellingOut(**row)


async def _request(work: Work, request_id: UUID) -> MarketingOut:
    row = await work.row(f"{reports.REQUESTS} AND r.request_id = :id", id=request_id)
    if row is None:
        raise UnknownRequest(
            f"没有申请 {request_id}", f"there is no request {request_id} that you may see"
        )
    return MarketingOut(**row)
