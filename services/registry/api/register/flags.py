"""Flags on data that could not be taken as it came: listed, and resolved by a person (X-11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.models import Purpose
from services.registry.api.archive.refused import note_refused
from services.registry.api.models import RESPONSIBLE, OnDay, Reason, actor, itself
from services.registry.domain.register.quality import (
    WORDS,
    FlagFinding,
    FlaggedField,
    FlagOutcome,
)
from services.registry.handlers.register import resolve_flag
from services.registry.handlers.register.resolve_flag import ResolveFlag
from services.registry.storage.register import quality, reports
from shared.directory import scope
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/customers", tags=["customers"], note_refused=note_refused)
_ORDER = Keyset("recorded_at instant", "flag_id uuid")
IsOpen = Annotated[bool | None, Query(description="true：未处理 / not resolved yet")]


class FlagOut(BaseModel):
    """What came, what the register holds instead, and how it was resolved if it was.

    A phone shows behind its mask; `said` below the flag tells it for a purpose (R-73).
    """

    flag_id: UUID
    customer_key: UUID
    name: str
    field: FlaggedField
    finding: FlagFinding
    zh: str
    en: str
    said: str
    kept: str | None
    system: str | None
    ref: str | None
    recorded_at: datetime
    outcome: FlagOutcome | None
    value: str | None
    reason: str | None
    on: date | None
    resolved_by: str | None


class SaidOut(BaseModel):
    """The text that came, as it came."""

    flag_id: UUID
    said: str


class ResolutionIn(OnDay):
    """`corrected` with the right value, or `confirmed`: looked at, stays as it is."""

    outcome: FlagOutcome
    value: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    reason: Reason


@router.get("/flags")
async def flags(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    field: FlaggedField | None = None,
    finding: FlagFinding | None = None,
    is_open: IsOpen = None,
) -> Page[FlagOut]:
    """数据质量标记 / flags of customers in sight."""
    return await page.read(
        work,
        reports.FLAGS,
        _ORDER,
        _flag,
        customer_key=customer_key,
        field=field and field.value,
        finding=finding and finding.value,
        is_open=is_open,
    )


@router.get("/{customer_key}/flags/{flag_id}/said", roles=RESPONSIBLE | {"auditor"}, audited=True)
async def said(customer_key: UUID, flag_id: UUID, purpose: Purpose, work: Commanding) -> SaidOut:
    """标记原文 / what came, whole, for a purpose; who reads it is logged (R-73)."""
    await scope.require(work, customer_key, "archive")
    found = await quality.read_said(work, customer_key, flag_id, purpose)
    return SaidOut(flag_id=flag_id, said=found)


@router.post("/{customer_key}/flags/{flag_id}/resolve", roles=RESPONSIBLE)
async def resolve(
    customer_key: UUID,
    flag_id: UUID,
    body: ResolutionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> FlagOut:
    """处理标记 / correct the field or confirm it; who, when and why are kept."""
    await itself(work, customer_key)
    command = ResolveFlag(customer_key, flag_id, actor(work), expected_version, **body.model_dump())
    await resolve_flag.handle(work, command)
    row = await work.row(
        f"SELECT * FROM ({reports.FLAGS}) listed WHERE flag_id = :flag_id",
        flag_id=flag_id,
        customer_key=customer_key,
        **dict.fromkeys(("field", "finding", "is_open")),
    )
    assert row is not None, "it was resolved in this transaction"
    return _flag(row)


def _flag(row: RowMapping) -> FlagOut:
    zh, en = WORDS[FlagFinding(row["finding"])]
    return FlagOut(**row, zh=zh, en=en)
