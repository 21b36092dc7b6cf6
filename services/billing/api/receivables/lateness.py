"""What is open and overdue on a day, and how late customers pay (B-13, B-17, B-20, B-22)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.api.arrears.ageing import OwedOut
from services.billing.api.models import OnDay
from services.billing.domain.arrears.ageing import AgeingBuckets
from services.billing.domain.revenue.periods import Period
from services.billing.storage.receivables import lateness
from shared import policy
from shared.contracts.values import Amount, Day
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.moments import business_day

router = Router(prefix="/v1/reports", tags=["receivables"])
_ITEMS = Keyset("due_order date", "item_id uuid")
_CUSTOMERS = Keyset("weighted_days_late numeric", "customer_key uuid", descending=True)


class OpenItemOut(OwedOut):
    """An item that is open on that day, with its bucket of age, and whether it is overdue."""

    is_overdue: bool


class OpenOut(BaseModel):
    """How many instalments and late fees are open, and what is owed on them."""

    items: int
    balance: Amount
    instalments: int
    instalments_balance: Amount
    late_fees: int
    late_fees_balance: Amount
    oldest_days: int


class OpenItemsOut(BaseModel):
    """What is open on a day, and what of it is overdue; `open.balance` is the ledger's."""

    on: date
    open: OpenOut
    overdue: OpenOut
    items: Page[OpenItemOut]


class LatenessOut(BaseModel):
    """How late instalments were paid (days); what is still open is late until the day asked.

    `weighted_days_late` goes by the yuan of every part, `average_days_late` by instalments.
    """

    instalments: int
    settled: int
    late: int
    overdue: int
    amount: Amount
    weighted_days_late: Decimal
    average_days_late: Decimal
    max_days_late: int


class CustomerLatenessOut(LatenessOut):
    """The same of one customer."""

    customer_key: UUID


class DaysLateOut(BaseModel):
    """Days late of what fell due in a period, as of a day, the latest payers first.

    Without `from_on` the period has no beginning.
    """

    on: date
    from_on: date | None
    until_on: date
    all: LatenessOut
    customers: Page[CustomerLatenessOut]


@router.get("/open-items")
async def open_items(
    work: Reading,
    page: PageQuery,
    on: OnDay = None,
    customer_key: UUID | None = None,
    is_overdue: bool | None = None,
) -> OpenItemsOut:
    """未清项目 / what was open on a day, and what of it was overdue, the oldest first."""
    asked: dict[str, Any] = {
        "on": business_day(on, work.today),
        "customer_key": customer_key,
        "is_overdue": is_overdue,
    }
    rows = await work.rows(lateness.OPEN_TOTALS, **asked)
    buckets = (await policy.in_force(work, AgeingBuckets, asked["on"])).body

    def item(row: RowMapping) -> OpenItemOut:
        return OpenItemOut(**row, bucket=buckets.name_of(row["days_overdue"]))

    items = await page.read(work, lateness.OPEN_ITEMS, _ITEMS, item, **asked)
    return OpenItemsOut(
        on=asked["on"],
        open=_open(rows),
        overdue=_open(row for row in rows if row["is_overdue"]),
        items=items,
    )


@router.get("/days-late")
async def days_late(
    work: Reading,
    page: PageQuery,
    on: OnDay = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
    customer_key: UUID | None = None,
) -> DaysLateOut:
    """逾期天数 / how many days late customers paid what fell due in a period, as of a day."""
    asked = lateness_asked(business_day(on, work.today), from_on, until_on, customer_key)
    whole = await work.row(lateness.DAYS_LATE_IN_ALL, **asked)
    assert whole is not None, "sums without GROUP BY are one row"
    customers = await page.read(
        work, lateness.DAYS_LATE, _CUSTOMERS, lambda row: CustomerLatenessOut(**row), **asked
    )
    return DaysLateOut(
        on=asked["on"],
        from_on=asked["from_on"],
        until_on=asked["until_on"],
        all=LatenessOut(**whole),
        customers=customers,
    )


def lateness_asked(
    on: date, from_on: date | None, until_on: date | None, customer_key: UUID | None
) -> dict[str, Any]:
    """What fell due from `from_on` (ever) to `until_on` (the day `on`). Raises EmptyPeriod."""
    last = until_on or on
    if from_on is not None:
        Period(from_on, last)
    return {"on": on, "from_on": from_on, "until_on": last, "customer_key": customer_key}


def _open(rows: Iterable[RowMapping]) -> OpenOut:
    kept = list(rows)
    fees = [row for row in kept if row["is_late_fee"]]
    own = [row for row in kept if not row["is_late_fee"]]
    nothing = Decimal("0.00")
    return OpenOut(
        items=sum(row["items"] for row in kept),
        balance=sum((row["balance"] for row in kept), nothing),
        instalments=sum(row["items"] for row in own),
        instalments_balance=sum((row["balance"] for row in own), nothing),
        late_fees=sum(row["items"] for row in fees),
        late_fees_balance=sum((row["balance"] for row in fees), nothing),
        oldest_days=max((row["oldest"] for row in kept), default=0),
    )
