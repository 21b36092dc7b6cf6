"""Revenue by customer, unit, line and month, with base and increment (B-30, B-31, R-44, R-45)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.api.models import one
from services.billing.storage.revenue import reports
from shared.contracts.values import Amount, Day
from shared.errors import NotFound
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/revenue", tags=["revenue"])
_ORDER = Keyset("month text", "unit text", "business_line text", "customer text")
_POSTINGS = Keyset("occurred_on date", "posting_id uuid", descending=True)

Dimension = Literal["month", "unit", "line", "customer"]


class UnknownPosting(NotFound):
    """No such posting, or none that the caller may know of."""

    code = "unknown-posting"
    title_zh = "没有此收入"
    title_en = "No such posting"


class RevenueOut(BaseModel):
    """Revenue (yuan, net of VAT) of one group; what was not asked for is absent."""

    month: str | None = None
    unit: str | None = None
    business_line: str | None = None
    customer_key: UUID | None = None
    base: Amount
    increment: Amount
    amount: Amount


class PostingOut(BaseModel):
    """A posting with the rule that shares it now, and the version of the split or ownership."""

    posting_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    amount: Amount
    base: Amount
    reversed: Amount
    occurred_on: date
    rule: str
    split_id: UUID | None
    terms_version: int
    reverses: UUID | None
    version: int


class ShareOut(BaseModel):
    """What a unit in sight gets of it."""

    unit: str
    is_increment: bool
    amount: Amount


class PostingWithShares(PostingOut):
    """A posting with the shares that the caller may see."""

    shares: list[ShareOut]


@router.get("")
async def revenue(
    work: Reading,
    page: PageQuery,
    from_on: Day,
    until_on: Day,
    by: Annotated[list[Dimension] | None, Query(description="分组 / groups")] = None,
    customer_key: UUID | None = None,
    unit: Annotated[str | None, Query(max_length=64)] = None,
    business_line: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[RevenueOut]:
    """收入统计 / revenue of the units in sight; without `by` one total."""
    groups = set(by or ())
    return await page.read(
        work,
        reports.REVENUE,
        _ORDER,
        _group,
        from_on=from_on,
        until_on=until_on,
        by_month="month" in groups,
        by_unit="unit" in groups,
        by_line="line" in groups,
        by_customer="customer" in groups,
        customer_key=customer_key,
        unit=unit,
        business_line=business_line,
    )


@router.get("/postings")
async def postings(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
) -> Page[PostingOut]:
    """收入明细 / postings in sight, the latest first."""
    return await page.read(
        work,
        reports.POSTINGS,
        _POSTINGS,
        lambda row: PostingOut(**row),
        posting_id=None,
        customer_key=customer_key,
        from_on=from_on,
        until_on=until_on,
    )


@router.get("/postings/{posting_id}")
async def posting(posting_id: UUID, work: Reading) -> PostingWithShares:
    """一笔收入及其分成 / one posting with its shares."""
    row = await one(
        work,
        reports.POSTINGS,
        UnknownPosting,
        posting_id=posting_id,
        customer_key=None,
        from_on=None,
        until_on=None,
    )
    shares = await work.rows(reports.SHARES, journal_id=row["journal_id"])
    return PostingWithShares(**row, shares=[ShareOut(**share) for share in shares])


def _group(row: RowMapping) -> RevenueOut:
    said: dict[str, Any] = {
        "month": row["month"] or None,
        "unit": row["unit"] or None,
        "business_line": row["business_line"] or None,
        "customer_key": row["customer"] or None,
        "base": row["base"] or Decimal(0),
        "increment": row["increment"] or Decimal(0),
        "amount": row["amount"],
    }
    return RevenueOut(**said)
