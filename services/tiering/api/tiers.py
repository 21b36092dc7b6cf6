"""Tiers: of a day, of a customer, their history, distribution and movers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.tiering.api.models import SchemeName
from services.tiering.storage.tiers import tier_reports
from shared.contracts.values import Day
from shared.http import Page, PageQuery, Reading, Router

router = Router(prefix="/v1/tiers", tags=["tiers"])


class TierOut(BaseModel):
    """A customer's tier in one scheme from `effective_on` on; `tier` null: none."""

    customer_key: UUID
    scheme: str
    version: int
    scheme_version: int
    before: str | None
    tier: str | None
    rank: int | None
    is_above_range: bool
    is_override: bool
    effective_on: date
    decided_by: str
    proposal_id: UUID
    score_id: UUID
    governs: list[str]


class TierCount(BaseModel):
    """How many customers have a tier on a day; `tier` null: placed below every tier."""

    tier: str | None
    rank: int | None
    customers: int


class Distribution(BaseModel):
    """All tiers of one scheme on one day, the highest first."""

    scheme: str
    on: date
    tiers: list[TierCount]


class Mover(BaseModel):
    """A customer whose tier differs between two days."""

    customer_key: UUID
    direction: Literal["up", "down", "in", "out", "redefined"]
    before: str | None
    after: str | None
    effective_on: date


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    scheme: SchemeName,
    on: Annotated[Day | None, Query(description="某日，默认今天 / a day, today")] = None,
    tier: str | None = None,
) -> Page[TierOut]:
    """某日各客户的等级 / every customer's tier on a day"""
    return await tier_reports.tiers(
        work, page, TierOut, scheme=scheme, on=on or work.today, tier=tier
    )


@router.get("/distribution")
async def distribution(work: Reading, scheme: SchemeName, on: Day | None = None) -> Distribution:
    """某日的等级分布 / how many customers have which tier on a day"""
    day = on or work.today
    counts = await tier_reports.distribution(work, scheme, day)
    return Distribution(scheme=scheme, on=day, tiers=[TierCount(**row) for row in counts])


@router.get("/movers")
async def movers(
    work: Reading, page: PageQuery, scheme: SchemeName, from_on: Day, to_on: Day
) -> Page[Mover]:
    """两日之间等级有变的客户 / customers whose tier differs between two days"""
    return await tier_reports.movers(work, page, Mover, scheme=scheme, from_on=from_on, to_on=to_on)


@router.get("/customers/{customer_key}")
async def of_customer(customer_key: UUID, work: Reading, on: Day | None = None) -> list[TierOut]:
    """一个客户某日在各方案中的等级 / a customer's tiers on a day, in every scheme"""
    rows = await tier_reports.tiers_of(work, customer_key, on or work.today)
    return [TierOut(**row) for row in rows]


@router.get("/customers/{customer_key}/history")
async def history(
    customer_key: UUID, work: Reading, page: PageQuery, scheme: SchemeName
) -> Page[TierOut]:
    """等级变更历史 / all versions of a customer's tier in a scheme, the first one first"""
    return await tier_reports.tier_history(work, page, TierOut, customer_key, scheme)
