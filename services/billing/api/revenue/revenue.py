"""Revenue by customer, unit, line, month and rule, base and increment (B-30, B-31, R-44, R-45)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.api.models import Dates
from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.periods import Period, growth
from services.billing.storage.revenue import reports
from shared.contracts.values import Amount, Day
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/revenue", tags=["revenue"])
ORDER = Keyset("month text", "unit text", "business_line text", "customer text", "rule text")
_LINES = Keyset("counted_on date", "journal_id uuid", "line_no integer")

Dimension = Literal["month", "unit", "line", "customer", "rule"]
By = Annotated[list[Dimension] | None, Query(description="分组 / groups")]
Unit = Annotated[
    str | None, Query(max_length=64, description="单位及其下级 / a unit and those below it")
]
BusinessLine = Annotated[str | None, Query(max_length=100)]
Rule = Annotated[
    str | None, Query(max_length=100, description="分成依据 / the rule that shares it now (R-45)")
]


class RevenueOut(BaseModel):
    """Revenue (yuan, net of VAT) of one group; what was not asked for is absent.

    `before` figures are those of the same days a year earlier; `growth_percent` is absent where
    there is nothing to grow from. A rule that is absent in a report by rule is not for the caller
    to see.
    """

    month: str | None = None
    unit: str | None = None
    business_line: str | None = None
    customer_key: UUID | None = None
    rule: str | None = None
    base: Amount
    increment: Amount
    amount: Amount
    before_base: Amount | None = None
    before_increment: Amount | None = None
    before_amount: Amount | None = None
    growth_percent: Decimal | None = None


class RevenueLineOut(BaseModel):
    """A line of the journal: what one unit got (or gave back) of a posting, base or increment.

    `rule` and `ref` are those of the posting, absent where the customer is not in sight.
    """

    journal_id: UUID
    line_no: int
    kind: JournalKind
    posting_id: UUID
    customer_key: UUID
    unit: str
    business_line: str
    is_increment: bool
    event_on: date
    booked_on: date
    created_at: datetime
    amount: Amount
    rule: str | None
    system: str | None
    ref: str | None


@router.get("")
async def revenue(
    work: Reading,
    page: PageQuery,
    from_on: Day,
    until_on: Day,
    by: By = None,
    customer_key: UUID | None = None,
    unit: Unit = None,
    business_line: BusinessLine = None,
    rule: Rule = None,
    compare: Annotated[
        Literal["year-before"] | None, Query(description="与上年同期比较 / with the year before")
    ] = None,
    dates: Dates = "booked",
) -> Page[RevenueOut]:
    """收入统计 / revenue of the units in sight; without `by` one total.

    What came for a month that was closed counts in the open one; `dates=occurred` puts it back.
    """
    period = Period(from_on, until_on)
    sql, parameters = question(period, by, rule, is_compared=bool(compare), dates=dates)
    return await page.read(
        work,
        sql,
        ORDER,
        _compared if compare else _group,
        **parameters,
        customer_key=customer_key,
        unit=unit,
        business_line=business_line,
    )


@router.get("/lines")
async def lines(
    work: Reading,
    page: PageQuery,
    from_on: Day,
    until_on: Day,
    customer_key: UUID | None = None,
    unit: Unit = None,
    business_line: BusinessLine = None,
    rule: Rule = None,
    is_increment: bool | None = None,
    dates: Dates = "booked",
) -> Page[RevenueLineOut]:
    """收入分录 / what a figure of the report is made of: its amounts sum to it."""
    period = Period(from_on, until_on)
    return await page.read(
        work,
        reports.lines(dates),
        _LINES,
        lambda row: RevenueLineOut(**row),
        from_on=period.from_on,
        until_on=period.until_on,
        customer_key=customer_key,
        unit=unit,
        business_line=business_line,
        rule=rule,
        is_increment=is_increment,
    )


def question(
    period: Period,
    by: list[Dimension] | None,
    rule: str | None,
    *,
    is_compared: bool,
    dates: str = "booked",
) -> tuple[str, dict[str, Any]]:
    """The report of `period` grouped `by`, with its parameters.

    Raises PeriodTooLong where it cannot be compared with the year before.
    """
    parameters: dict[str, Any] = {"from_on": period.from_on, "until_on": period.until_on}
    if is_compared:
        before = period.year_before()
        parameters |= {"before_from_on": before.from_on, "before_until_on": before.until_on}
    if rule is not None:
        parameters["rule"] = rule
    sql = reports.grouped(by or (), day=dates, with_rule=rule is not None, with_before=is_compared)
    return sql, parameters


def _group(row: RowMapping) -> RevenueOut:
    return RevenueOut(
        month=row["month"] or None,
        unit=row["unit"] or None,
        business_line=row["business_line"] or None,
        customer_key=row["customer"] or None,
        rule=row["rule"] or None,
        base=row["base"],
        increment=row["increment"],
        amount=row["amount"],
    )


def _compared(row: RowMapping) -> RevenueOut:
    return _group(row).model_copy(
        update={
            "before_base": row["before_base"],
            "before_increment": row["before_increment"],
            "before_amount": row["before_amount"],
            "growth_percent": growth(row["amount"], row["before_amount"]),
        }
    )
