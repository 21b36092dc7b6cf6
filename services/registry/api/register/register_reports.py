"""Reports on the register: numbers that run short, leads that nobody turned into a declaration."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.domain.register.customer_ids import CustomerIdLayout
from services.registry.domain.register.lead_entry import LeadEntry
from services.registry.storage.register import reports
from shared.contracts.values import Code, DivisionCode
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force

router = Router(prefix="/v1/reports", tags=["reports"])
_NUMBERS = Keyset("below text")
_LEADS = Keyset("observed_at instant", "system text", "code text")


class NumbersOut(BaseModel):
    """How many numbers of a division, or below a head office, are given out (C17)."""

    below: str
    layer: str
    last_number: int
    limit: int
    share: Decimal
    is_short: bool
    policy_version: int


class LateLead(BaseModel):
    """Somebody was seen and nobody declared it, or a branch's lead waits for its decision.

    `observed_at` is when it was seen, or the day of the declaration, whose ID is the `code` then;
    `missing` is what the policy asks to be known.
    """

    lead: Literal["observation", "declaration"]
    system: str
    code: str
    declaration_id: UUID | None
    customer_key: UUID | None
    reporting_branch: str | None
    name: str
    division_code: str | None
    observed_at: datetime
    days: int
    is_complete: bool
    missing: list[str]
    policy_version: int


@router.get("/numbers", roles={"province_administrator", "auditor"})
async def numbers(
    work: Reading,
    page: PageQuery,
    is_short: Annotated[bool | None, Query(description="只看将用完的 / only those short")] = None,
) -> Page[NumbersOut]:
    """编码使用情况 / numbers given out per division and head office, with a warning (C17)."""
    policy = await in_force(work, CustomerIdLayout, work.today)
    layout = policy.body

    def used(row: RowMapping) -> NumbersOut:
        limit = layout.last_customer if row["layer"] == "customer" else layout.last_branch
        share = Decimal(row["last_number"]) / limit
        return NumbersOut(
            **row,
            limit=limit,
            share=round(share, 4),
            is_short=share >= layout.warning_share,
            policy_version=policy.version,
        )

    return await page.read(
        work,
        reports.NUMBERS,
        _NUMBERS,
        used,
        is_short=is_short,
        customers_from=layout.last_customer * layout.warning_share,
        branches_from=layout.last_branch * layout.warning_share,
    )


@router.get("/late-leads", roles={"province_administrator"}, audited=True)
async def late_leads(
    work: Commanding,
    page: PageQuery,
    system: Code | None = None,
    division_code: DivisionCode | None = None,
) -> Page[LateLead]:
    """逾期的线索 / seen long ago and never declared, or declared and never decided (R-75)."""
    policy = await in_force(work, LeadEntry, work.today)
    last_day = policy.body.seen_by(work.today)

    def late(row: RowMapping) -> LateLead:
        missing = policy.body.missing(dict(row))
        return LateLead(
            **{name: row[name] for name in LateLead.model_fields if name in row},
            days=_days(row["observed_at"].astimezone(work.zone).date(), work.today),
            is_complete=not missing,
            missing=missing,
            policy_version=policy.version,
        )

    return await page.read(
        work,
        reports.LATE_LEADS,
        _LEADS,
        late,
        before=datetime.combine(last_day, time.max, work.zone),
        zone=work.zone.key,
        system=system,
        division_code=division_code,
    )


def _days(seen_on: date, today: date) -> int:
    return (today - seen_on).days
