"""Deciding a late fee anew: only what differs from what is kept is kept, and posted (B-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ..books.accounts import Account
from ..books.journal import moved
from ..receivables.customer_books import CustomerBooks, FeeDecision, Reckoning
from ..receivables.receivables import NOTHING, Owed, fee_id_of
from .late_fees import LateFee, Overdue, PlanVersion, late_fee, plan_on

_DAY = timedelta(days=1)

Paid = Sequence[tuple[date, Decimal]]
"""What was paid of an instalment: (day of receipt, yuan)."""


def fee_of(owed: Owed, paid: Paid, until_on: date, plans: Sequence[PlanVersion]) -> LateFee:
    """The late fee of an instalment until `until_on`."""
    assert owed.due_on is not None, "an instalment has a due date"
    overdue = Overdue(owed.amount, owed.due_on, owed.tariff_class, paid)
    return late_fee(overdue, until_on, plans)


def decide_fee(
    outcome: Reckoning, owed: Owed, kept: Owed | None, fee: LateFee | None, due_on: date | None
) -> None:
    """Note in `outcome` what has to change so that the instalment `owed` has this `fee`.

    `kept` is the fee's item as it is, `due_on` the day it is payable from; None while it grows.
    """
    if fee is None:
        if kept is None or not kept.amount:
            return
        fee = LateFee(owed.accrued_on or owed.issued_on, (), NOTHING, False, None)
    if not fee.amount:
        due_on = None
    held = (NOTHING, None) if kept is None else (kept.amount, kept.due_on)
    if held == (fee.amount, due_on):
        return
    fee_id = fee_id_of(owed.item_id)
    version = 1 if kept is None else kept.version + 1
    outcome.fees.append(FeeDecision(owed, fee, due_on, version))
    outcome.owed[fee_id] = replace(
        owed if kept is None else kept,
        item_id=fee_id,
        fee_of=owed.item_id,
        amount=fee.amount,
        due_on=due_on,
        paid=NOTHING if kept is None else kept.paid,
        is_overdue=False,
        accrued_on=fee.as_of,
        version=version,
    )
    lines = moved(
        fee.amount - held[0],
        Account.RECEIVABLE,
        Account.LATE_FEE_INCOME,
        fee.as_of,
        owed.customer_key or outcome.customer_key,
        item_id=fee_id,
    )
    if lines:
        outcome.fee_lines[fee_id] = lines


def is_posting_day(plans: Sequence[PlanVersion], on: date) -> bool:
    """Whether growing fees are posted on the day `on`: by month or by day, as the plan says."""
    version = plan_on(plans, on)
    if version is None:
        return False
    return version.plan.accrue == "daily" or (on + _DAY).month != on.month


def accrue(books: CustomerBooks, plans: Sequence[PlanVersion], on: date) -> Reckoning:
    """The fees of all that is overdue when the day `on` ends, as far as they grew."""
    outcome = Reckoning(books.customer_key, books.marks)
    paid = _paid(books)
    kept = {each.fee_of: each for each in books.owed if each.fee_of is not None}
    for owed in books.owed:
        if not _is_overdue(owed, on) or (owed.accrued_on is not None and owed.accrued_on >= on):
            continue
        outcome.owed[owed.item_id] = replace(owed, accrued_on=on)
        fee = fee_of(owed, paid.get(owed.item_id, ()), on, plans)
        decide_fee(outcome, owed, kept.get(owed.item_id), fee, None)
    return outcome


def mark_overdue(books: CustomerBooks, on: date) -> Reckoning:
    """What is unpaid on the day `on` and was due before it is overdue from now on (B-13)."""
    outcome = Reckoning(books.customer_key, books.marks)
    for owed in books.owed:
        if _is_overdue(owed, on) and not owed.is_overdue:
            outcome.owed[owed.item_id] = replace(owed, is_overdue=True)
    return outcome


def _is_overdue(owed: Owed, on: date) -> bool:
    is_unpaid = owed.balance > 0 and not owed.is_late_fee
    return is_unpaid and owed.due_on is not None and owed.due_on < on


def _paid(books: CustomerBooks) -> Mapping[UUID, list[tuple[date, Decimal]]]:
    received_on = {each.payment_id: each.received_on for each in books.received}
    paid: dict[UUID, list[tuple[date, Decimal]]] = {}
    for (payment_id, item_id), applied in books.applied.items():
        paid.setdefault(item_id, []).append((received_on[payment_id], applied.amount))
    return paid
