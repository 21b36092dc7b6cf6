"""Ageing: what is owed on a day, by instalment and by how long it is overdue (B-17, B-20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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


class CustomerAgeOut(BaseModel):
    """What a customer owes, by bucket."""

    customer_key: UUID
    balance: Amount
    buckets: list[BucketOut]


class AgeingOut(BaseModel):
    """What is owed on a day, by bucket and customer; the total is the ledger's receivables."""

    on: date
    balance: Amount
    buckets: list[BucketOut]
    customers: list[CustomerAgeOut]


@router.get("/items")
async def items(
    work: Reading, page: PageQuery, on: OnDay = None, customer_key: UUID | None = None
) -> Page[OwedOut]:
    """账龄明细 / every open instalment and late fee on a day, the oldest first."""
    day = business_day(on, work.today)
    buckets = (await policy.in_force(work, AgeingBuckets, day)).body

    def owed(row: RowMapping) -> OwedOut:
        return OwedOut(**row, bucket=buckets.name_of(row["days_overdue"]))

    return await page.read(work, reports.AGEING, _ORDER, owed, on=day, customer_key=customer_key)


@router.get("")
async def ageing(work: Reading, on: OnDay = None, customer_key: UUID | None = None) -> AgeingOut:
    """账龄分析 / what is owed on a day, by bucket and customer."""
    day = business_day(on, work.today)
    policy_in_force = (await policy.in_force(work, AgeingBuckets, day)).body
    names = policy_in_force.names
    rows = await work.rows(
        reports.AGEING_TOTALS,
        on=day,
        customer_key=customer_key,
        last_days=list(policy_in_force.last_days),
    )
    keys = sorted({row["customer_key"] for row in rows})
    by_customer = {key: [row for row in rows if row["customer_key"] == key] for key in keys}
    return AgeingOut(
        on=day,
        balance=total(row["balance"] for row in rows),
        buckets=_buckets(rows, names),
        customers=[
            CustomerAgeOut(
                customer_key=key,
                balance=total(row["balance"] for row in own),
                buckets=_buckets(own, names),
            )
            for key, own in by_customer.items()
        ],
    )


def _buckets(rows: Sequence[RowMapping], names: tuple[str, ...]) -> list[BucketOut]:
    return [
        BucketOut(
            bucket=name, balance=total(row["balance"] for row in rows if row["bucket"] == place)
        )
        for place, name in enumerate(names)
    ]
