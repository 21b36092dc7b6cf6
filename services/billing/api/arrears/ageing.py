"""Ageing: what is owed on a day, by instalment and by how long it is overdue (B-17, B-20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.api.models import OnDay, total
from services.billing.domain.arrears.ageing import AgeingBuckets
from services.billing.storage.arrears import reports
from shared import policy
from shared.contracts.values import Amount
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.moments import business_day

router = Router(prefix="/v1/ageing", tags=["ageing"])
_ORDER = Keyset("due_order date", "item_id uuid")


class OwedOut(BaseModel):
    """An instalment or late fee with a balance on that day; a fee that grows is not due."""

    customer_key: UUID
    receivable_id: UUID
    item_id: UUID
    system: str
    ref: str
    business_line: str
    issued_on: date
    number: int
    is_late_fee: bool
    due_on: date | None
    days_overdue: int
    bucket: str
    balance: Amount


class BucketOut(BaseModel):
    """What is in one bucket."""

    bucket: str
    balance: Amount


class AgeingGroup(StrEnum):
    """By what the money that is owed is grouped."""

    CUSTOMER = "customer"
    UNIT = "unit"
    LINE = "line"


class CustomerAgeOut(BaseModel):
    """What a customer owes, by bucket."""

    customer_key: UUID
    balance: Amount
    buckets: list[BucketOut]


class UnitAgeOut(BaseModel):
    """What is owed by customers whom a unit owned on that day; without one, nobody is known."""

    unit: str | None
    balance: Amount
    buckets: list[BucketOut]


class LineAgeOut(BaseModel):
    """What is owed for a business line, late fees included."""

    business_line: str
    balance: Amount
    buckets: list[BucketOut]


class AgeingOut(BaseModel):
    """What is owed on a day, by bucket and group; the total is the ledger's receivables.

    Only the list that was asked for is filled.
    """

    on: date
    balance: Amount
    buckets: list[BucketOut]
    customers: list[CustomerAgeOut] = []
    units: list[UnitAgeOut] = []
    lines: list[LineAgeOut] = []


_GROUPS = {
    AgeingGroup.CUSTOMER: (reports.AGEING_BY_CUSTOMER, "customer_key", "customers"),
    AgeingGroup.UNIT: (reports.AGEING_BY_UNIT, "unit", "units"),
    AgeingGroup.LINE: (reports.AGEING_BY_LINE, "business_line", "lines"),
}
"""Statement, what names a group, where its groups stand in the answer."""


@router.get("/items")
async def items(
    work: Reading, page: PageQuery, on: OnDay = None, customer_key: UUID | None = None
) -> Page[OwedOut]:
    """账龄明细 / every open instalment and late fee on a day, the oldest first."""
    day = business_day(on, work.today)
    buckets = (await policy.in_force(work, AgeingBuckets, day)).body

    def owed(row: RowMapping) -> OwedOut:
        return OwedOut(**row, bucket=buckets.name_of(row["days_overdue"]))

    start = page.start(_ORDER)
    rows = await work.rows(
        reports.AGEING_PAGE,
        on=day,
        customer_key=customer_key,
        after_due=start.get("page_0"),
        after_item=start.get("page_1"),
        at_most=page.size + 1,
    )
    return page.of(rows, _ORDER, owed)


@router.get("")
async def ageing(
    work: Reading,
    on: OnDay = None,
    customer_key: UUID | None = None,
    by: AgeingGroup = AgeingGroup.CUSTOMER,
) -> AgeingOut:
    """账龄分析 / what is owed on a day, by bucket and by customer, unit or business line."""
    day = business_day(on, work.today)
    buckets = (await policy.in_force(work, AgeingBuckets, day)).body
    statement, column, field = _GROUPS[by]
    rows = await work.rows(
        statement, on=day, customer_key=customer_key, firsts=list(buckets.firsts)
    )
    groups = [
        {column: key, **_aged(list(own), buckets)}
        for key, own in groupby(rows, key=lambda row: row[column])
    ]
    return AgeingOut.model_validate({"on": day, **_aged(rows, buckets), field: groups})


def _aged(rows: Sequence[RowMapping], buckets: AgeingBuckets) -> dict[str, object]:
    """The balance of rows that each have a bucket, and all buckets with theirs."""
    sums = dict.fromkeys(range(len(buckets.names)), Decimal("0.00"))
    for row in rows:
        sums[row["bucket"]] += row["balance"]
    return {
        "balance": total(sums.values()),
        "buckets": [
            {"bucket": name, "balance": sums[place]} for place, name in enumerate(buckets.names)
        ],
    }
