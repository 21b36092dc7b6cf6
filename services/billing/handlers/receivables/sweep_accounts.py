"""What falls due on customers' accounts: receivables become overdue, late fees grow (B-13, B-15).

Customers are taken in portions, each with a few statements, under the lock of their accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.billing.domain.arrears.fee_decisions import accrue, is_posting_day, mark_overdue
from services.billing.domain.receivables.customer_books import CustomerBooks, Reckoning
from services.billing.handlers.receivables import save_accounts
from services.billing.handlers.receivables.account_changes import Changes, Settled
from services.billing.storage.arrears import late_fees
from services.billing.storage.receivables import customer_books
from shared.work import Work

_PORTION = 200


async def overdue(work: Work, on: date) -> int:
    """Sweep: mark what was due before `on` and is not paid; returns how many instalments."""
    return await _sweep(work, on, "NOT is_overdue", lambda books: mark_overdue(books, on))


async def late_fees_grow(work: Work, on: date) -> int:
    """Sweep: post how far the fees of overdue instalments have grown; returns how many."""
    plans = await late_fees.plans(work)
    if not is_posting_day(plans, on):
        return 0
    return await _sweep(
        work,
        on,
        "(accrued_on IS NULL OR accrued_on < :on)",
        lambda books: accrue(books, plans, on),
    )


async def _sweep(
    work: Work, on: date, which: str, decide: Callable[[CustomerBooks], Reckoning]
) -> int:
    due = await customer_books.with_overdue(work, on, which)
    count = 0
    for start in range(0, len(due), _PORTION):
        accounts = await customer_books.lock(work, due[start : start + _PORTION])
        books = await customer_books.load_open(work, accounts, ())
        settled = [Settled(own, Changes(), decide(own)) for own in books.values()]
        await save_accounts.save(work, settled)
        count += sum(
            not item.is_late_fee for each in settled for item in each.reckoning.owed.values()
        )
    return count
