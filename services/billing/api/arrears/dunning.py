"""Dunning: who was asked for what and when, and who is left alone (B-13, B-17, B-24)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.billing.api.models import FINANCE, Command, OnDay, Reason, one
from services.billing.domain.arrears.dunning import WithdrawnBecause
from services.billing.handlers.arrears import leave_alone
from services.billing.handlers.arrears.leave_alone import DunAgain, LeaveAlone
from services.billing.storage.arrears import reports
from services.billing.storage.arrears.dunning_exclusions import UnknownExclusion
from shared.contracts.values import Amount, Day
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/dunning", tags=["dunning"])
exclusions = Router(prefix="/v1/dunning-exclusions", tags=["dunning"])
_ORDER = Keyset("raised_on date", "dunning_id uuid", descending=True)
_EXCLUSIONS = Keyset("from_on date", "exclusion_id uuid", descending=True)
_HOLDS = Keyset("opened_on date", "complaint_id uuid", descending=True)
_EXCLUDING: frozenset[Role] = FINANCE | {"director", "deputy_director"}


class UnknownDunning(NotFound):
    """No such letter, or none that the caller may know of."""

    code = "unknown-dunning"
    title_zh = "没有此催收"
    title_en = "No such dunning letter"


class DunningOut(BaseModel):
    """A step towards a customer; `overdue` is what was owed then of what was not withdrawn."""

    dunning_id: UUID
    customer_key: UUID
    level: int
    step: str
    raised_on: date
    overdue: Amount
    oldest_due_on: date
    instalments: int
    withdrawn_on: date | None
    policy_version: int
    version: int


class DunnedItemOut(BaseModel):
    """An instalment that a letter names, and why it should not have."""

    receivable_id: UUID
    ref: str
    instalment: int
    due_on: date
    balance: Amount
    withdrawn_on: date | None
    withdrawn_because: WithdrawnBecause | None


class DunningWithItems(DunningOut):
    """A letter with what it names."""

    items: list[DunnedItemOut]


class HoldOut(BaseModel):
    """A complaint that disputes a charge; the charge may not be known yet."""

    complaint_id: UUID
    system: str
    ref: str
    receivable_id: UUID | None
    opened_on: date
    closed_on: date | None


class ExclusionIn(Command):
    """Whom to leave alone, why, and until when (the last day)."""

    customer_key: UUID
    reason: Reason
    until_on: Day | None = None
    on: OnDay = None


class EndIn(Command):
    """The day from which the customer is dunned again."""

    on: OnDay = None


class ExclusionOut(BaseModel):
    """A customer who is not dunned from the first to the last day, both included."""

    exclusion_id: UUID
    customer_key: UUID
    from_on: date
    until_on: date | None
    reason: str
    excluded_by: str
    ended_by: str | None
    version: int


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    receivable_id: UUID | None = None,
    level: Annotated[int | None, Query(ge=1, le=99)] = None,
    raised_on: date | None = None,
) -> Page[DunningOut]:
    """催收清单 / letters in sight, the latest first."""
    return await page.read(
        work,
        reports.DUNNINGS,
        _ORDER,
        lambda row: DunningOut(**row),
        dunning_id=None,
        customer_key=customer_key,
        receivable_id=receivable_id,
        level=level,
        raised_on=raised_on,
    )


@router.get("/holds")
async def holds(work: Reading, page: PageQuery, customer_key: UUID | None = None) -> Page[HoldOut]:
    """争议中暂缓催收 / complaints that hold dunning, the latest first."""
    return await page.read(
        work,
        reports.DUNNING_HOLDS,
        _HOLDS,
        lambda row: HoldOut(**row),
        customer_key=customer_key,
    )


@router.get("/{dunning_id}")
async def shown(dunning_id: UUID, work: Reading) -> DunningWithItems:
    """一次催收及其所列款项 / one letter with the instalments that it names."""
    row = await one(
        work,
        reports.DUNNINGS,
        UnknownDunning,
        dunning_id=dunning_id,
        customer_key=None,
        receivable_id=None,
        level=None,
        raised_on=None,
    )
    items = await work.rows(reports.DUNNED_ITEMS, dunning_id=dunning_id)
    return DunningWithItems(**row, items=[DunnedItemOut(**item) for item in items])


@exclusions.get("")
async def excluded(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[ExclusionOut]:
    """免催清单 / customers in sight who are or were left alone."""
    return await page.read(
        work,
        reports.DUNNING_EXCLUSIONS,
        _EXCLUSIONS,
        lambda row: ExclusionOut(**row),
        exclusion_id=None,
        customer_key=customer_key,
    )


@exclusions.get("/{exclusion_id}")
async def exclusion(exclusion_id: UUID, work: Reading) -> ExclusionOut:
    """一项免催 / one exclusion."""
    found = await one(
        work,
        reports.DUNNING_EXCLUSIONS,
        UnknownExclusion,
        exclusion_id=exclusion_id,
        customer_key=None,
    )
    return ExclusionOut(**found)


@exclusions.post("", status_code=201, roles=_EXCLUDING)
async def exclude(body: ExclusionIn, work: Commanding) -> ExclusionOut:
    """免催 / leave a customer alone for some time."""
    made = await leave_alone.handle(work, LeaveAlone(**dict(body)))
    return ExclusionOut.model_validate(made, from_attributes=True)


@exclusions.post("/{exclusion_id}/end", roles=_EXCLUDING)
async def end(
    exclusion_id: UUID, body: EndIn, expected_version: IfMatch, work: Commanding
) -> ExclusionOut:
    """恢复催收 / dun the customer again."""
    ended = await leave_alone.end(work, DunAgain(exclusion_id, expected_version, body.on))
    return ExclusionOut.model_validate(ended, from_attributes=True)
