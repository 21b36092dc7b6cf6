"""What falls due on customers' accounts: receivables become overdue, late fees grow (B-13, B-15).

Customers are taken in portions, each with a few statements, under the lock of their accounts.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.billing.domain.arrears.fee_decisions import is_posting_day
from services.billing.storage.arrears import accruals, late_fees
from services.billing.storage.receivables import portions
from shared.sweeps import Portion, at_once
from shared.work import Work

_OPEN_ITEMS = 10_000
"""About so many in a portion: enough for sets to pay, few enough to hold no customer for long."""


async def overdue_portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: mark what was due before `on` and is not paid, of the next customers."""
    customers = await portions.next_portion(work, after, _OPEN_ITEMS)
    await portions.lock_overdue(work, customers, on)
    return Portion(await portions.mark_overdue(work, customers, on), customers.reached)


async def late_fees_portion(
    work: Work, on: date, after: UUID | None, items: int = _OPEN_ITEMS
) -> Portion:
    """Sweep: post how far the fees of overdue instalments have grown, of the next customers."""
    plans = await late_fees.plans(work)
    if not is_posting_day(plans, on):
        return Portion(0, None)
    customers = await portions.next_portion(work, after, items)
    await portions.lock_overdue(work, customers, on)
    return Portion(await accruals.accrue(work, customers, plans, on), customers.reached)


async def overdue(work: Work, on: date) -> int:
    """Mark all that is overdue in one transaction; returns how many instalments."""
    return await at_once(overdue_portion, work, on)


async def late_fees_grow(work: Work, on: date) -> int:
    """Post how far all late fees have grown in one transaction; returns how many instalments."""
    return await at_once(late_fees_portion, work, on)
