"""The financial data of a customer on one page (B-22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.credit.exposure import GroupOut, UnknownCredit, group_of
from services.billing.api.models import total
from services.billing.domain.arrears.ageing import AgeingBuckets
from services.billing.domain.credit.analysis import Turnover
from services.billing.domain.credit.scoring import CreditScoring, period
from services.billing.storage.arrears import reports as arrears
from services.billing.storage.credit import reports
from services.billing.storage.revenue.reports import grouped
from shared import policy
from shared.contracts.values import Amount, Exact
from shared.http import Reading, Router
from shared.work import Work

router = Router(prefix="/v1/credit", tags=["credit"])
_REVENUE = grouped(["month"])
_SHOWN = Decimal("0.0001")


class MonthOut(BaseModel):
    """Revenue of a month, net of VAT, as the units in sight got it."""

    month: str
    revenue: Amount


class BucketOut(BaseModel):
    """What is owed in one bucket of age."""

    bucket: str
    balance: Amount


class AnalysisOut(BaseModel):
    """A customer in the months that credit looks at: what it brought, was billed, paid and owes.

    `days_sales_outstanding` is what it owes against what it was billed, in days of these months;
    `overdue_share` the fraction of what it owes that is overdue. The group is its head office with
    all branches, for whoever may see it.
    """

    customer_key: UUID
    from_on: date
    until_on: date
    revenue: Amount
    months: list[MonthOut]
    billed: Amount
    received: Amount
    receivable: Amount
    overdue: Amount
    overdue_share: Exact | None
    days_sales_outstanding: Exact | None
    ageing: list[BucketOut]
    group: GroupOut | None
    score: Exact | None
    grade: str | None


@router.get("/analysis/{customer_key}")
async def analysed(customer_key: UUID, work: Reading) -> AnalysisOut:
    """客户财务分析 / what a customer brings, pays and owes, how late, and how near its limit."""
    rules = (await policy.in_force(work, CreditScoring, work.today)).body
    from_on, until_on = period(work.today + timedelta(days=1), rules.months)
    days = {"customer_key": customer_key, "from_on": from_on, "until_on": until_on}
    turnover = await work.row(reports.TURNOVER, **days)
    assert turnover is not None, "a query without FROM returns one row"
    if not turnover["is_in_sight"]:
        raise UnknownCredit("没有此客户，或您无权知悉", "no such customer, or none you may know of")
    months = await work.rows(_REVENUE, **days, unit=None, business_line=None)
    ageing = await _ageing(work, customer_key)
    owed = Turnover(
        receivable=total(each.balance for each in ageing),
        overdue=total(each.balance for each in ageing[1:]),
        billed=turnover["billed"],
        days=(until_on - from_on).days + 1,
    )
    latest = await work.row(
        f"SELECT * FROM ({reports.ASSESSMENTS}) judged ORDER BY version DESC LIMIT 1",
        assessment_id=None,
        customer_key=customer_key,
        grade=None,
    )
    return AnalysisOut(
        **days,
        revenue=total(row["amount"] for row in months),
        months=[MonthOut(month=row["month"], revenue=row["amount"]) for row in months],
        billed=owed.billed,
        received=turnover["received"],
        receivable=owed.receivable,
        overdue=owed.overdue,
        overdue_share=_shown(owed.overdue_share),
        days_sales_outstanding=_shown(owed.days_sales_outstanding),
        ageing=ageing,
        group=await group_of(work, customer_key),
        score=None if latest is None else latest["score"],
        grade=None if latest is None else latest["grade"],
    )


async def _ageing(work: Work, customer_key: UUID) -> Sequence[BucketOut]:
    buckets = (await policy.in_force(work, AgeingBuckets, work.today)).body
    rows = await work.rows(
        arrears.AGEING_BY_CUSTOMER,
        on=work.today,
        customer_key=customer_key,
        firsts=list(buckets.firsts),
    )
    return [
        BucketOut(
            bucket=name, balance=total(row["balance"] for row in rows if row["bucket"] == place)
        )
        for place, name in enumerate(buckets.names)
    ]


def _shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_SHOWN, ROUND_HALF_UP)
