"""Control totals: what senders say they sent for a day, beside what was accepted (B-35)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from services.billing.domain.books.months import MonthClosing, check_staff
from services.billing.storage.books import control_totals
from shared.contracts.values import Amount, Code, Day, Word
from shared.directory import units
from shared.http import Commanding, Keyset, Page, PageQuery, Role, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/control-totals", tags=["ledger"])
_ORDER = Keyset("day date", "system text", "event text")
_BY_REF = Keyset("ref text")
_READERS: frozenset[Role] = frozenset({"finance", "auditor"})


class TotalOut(BaseModel):
    """A day of a system and event; without a statement of the sender there is none to differ from.

    `waiting` and `refused` are facts that the sender lists by number and that were not accepted.
    """

    day: date
    system: str
    event: str
    ref: str | None
    stated_at: datetime | None
    stated_count: int | None
    stated_amount: Amount | None
    accepted_count: int
    accepted_amount: Amount
    waiting: int
    refused: int
    is_agreed: bool | None


class DifferenceOut(BaseModel):
    """A fact that one side has and the other has not, or with another amount."""

    ref: str
    stated_amount: Amount | None
    accepted_amount: Amount | None
    state: Literal["accepted", "waiting", "refused", "unknown"]
    code: str | None


@router.get("", roles=_READERS, audited=True)
async def totals(
    work: Commanding,
    page: PageQuery,
    from_on: Day,
    until_on: Day,
    system: Annotated[Code | None, Query(description="来源系统 / sender")] = None,
) -> Page[TotalOut]:
    """控制总数核对 / what senders stated for each day, and what the books accepted of it."""
    await _require_whole_books(work)
    return await page.read(
        work,
        control_totals.TOTALS,
        _ORDER,
        lambda row: TotalOut(
            **row,
            is_agreed=None
            if row["stated_count"] is None
            else (row["stated_count"], row["stated_amount"])
            == (row["accepted_count"], row["accepted_amount"]),
        ),
        from_on=from_on,
        until_on=until_on,
        system=system,
    )


@router.get("/differences", roles=_READERS, audited=True)
async def differences(
    work: Commanding, page: PageQuery, system: Code, event: Word, day: Day
) -> Page[DifferenceOut]:
    """逐笔差异 / the facts of a day by which sender and books differ; the sender lists them."""
    await _require_whole_books(work)
    return await page.read(
        work,
        control_totals.DIFFERENCES,
        _BY_REF,
        lambda row: DifferenceOut(**row),
        system=system,
        event=event,
        from_on=day,
        until_on=day,
    )


async def _require_whole_books(work: Work) -> None:
    """Totals know no scope: they are for whoever may close the books, and for auditors there."""
    policy = await in_force(work, MonthClosing, work.today)
    roles = work.person.roles
    if "auditor" in roles:
        roles |= set(policy.body.closing_roles)
    check_staff(roles, await units.level_of(work, work.person.unit), policy.body)
