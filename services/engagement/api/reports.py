"""Reports: duties by unit, accounts without a rule, ageing and breaches of complaints."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, PlainSerializer
from sqlalchemy import RowMapping

from services.engagement.domain.accounts.accounts import Gap
from services.engagement.domain.complaints.service_levels import Stage
from services.engagement.storage import reports
from shared.contracts.enterprise import ComplaintKind
from shared.http import Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/reports", tags=["reports"])
_SUPERVISING: frozenset[Role] = frozenset(
    {
        "auditor",
        "customer_administrator",
        "deputy_director",
        "director",
        "market_department",
        "province_administrator",
        "sales_director",
        "supervisor",
    }
)
_WATCHING: frozenset[Role] = _SUPERVISING | {"complaint_handler"}
Hours = Annotated[Decimal, PlainSerializer(lambda hours: format(hours, "f"), return_type=str)]


class DutiesOut(BaseModel):
    """Obligations of one unit and role; `unit` empty: the customer has no owner."""

    unit: str
    role: str
    met: int
    due: int
    overdue: int


class NoRuleOut(BaseModel):
    """An account that nobody owes anything, and why (C8)."""

    customer_key: UUID
    reason: Gap
    tier: str | None
    specialty_class: str | None
    visit_class: str | None
    unit: str


class SuspendedVisitOut(BaseModel):
    """A visit made although the customer was suspended (R-22)."""

    visit_id: UUID
    customer_key: UUID
    visited_on: date
    kind: str
    suspended_on: date
    unit: str | None


class AgeingOut(BaseModel):
    """Cases of one unit and kind: the open ones by age, and how long the closed ones took."""

    unit: str
    kind: ComplaintKind
    open: int
    open_1_day: int
    open_7_days: int
    open_30_days: int
    open_longer: int
    closed: int
    closed_in_24_hours: int
    median_hours_to_close: Hours | None


class BreachOut(BaseModel):
    """A time limit that passed unkept."""

    breach_id: UUID
    complaint_id: UUID
    customer_key: UUID | None
    round: int
    stage: Stage
    as_of: date
    due_at: datetime
    level: int
    unit: str
    levels_version: int


@router.get("/obligations", roles=_SUPERVISING)
async def duties(
    work: Reading, page: PageQuery, from_on: date, to_on: date, on: date | None = None
) -> Page[DutiesOut]:
    """各单位走访完成情况 / duties due between two days, by unit and role; overdue on a day."""
    keyset = Keyset("unit text", "role text")
    parameters = {"from_on": from_on, "to_on": to_on, "on": on or work.today}
    return await page.read(work, reports.OBLIGATIONS_BY_UNIT, keyset, _duties, **parameters)


@router.get("/no-rule", roles=_SUPERVISING)
async def no_rule(
    work: Reading, page: PageQuery, reason: Annotated[Gap | None, Query()] = None
) -> Page[NoRuleOut]:
    """无走访规则的客户 / accounts that no row of the plan covers (C8)."""
    return await page.read(
        work,
        f"{reports.NO_RULE} AND (CAST(:reason AS text) IS NULL OR a.gap = :reason)",
        Keyset("customer_key uuid"),
        _no_rule,
        on=work.today,
        reason=reason and reason.value,
    )


@router.get("/visits-after-suspension", roles=_SUPERVISING)
async def after_suspension(work: Reading, page: PageQuery) -> Page[SuspendedVisitOut]:
    """中止后的拜访 / visits made although the customer was suspended (R-22)."""
    keyset = Keyset("visited_on date", "visit_id uuid", descending=True)
    return await page.read(work, reports.VISITS_AFTER_SUSPENSION, keyset, _suspended)


@router.get("/complaint-ageing", roles=_WATCHING)
async def ageing(work: Reading, page: PageQuery, at: datetime | None = None) -> Page[AgeingOut]:
    """投诉时效 / open cases by age, closed ones by how long they took (E-46)."""
    keyset = Keyset("unit text", "kind text")
    return await page.read(work, reports.AGEING, keyset, _ageing, at=at or work.now)


@router.get("/complaint-breaches", roles=_WATCHING)
async def breaches(
    work: Reading, page: PageQuery, from_on: date | None = None, to_on: date | None = None
) -> Page[BreachOut]:
    """超时 / limits that passed unkept, the newest first (E-39)."""
    return await page.read(
        work,
        f"{reports.BREACHES} AND (CAST(:from_on AS date) IS NULL OR b.as_of >= :from_on)"
        " AND (CAST(:to_on AS date) IS NULL OR b.as_of <= :to_on)",
        Keyset("as_of date", "breach_id uuid", descending=True),
        _breach,
        from_on=from_on,
        to_on=to_on,
    )


def _duties(row: RowMapping) -> DutiesOut:
    return DutiesOut(**row)


def _no_rule(row: RowMapping) -> NoRuleOut:
    return NoRuleOut(**row)


def _suspended(row: RowMapping) -> SuspendedVisitOut:
    return SuspendedVisitOut(**row)


def _ageing(row: RowMapping) -> AgeingOut:
    return AgeingOut(**row)


def _breach(row: RowMapping) -> BreachOut:
    return BreachOut(**row)
