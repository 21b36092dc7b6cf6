"""Visits: recorded by those who made them (E-11, E-13, E-22, R-20)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.engagement.api.models import CodeQuery, Command, Money, WordQuery, Words
from services.engagement.domain.visits.verification import Verdict
from services.engagement.handlers import read_record
from services.engagement.handlers.visits import record_visit
from services.engagement.handlers.visits.record_visit import RecordVisit
from services.engagement.storage import reports
from shared.contracts.values import Amount, Code, Instant, Name, Word
from shared.directory.identities import SAME_CUSTOMER
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/visits", tags=["visits"])
_ORDER = Keyset("visited_on date", "visit_id uuid", descending=True)
_VISITING: frozenset[Role] = frozenset(
    {
        "account_manager",
        "branch_staff",
        "deputy_director",
        "director",
        "market_department",
        "sales_director",
        "specialty",
        "supervisor",
    }
)
_READING_WORDS: frozenset[Role] = _VISITING | {"auditor", "back_office", "telephone"}


class VisitIn(Command):
    """A visit that the caller led. `kind`: dedicated counts towards cadence; business, research."""

    customer_key: UUID
    kind: Word = "dedicated"
    channel: Word = "visit"
    target_level: Word = Field(
        description="对方层级 / rank at the customer: working-contact, key-decision-maker … (E-08)"
    )
    target_name: Name | None = None
    started_at: Instant
    ended_at: Instant | None = None
    content: Words
    companions: list[Code] = Field(default=[], max_length=20)
    expense: Amount | None = Field(default=None, gt=0, description="差旅费 / travel expense (E-25)")


class EarlyOut(BaseModel):
    """The customer had not been left alone long enough: a warning, not a block (E-13)."""

    previous_visit_id: UUID
    gap_days: int
    minimum_gap_days: int
    text_zh: str
    text_en: str


class VisitOut(BaseModel):
    """A visit without its words; `unit` and `roles` as they were on that day."""

    visit_id: UUID
    customer_key: UUID
    source_system: str | None
    source_ref: str | None
    kind: str
    channel: str
    target_level: str
    visitors: list[str]
    roles: list[str]
    unit: str | None
    started_at: datetime
    ended_at: datetime | None
    visited_on: date
    expense: Money | None
    is_too_early: bool
    verdict: Verdict | None
    recorded_by: str | None
    recorded_at: datetime
    version: int


class RecordedOut(VisitOut):
    """The new visit, with the warning if it came too early."""

    warning: EarlyOut | None


class VisitRecordOut(BaseModel):
    """What was written about a visit, and what was said when it was verified."""

    visit_id: UUID
    target_name: str
    content: str
    calls: list[str]


@router.post("", status_code=201, roles=_VISITING)
async def record(body: VisitIn, work: Commanding) -> RecordedOut:
    """登记拜访 / record a visit; its duties, its check by phone and its claim follow."""
    recorded = await record_visit.handle(work, RecordVisit(**body.model_dump()))
    visit = await _view(work, recorded.visit_id)
    early = recorded.warning
    warning = early and EarlyOut(
        previous_visit_id=early.previous_visit_id,
        gap_days=early.gap_days,
        minimum_gap_days=early.minimum_gap_days,
        text_zh=f"距上次拜访仅 {early.gap_days} 天，一般以 {early.minimum_gap_days} 天以上为宜",
        text_en=f"only {early.gap_days} days after the last contact; leave at least"
        f" {early.minimum_gap_days}",
    )
    return RecordedOut(**visit.model_dump(), warning=warning)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    staff_code: CodeQuery | None = None,
    kind: WordQuery | None = None,
    channel: WordQuery | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Page[VisitOut]:
    """拜访记录 / visits in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.VISITS}"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR v.customer_key = {SAME_CUSTOMER})"
        " AND (CAST(:staff_code AS text) IS NULL OR v.visit_id IN (SELECT p.visit_id"
        "      FROM visit_visitors p WHERE p.staff_code = :staff_code))"
        " AND (CAST(:kind AS text) IS NULL OR v.kind = :kind)"
        " AND (CAST(:channel AS text) IS NULL OR v.channel = :channel)"
        " AND (CAST(:from_on AS date) IS NULL OR v.visited_on >= :from_on)"
        " AND (CAST(:to_on AS date) IS NULL OR v.visited_on <= :to_on)",
        _ORDER,
        _visit,
        customer_key=customer_key,
        staff_code=staff_code,
        kind=kind,
        channel=channel,
        from_on=from_on,
        to_on=to_on,
    )


@router.get("/{visit_id}")
async def one(visit_id: UUID, work: Reading) -> VisitOut:
    """一次拜访 / one visit."""
    return await _view(work, visit_id)


@router.get("/{visit_id}/record", roles=_READING_WORDS, audited=True)
async def words(visit_id: UUID, work: Commanding) -> VisitRecordOut:
    """出差书面记录 / the written record; who reads it is noted."""
    record = await read_record.of_visit(work, visit_id)
    return VisitRecordOut(
        visit_id=record.visit_id,
        target_name=record.target_name,
        content=record.content,
        calls=list(record.calls),
    )


async def _view(work: Work, visit_id: UUID) -> VisitOut:
    row = await work.row(f"{reports.VISITS} AND v.visit_id = :id", id=visit_id)
    if row is None:
        raise NotFound("没有此拜访", "there is no such visit that you may see")
    return _visit(row)


def _visit(row: RowMapping) -> VisitOut:
    return VisitOut(**row)
