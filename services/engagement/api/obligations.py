"""Obligations: what is owed to customers, by whom, and what became of it (E-02, E-04, C7, C13)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.engagement.api.models import CodeQuery, WordQuery
from services.engagement.domain.obligations.obligations import ObligationState
from services.engagement.storage import reports
from services.engagement.storage.obligations import windows
from shared.directory.identities import SAME_CUSTOMER
from shared.errors import NotFound
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/obligations", tags=["obligations"])
_ORDER = Keyset("due_on date", "obligation_id uuid")


class ObligationOut(BaseModel):
    """What one role owes one customer in one period; `staff_code`: the manager who has the role."""

    obligation_id: UUID
    customer_key: UUID
    rule: str
    role: str
    channel: str
    target_levels: list[str]
    first_on: date
    due_on: date
    minimum: int
    maximum: int | None
    done: int
    visit_ids: list[UUID]
    met_on: date | None
    scheme: str
    tier: str | None
    specialty_class: str | None
    visit_class: str | None
    plan_version: int
    unit: str | None
    manager_a: str | None
    manager_b: str | None
    staff_code: str | None
    state: ObligationState
    is_overdue: bool
    version: int


class DecisionOut(BaseModel):
    """A decision that it was missed, or what later revised it; neither is ever altered."""

    number: int
    kind: str
    reason: str | None
    as_of: date
    plan_version: int
    inputs: dict[str, Any]
    recorded_at: datetime


class ObligationView(ObligationOut):
    """An obligation with the window for the next contact (E-13) and its decisions."""

    window_from_on: date
    window_due_on: date
    decisions: list[DecisionOut]


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: ObligationState | None = None,
    customer_key: UUID | None = None,
    unit: Annotated[CodeQuery | None, Query(description="及其下属 / and those below")] = None,
    staff_code: CodeQuery | None = None,
    role: WordQuery | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
    is_overdue: Annotated[bool | None, Query(description="逾期未完成 / overdue")] = None,
    on: Annotated[date | None, Query(description="按某日判断逾期 / overdue on a day")] = None,
) -> Page[ObligationOut]:
    """走访义务 / obligations in sight, those due first first."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.OBLIGATIONS}) AS owed"
        " WHERE (CAST(:state AS text) IS NULL OR state = :state)"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})"
        " AND (CAST(:unit AS text) IS NULL OR unit IN"
        "      (SELECT below.unit FROM kit.unit_closure below WHERE below.ancestor = :unit))"
        " AND (CAST(:staff_code AS text) IS NULL OR staff_code = :staff_code)"
        " AND (CAST(:role AS text) IS NULL OR role = :role)"
        " AND (CAST(:due_from AS date) IS NULL OR due_on >= :due_from)"
        " AND (CAST(:due_to AS date) IS NULL OR due_on <= :due_to)"
        " AND (CAST(:is_overdue AS boolean) IS NULL OR is_overdue = :is_overdue)",
        _ORDER,
        _obligation,
        state=state and state.value,
        customer_key=customer_key,
        unit=unit,
        staff_code=staff_code,
        role=role,
        due_from=due_from,
        due_to=due_to,
        is_overdue=is_overdue,
        on=on or work.today,
    )


@router.get("/{obligation_id}")
async def one(obligation_id: UUID, work: Reading) -> ObligationView:
    """一项走访义务及其判定 / one obligation, the window for its next contact, its decisions."""
    row = await work.row(
        f"{reports.OBLIGATIONS} AND o.obligation_id = :id", id=obligation_id, on=work.today
    )
    if row is None:
        raise NotFound("没有此走访义务", "there is no such obligation that you may see")
    decisions = await work.rows(reports.OBLIGATION_DECISIONS, id=obligation_id)
    window = await windows.of(work, row)
    return ObligationView(
        **row,
        window_from_on=window.from_on,
        window_due_on=window.due_on,
        decisions=[DecisionOut(**decision) for decision in decisions],
    )


def _obligation(row: RowMapping) -> ObligationOut:
    return ObligationOut(**row)
