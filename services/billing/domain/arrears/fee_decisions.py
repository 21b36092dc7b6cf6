"""Deciding a late fee anew: only what differs from what is kept is kept, and posted (B-15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ..books.accounts import Account
from ..books.journal import Line, moved
from ..receivables.customer_books import CustomerBooks, FeeBecause, FeeDecision, Reckoning
from ..receivables.receivables import NOTHING, Owed, fee_id_of
from .late_fees import LateFee, Overdue, PlanVersion, late_fee, plan_on

_DAY = timedelta(days=1)

Paid = Sequence[tuple[date, Decimal]]
"""What was paid of an instalment: (day of receipt, yuan)."""
FeeBy = Callable[[date], LateFee]
"""What a fee had come to by the end of a day, by all that is known now."""


def fee_of(owed: Owed, paid: Paid, until_on: date, plans: Sequence[PlanVersion]) -> LateFee:
    """The late fee of an instalment until `until_on`."""
    assert owed.due_on is not None, "an instalment has a due date"
    overdue = Overdue(owed.amount, owed.due_on, owed.tariff_class, paid, owed.issued_on)
    return late_fee(overdue, until_on, plans)


def decide_fee(
    outcome: Reckoning,
    owed: Owed,
    kept: Owed | None,
    fee: LateFee | None,
    due_on: date | None,
    posted: Mapping[date, Decimal] | None = None,
    fee_by: FeeBy | None = None,
) -> None:
    """Note in `outcome` what has to change so that the instalment `owed` has this `fee`.

    `kept` is the fee's item as it is, `due_on` the day it is payable from; None while it grows.
    `posted` is how much of the fee was posted on which day; left out, all when `kept` accrued.
    `fee_by` is what it should have come to by each of these days; left out, what was posted.
    What was waived stays waived, as far as there is a fee left to waive.
    """
    before = kept or _no_fee(owed)
    if fee is None:
        if not before.billed:
            return
        fee = LateFee(owed.accrued_on or owed.issued_on, (), NOTHING, False, None)
    if not fee.amount:
        due_on = None
    after = replace(
        before,
        billed=fee.amount,
        amount=net(fee.amount, before.waived),
        due_on=due_on,
        is_overdue=False,
        accrued_on=fee.as_of,
        version=before.version + 1,
    )
    if _stands(before) == _stands(after):
        return
    waived = after.billed - after.amount
    because = _because(before, after)
    outcome.fees.append(FeeDecision(owed, fee, due_on, after.version, waived, because))
    outcome.owed[after.item_id] = after
    _post(outcome, before, after, posted, fee_by)


def net(fee: Decimal, waived: Decimal) -> Decimal:
    """What is to be paid of a fee (yuan) of which so much was waived: never less than nothing."""
    return max(fee - waived, NOTHING)


def _no_fee(owed: Owed) -> Owed:
    return replace(
        owed,
        item_id=fee_id_of(owed.item_id),
        fee_of=owed.item_id,
        billed=NOTHING,
        amount=NOTHING,
        paid=NOTHING,
        written_off=NOTHING,
        due_on=None,
        accrued_on=None,
        version=0,
    )


def _stands(fee: Owed) -> tuple[object, ...]:
    return fee.billed, fee.amount, fee.due_on


def _because(before: Owed, after: Owed) -> FeeBecause:
    if (before.billed, before.due_on) == (after.billed, after.due_on):
        is_less = after.amount < before.amount
        return FeeBecause.WAIVED if is_less else FeeBecause.WAIVER_WITHDRAWN
    if after.due_on is not None and before.due_on is None:
        return FeeBecause.SETTLED
    assert after.accrued_on is not None, "a fee is decided as of a day"
    goes_on = before.accrued_on is None or before.accrued_on < after.accrued_on
    is_growing = before.due_on is None and after.due_on is None and goes_on
    return FeeBecause.ACCRUED if is_growing else FeeBecause.RECOMPUTED


def _post(
    outcome: Reckoning,
    before: Owed,
    after: Owed,
    posted: Mapping[date, Decimal] | None,
    fee_by: FeeBy | None,
) -> None:
    """Each day on which the fee was posted has what it had come to by then, and no later day any.

    So the ledger is right as of any date, whenever things came to be known. A waiver is a reversal
    on the day it was granted.
    """
    assert after.accrued_on is not None, "a fee is decided as of a day"
    customer_key = after.customer_key or outcome.customer_key
    if posted is None:
        posted = {before.accrued_on: before.billed} if before.accrued_on is not None else {}
    target, so_far = {}, NOTHING
    for day in sorted(day for day in posted if day < after.accrued_on):
        target[day] = posted[day] if fee_by is None else fee_by(day).amount - so_far
        so_far += target[day]
    target[after.accrued_on] = after.billed - so_far
    lines = [
        line
        for day in sorted({*posted, *target})
        for line in _moved(
            target.get(day, NOTHING) - posted.get(day, NOTHING), day, customer_key, after.item_id
        )
    ]
    if lines:
        outcome.fee_lines[after.item_id] = tuple(lines)
    less = (before.billed - before.amount) - (after.billed - after.amount)
    on = max(after.accrued_on, after.waived_on or after.accrued_on)
    if less:
        outcome.waiver_lines[after.item_id] = _moved(less, on, customer_key, after.item_id)


def _moved(amount: Decimal, on: date, customer_key: UUID, fee_id: UUID) -> tuple[Line, ...]:
    accounts = Account.RECEIVABLE, Account.LATE_FEE_INCOME
    return moved(amount, *accounts, on, customer_key, item_id=fee_id)


def is_posting_day(plans: Sequence[PlanVersion], on: date) -> bool:
    """Whether growing fees are posted on the day `on`: by month or by day, as the plan says."""
    version = plan_on(plans, on)
    if version is None:
        return False
    return version.plan.accrue == "daily" or (on + _DAY).month != on.month


def accrue(books: CustomerBooks, plans: Sequence[PlanVersion], on: date) -> Reckoning:
    """The fees of all that is overdue when the day `on` ends, as far as they grew (B-15).

    The definition, for one account; the nightly sweep does the same for all in SQL, and a test
    holds the two against each other.
    """
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
    """What is unpaid on the day `on` and was due before it is overdue from now on (B-13).

    The definition, for one account, as `accrue` is.
    """
    outcome = Reckoning(books.customer_key, books.marks)
    for owed in books.owed:
        if _is_overdue(owed, on) and not owed.is_overdue:
            outcome.owed[owed.item_id] = replace(owed, is_overdue=True)
    return outcome


def _is_overdue(owed: Owed, on: date) -> bool:
    is_unpaid = owed.balance > 0 and not owed.is_late_fee and owed.closed_on is None
    return is_unpaid and owed.due_on is not None and owed.due_on < on


def _paid(books: CustomerBooks) -> Mapping[UUID, list[tuple[date, Decimal]]]:
    received_on = {each.payment_id: each.received_on for each in books.received}
    paid: dict[UUID, list[tuple[date, Decimal]]] = {}
    for (payment_id, item_id), applied in books.applied.items():
        paid.setdefault(item_id, []).append((received_on[payment_id], applied.amount))
    return paid
