"""The general ledger: accounts, journal, trial balance, customers' statements (B-34)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.billing.api.models import BOOKKEEPING, Dates, OnDay, total
from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.periods import Period
from services.billing.storage.books import reports
from shared.contracts.values import Amount, Day
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.moments import business_day

router = Router(prefix="/v1/ledger", tags=["ledger"])
_JOURNAL = Keyset("journal_id uuid", "line_no integer")
_STATEMENT = Keyset("day date", "event_on date", "journal_id uuid", "customer_key uuid")


class AccountOut(BaseModel):
    """An account of the chart; it grows on its side."""

    account: str
    number: str
    side: str
    title_zh: str
    title_en: str


class BalanceOut(AccountOut):
    """An account with what was debited and credited; `balance` is debits less credits."""

    debit: Amount
    credit: Amount
    balance: Amount


class TrialBalanceOut(BaseModel):
    """Every account as of a day, as far as the caller may see; `balance` is zero."""

    on: date
    accounts: list[BalanceOut]
    debit: Amount
    credit: Amount
    balance: Amount


class LineOut(BaseModel):
    """A line of a journal: its amount goes from the account credited to the one debited.

    `event_on` is the day it belongs to, `booked_on` its day in the books: later where the month of
    that day was closed already.
    """

    journal_id: UUID
    line_no: int
    kind: JournalKind
    source_id: UUID
    debit: str
    credit: str
    amount: Amount
    customer_key: UUID
    unit: str | None
    business_line: str | None
    is_increment: bool
    item_id: UUID | None
    event_on: date
    booked_on: date
    event_at: datetime
    created_at: datetime
    reverses: UUID | None


class StatementLineOut(BaseModel):
    """What one journal changed of what the customer owes, with both its days."""

    event_on: date
    booked_on: date
    customer_key: UUID
    journal_id: UUID
    kind: JournalKind
    source_id: UUID
    ref: str | None
    debit: Amount
    credit: Amount


class AccountBalanceOut(BaseModel):
    """An account of a customer: debits less credits, and how many entries made it."""

    account: str
    balance: Amount
    version: int


class CustomerBalanceOut(BaseModel):
    """What a customer owes and has with us; `version` grows with every entry, and is the ETag."""

    customer_key: UUID
    version: int
    accounts: list[AccountBalanceOut]


class StatementOut(BaseModel):
    """A customer's account for a period; negative balances are the customer's credit.

    `version` counts the entries of the customer, whatever their days: it is the ETag too.
    """

    customer_key: UUID
    version: int
    dates: Dates
    from_on: date
    until_on: date
    opening: Amount
    debits: Amount
    credits: Amount
    closing: Amount
    lines: Page[StatementLineOut]


@router.get("/accounts")
async def accounts(work: Reading) -> list[AccountOut]:
    """会计科目 / the chart of accounts."""
    return [AccountOut(**row) for row in await work.rows(reports.CHART)]


@router.get("/trial-balance", roles=BOOKKEEPING)
async def trial_balance(
    work: Reading, on: OnDay = None, dates: Dates = "booked"
) -> TrialBalanceOut:
    """试算平衡表 / the trial balance as of a day, today if left out."""
    day = business_day(on, work.today)
    found = await work.rows(reports.TRIAL_BALANCE, on=day, dates=dates)
    rows = [BalanceOut(**row) for row in found]
    return TrialBalanceOut(
        on=day,
        accounts=rows,
        debit=total(row.debit for row in rows),
        credit=total(row.credit for row in rows),
        balance=total(row.balance for row in rows),
    )


@router.get("/journal", roles=BOOKKEEPING)
async def journal(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    source_id: Annotated[
        UUID | None, Query(description="单据 / posting, charge, payment, deposit chain …")
    ] = None,
    kind: JournalKind | None = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
) -> Page[LineOut]:
    """分录 / the lines of the journal in the order in which they were written."""
    return await page.read(
        work,
        reports.JOURNAL,
        _JOURNAL,
        lambda row: LineOut(**row),
        customer_key=customer_key,
        source_id=source_id,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
    )


@router.get("/statement")
async def statement(
    work: Reading,
    page: PageQuery,
    customer_key: UUID,
    from_on: Day,
    until_on: Day,
    dates: Dates = "booked",
) -> StatementOut:
    """客户对账单 / what a customer owed, what came on and off, and what it owes then."""
    period = statement_asked(customer_key, from_on, until_on, dates)
    await work.see_one_instant()
    sums = await work.row(reports.STATEMENT_BALANCES, **period)
    assert sums is not None, "sums without GROUP BY are one row"
    lines = await page.read(
        work,
        reports.STATEMENT_LINES,
        _STATEMENT,
        lambda row: StatementLineOut(**row),
        **period,
    )
    return StatementOut.model_validate({**period, **sums, "lines": lines})


def statement_asked(
    customer_key: UUID, from_on: date, until_on: date, dates: Dates
) -> dict[str, Any]:
    """What the questions of a statement are asked with. Raises EmptyPeriod."""
    period = Period(from_on, until_on)
    return {
        "customer_key": customer_key,
        "from_on": period.from_on,
        "until_on": period.until_on,
        "dates": dates,
    }


@router.get("/balances")
async def balances(work: Reading, customer_key: UUID) -> CustomerBalanceOut:
    """客户余额 / what a customer owes and has with us, each with its version."""
    rows = await work.rows(reports.BALANCES, customer_key=customer_key)
    accounts = [AccountBalanceOut(**row) for row in rows]
    version = sum(account.version for account in accounts)
    return CustomerBalanceOut(customer_key=customer_key, version=version, accounts=accounts)
