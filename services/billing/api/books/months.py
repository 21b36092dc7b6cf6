"""Months of the books: closing them, and the figures with which they were closed (B-34)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from services.billing.api.models import BOOKKEEPING, FINANCE, Command, OnDay
from services.billing.domain.books.accounts import Account
from services.billing.domain.books.months import Closing, named
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.storage.books import months, reports
from shared.contracts.values import Amount, Month
from shared.errors import Invalid
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/months", tags=["ledger"])
_ORDER = Keyset("month text", descending=True)


class CloseIn(Command):
    """The day of the closing."""

    on: OnDay = None


class MonthOut(BaseModel):
    """A closed month; `late_lines` are in its books and belong to months before."""

    month: str
    closed_on: date
    closed_at: datetime
    closed_by: str
    policy_version: int
    postings: int
    late_lines: int
    waiting: int


class AccountFiguresOut(BaseModel):
    """What the month debited and credited, and debits less credits at its end."""

    account: Account
    debit: Amount
    credit: Amount
    balance: Amount


class UnitRevenueOut(BaseModel):
    """Revenue of a unit in sight in one line."""

    unit: str
    business_line: str
    base: Amount
    increment: Amount
    amount: Amount


class ClosingOut(MonthOut):
    """A closed month with its figures, as far as the caller may see them.

    The accounts are the whole company's: for the unit that closed the month, and above.
    """

    revenue: Amount
    accounts: list[AccountFiguresOut]
    units: list[UnitRevenueOut]


class NoSuchMonth(Invalid):
    """The calendar has no such month."""

    code = "no-such-month"
    title_zh = "没有这个月份"
    title_en = "No such month"


def _first_day(month: Month) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise NoSuchMonth(f"{month} 不是月份", f"{month} is no month") from error


MonthInPath = Annotated[date, Depends(_first_day)]


@router.get("")
async def closed(work: Reading, page: PageQuery) -> Page[MonthOut]:
    """已结账的月份 / months whose books are closed, the latest first."""
    return await page.read(work, reports.MONTHS, _ORDER, lambda row: MonthOut(**row))


@router.get("/{month}", roles=BOOKKEEPING)
async def figures(month: MonthInPath, work: Reading) -> ClosingOut:
    """月结数据 / the figures of a closed month."""
    return _out(await months.closing(work, month))


@router.post("/{month}/close", roles=FINANCE)
async def close(month: MonthInPath, body: CloseIn, work: Commanding) -> ClosingOut:
    """结账 / close the books of a month; what belongs to it is booked later from now on."""
    return _out(await close_month.handle(work, CloseMonth(month, body.on)))


def _out(closing: Closing) -> ClosingOut:
    return ClosingOut(
        **{name: getattr(closing, name) for name in MonthOut.model_fields if name != "month"},
        month=named(closing.month),
        revenue=closing.amount,
        accounts=[
            AccountFiguresOut.model_validate(each, from_attributes=True)
            for each in closing.accounts
        ],
        units=[
            UnitRevenueOut.model_validate(each, from_attributes=True) for each in closing.revenue
        ],
    )
