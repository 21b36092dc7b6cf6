"""Originals and summaries of archives, and who keeps them (R-71, C27)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING, RESPONSIBLE, OnDay, Reason, actor, itself
from services.registry.domain.archive.custody.assets import AssetKind, AssetState
from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.handlers.archive.custody import keep_asset
from services.registry.handlers.archive.custody.keep_asset import (
    HandAsset,
    RegisterAsset,
    ReportAsset,
)
from services.registry.storage.archive import freshness, reports
from services.registry.storage.archive.custody import UnknownAsset
from shared.contracts.values import Code, Label
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/archive-assets", tags=["archive custody"])
_ORDER = Keyset("asset_id uuid", descending=True)
_STEPS = Keyset("version integer", descending=True)


class AssetIn(OnDay):
    """What belongs to whose archive, and who keeps it."""

    customer_key: UUID
    kind: AssetKind
    label: Label
    keeper: Code


class Handing(OnDay):
    """Who keeps it from now on."""

    keeper: Code
    reason: Reason


class Condition(OnDay):
    """What happened to it in its keeper's hands."""

    condition: Literal[AssetState.DAMAGED, AssetState.LOST]
    reason: Reason


class AssetOut(BaseModel):
    """An asset; `borrower` has it now, otherwise its keeper."""

    asset_id: UUID
    customer_key: UUID
    kind: AssetKind
    label: str
    keeper: str
    borrower: str | None
    state: AssetState
    version: int


class AssetStep(BaseModel):
    """A step in the custody of an asset."""

    version: int
    keeper: str
    state: AssetState
    on: date
    by: str
    reason: str | None
    recorded_at: datetime


class SummaryLine(BaseModel):
    """A line of a summary list: how an account stands, and nothing confidential."""

    asset_id: UUID
    label: str
    customer_key: UUID
    customer_id: str | None
    name: str
    industry: str | None
    division_code: str
    owner_unit: str | None
    a_staff_code: str | None
    b_staff_code: str | None
    custodian: str | None
    updated_on: date | None
    due_on: date | None
    freshness: Literal["current", "overdue", "no-rule"]
    last_visited_on: date | None
    contracts: int
    originals: int
    lent: int


@router.post("", status_code=201, roles=RESPONSIBLE)
async def register(body: AssetIn, work: Commanding) -> AssetOut:
    """登记原件或一览表 / take an original or a summary into custody."""
    await itself(work, body.customer_key)
    asset = await keep_asset.register(work, RegisterAsset(by=actor(work), **body.model_dump()))
    return await _view(work, asset.asset_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    keeper: Code | None = None,
    kind: AssetKind | None = None,
) -> Page[AssetOut]:
    """资料保管一览 / assets of customers in sight."""
    return await page.read(
        work,
        f"{reports.ASSETS} AND (CAST(:key AS uuid) IS NULL OR t.customer_key = :key)"
        " AND (CAST(:keeper AS text) IS NULL OR t.keeper = :keeper)"
        " AND (CAST(:kind AS text) IS NULL OR t.kind = :kind)",
        _ORDER,
        _asset,
        key=customer_key,
        keeper=keeper,
        kind=kind and kind.value,
    )


@router.get("/summaries")
async def summaries(work: Reading, page: PageQuery) -> Page[SummaryLine]:
    """一览表 / the summary lists that the caller was given, a line for each customer (R-71)."""
    policy = await in_force(work, ArchiveFreshness, work.today)
    return await page.read(
        work,
        reports.SUMMARIES,
        _ORDER,
        _line,
        **freshness.parameters(policy.body, work.today),
        keeper=actor(work).staff_code,
    )


@router.get("/{asset_id}")
async def one(asset_id: UUID, work: Reading) -> AssetOut:
    """一件资料 / one asset."""
    return await _view(work, asset_id)


@router.get("/{asset_id}/history")
async def history(asset_id: UUID, work: Reading, page: PageQuery) -> Page[AssetStep]:
    """保管经过 / who kept it and what happened to it, the latest first."""
    return await page.read(work, reports.ASSET_STEPS, _STEPS, _step, id=asset_id)


@router.put("/{asset_id}/keeper", roles=ADMINISTERING)
async def hand_over(
    asset_id: UUID, body: Handing, expected_version: IfMatch, work: Commanding
) -> AssetOut:
    """更换保管人 / give it to another keeper."""
    await _view(work, asset_id)
    command = HandAsset(asset_id, body.keeper, actor(work), expected_version, body.reason, body.on)
    await keep_asset.hand_over(work, command)
    return await _view(work, asset_id)


@router.post("/{asset_id}/report")
async def report(
    asset_id: UUID, body: Condition, expected_version: IfMatch, work: Commanding
) -> AssetOut:
    """报告污损或遗失 / the keeper reports damage or loss."""
    await _view(work, asset_id)
    command = ReportAsset(
        *(asset_id, body.condition, actor(work), expected_version, body.reason, body.on)
    )
    await keep_asset.report_condition(work, command)
    return await _view(work, asset_id)


def _asset(row: RowMapping) -> AssetOut:
    return AssetOut(**row)


def _line(row: RowMapping) -> SummaryLine:
    return SummaryLine(**row)


def _step(row: RowMapping) -> AssetStep:
    return AssetStep(**row)


async def _view(work: Work, asset_id: UUID) -> AssetOut:
    row = await work.row(f"{reports.ASSETS} AND t.asset_id = :id", id=asset_id)
    if row is None:
        raise UnknownAsset(
            f"没有档案资料 {asset_id}", f"there is no asset {asset_id} that you may see"
        )
    return _asset(row)
