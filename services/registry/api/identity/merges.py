"""Merges: what both hold, the decision, the journal, and how a merge is undone (R-81)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import DECIDING, OnDay, Reason, actor, in_sight
from services.registry.domain.identity.merging import Obstacle, Remark, obstacles, remarks
from services.registry.domain.register.closing import Matter
from services.registry.domain.register.customers import CustomerState
from services.registry.handlers.identity import merge_customers
from services.registry.handlers.identity.merge_customers import MergeCustomers, UndoMerge
from services.registry.storage import reports
from services.registry.storage.identity import identities
from services.registry.storage.identity.identities import UnknownMerge
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/duplicates", tags=["duplicates"])
_ORDER = Keyset("recorded_at instant", "customer_key uuid", descending=True)


class SideOut(BaseModel):
    """What one of the two holds; `counts` are rows that stay with it for ever."""

    customer_key: UUID
    customer_id: str | None
    name: str
    short_name: str | None
    state: CustomerState
    unified_credit_code: str | None
    owner_unit: str
    a_staff_code: str | None
    b_staff_code: str | None
    codes: list[str]
    contracts: list[UUID]
    branches: int
    open_disputes: int
    pending_declarations: int
    counts: dict[str, int]
    under_way: dict[Matter, list[UUID]] = Field(
        default={}, description="须有人办结的事项 / what somebody has to finish, under its own key"
    )


class PreviewOut(BaseModel):
    """Both side by side; pass `preview` on when you merge, so that nothing changed meanwhile."""

    merged: SideOut
    survivor: SideOut
    obstacles: list[Obstacle]
    remarks: list[Remark]
    is_mergeable: bool
    preview: str


class MergeIn(OnDay):
    """The decision that `merged` is part of `survivor` from now on."""

    merged: UUID
    survivor: UUID
    reason: Reason
    preview: str = Field(max_length=100)


class UndoIn(OnDay):
    """Why they are two after all."""

    reason: Reason


class MergeOut(BaseModel):
    """An entry of the journal; without survivor the customer is itself again."""

    merge_id: UUID
    customer_key: UUID
    survivor: UUID | None
    version: int
    on: date
    by: str
    reason: str


class JournalEntry(MergeOut):
    """An entry with what both held when it was decided."""

    merged: SideOut
    survivor_then: SideOut
    recorded_at: datetime


@router.get("/merge-preview", roles=DECIDING, audited=True)
async def preview(
    work: Commanding,
    merged: Annotated[UUID, Query(description="被并入的客户 / who becomes part")],
    survivor: Annotated[UUID, Query(description="保留的客户 / who stays")],
) -> PreviewOut:
    """合并预览 / what both hold, and what stands against it."""
    await in_sight(work, merged)
    await in_sight(work, survivor)
    both = await identities.preview(work, merged, survivor)
    found = obstacles(both.merged, both.survivor)
    return PreviewOut(
        merged=SideOut.model_validate(both.sides["merged"]),
        survivor=SideOut.model_validate(both.sides["survivor"]),
        obstacles=list(found),
        remarks=list(remarks(both.merged, both.survivor)),
        is_mergeable=not found,
        preview=both.stamp,
    )


@router.post("/merges", status_code=201, roles=DECIDING)
async def merge(body: MergeIn, work: Commanding) -> MergeOut:
    """合并客户 / merge: rows keep their keys, both IDs stay known."""
    await in_sight(work, body.merged)
    await in_sight(work, body.survivor)
    decided = await merge_customers.handle(
        work,
        MergeCustomers(body.merged, body.survivor, actor(work), body.reason, body.preview, body.on),
    )
    return MergeOut.model_validate(decided, from_attributes=True)


@router.get("/merges")
async def journal(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[JournalEntry]:
    """合并记录 / the journal, the newest first, as far as in sight."""
    where = "" if customer_key is None else " AND :key IN (i.customer_key, i.survivor)"
    key = {} if customer_key is None else {"key": customer_key}
    return await page.read(work, f"{reports.MERGES}{where}", _ORDER, _entry, **key)


@router.post("/merges/{merge_id}/undo", roles=DECIDING)
async def undo(merge_id: UUID, body: UndoIn, work: Commanding) -> MergeOut:
    """撤销合并 / undo: the customer is itself again, by a newer entry of the journal."""
    customer_key = await identities.merged_by(work, merge_id)
    if customer_key is None:
        raise UnknownMerge(f"没有合并 {merge_id}", f"there is no merge {merge_id}")
    await in_sight(work, customer_key)
    decided = await merge_customers.undo(
        work, UndoMerge(customer_key, merge_id, actor(work), body.reason, body.on)
    )
    return MergeOut.model_validate(decided, from_attributes=True)


def _entry(row: RowMapping) -> JournalEntry:
    sides = row["preview"]
    return JournalEntry(**row, merged=sides["merged"], survivor_then=sides["survivor"])
