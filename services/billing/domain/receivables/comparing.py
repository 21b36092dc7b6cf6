"""What pays what, as it should be and as the books have it: the difference is kept and posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from ..books.accounts import Account
from ..books.journal import Line, moved
from .customer_books import Applied, CustomerBooks, Pair, Reckoning
from .receivables import NOTHING, fee_id_of
from .settlement import Application

Target = Mapping[Pair, Applied]
"""What should be applied."""


def compare(outcome: Reckoning, books: CustomerBooks, new: Sequence[Application]) -> None:
    """Note in `outcome`, whose late fees are decided, what `new` changes in the books (B-34).

    In whole books `new` is all that pays anything; in open ones it comes on top.
    """
    target = _target(outcome, books, new)
    _put(outcome, books, target)
    _total(outcome, books, target)


def _target(outcome: Reckoning, books: CustomerBooks, new: Sequence[Application]) -> Target:
    owed_since = _owed_since(outcome, books)
    keys = _keys_of_others(books)
    target = {} if books.is_whole else dict(books.applied)
    for part in new:
        since = owed_since[part.item_id]
        assert since is not None, "only a final fee is paid"
        pair = part.payment_id, part.item_id
        so_far = target.get(pair)  # a pin with a limit, and cash on top of it
        target[pair] = Applied(
            part.amount + _amount(so_far),
            part.is_named or (so_far is not None and so_far.is_named),
            max(part.received_on, since),
            keys.get(part.item_id, books.customer_key),
            part.is_pinned or (so_far is not None and so_far.is_pinned),
        )
    return target


def _owed_since(outcome: Reckoning, books: CustomerBooks) -> dict[UUID, date | None]:
    """By item the day from which it can be paid: of the bill, or on which a fee became final."""
    since = {
        each.item_id: each.due_on if each.is_late_fee else each.issued_on for each in books.owed
    }
    return since | {fee_id_of(each.instalment.item_id): each.due_on for each in outcome.fees}


def _put(outcome: Reckoning, books: CustomerBooks, target: Target) -> None:
    for pair in sorted(books.applied.keys() | target.keys()):
        before, after = books.applied.get(pair), target.get(pair)
        if before == after:
            continue
        if after is None:
            outcome.removed.append(pair)
        else:
            outcome.put[pair] = after
        lines = _difference(books.customer_key, pair[1], before, after)
        if lines:
            outcome.payment_lines.setdefault(pair[0], []).extend(lines)


def _difference(
    customer_key: UUID, item_id: UUID, before: Applied | None, after: Applied | None
) -> list[Line]:
    amounts: dict[date, Decimal] = {}
    for applied, sign in ((before, -1), (after, 1)):
        if applied is not None:
            customer_key = applied.customer_key or customer_key
            so_far = amounts.get(applied.event_on, NOTHING)
            amounts[applied.event_on] = so_far + sign * applied.amount
    return [
        line
        for event_on, amount in sorted(amounts.items())
        for line in moved(
            amount,
            Account.UNAPPLIED_CASH,
            Account.RECEIVABLE,
            event_on,
            customer_key,
            item_id=item_id,
        )
    ]


def _total(outcome: Reckoning, books: CustomerBooks, target: Target) -> None:
    """What is paid of each item and applied of each payment, where it differs."""
    paid: dict[UUID, Decimal] = {}
    for (_, item_id), part in target.items():
        paid[item_id] = paid.get(item_id, NOTHING) + part.amount
    for owed in (*books.owed, *outcome.owed.values()):
        now = outcome.owed.get(owed.item_id, owed)
        total = paid.get(owed.item_id, NOTHING)
        if total != now.paid:
            outcome.owed[owed.item_id] = replace(now, paid=total)
    before_of = {each.payment_id: each.applied for each in books.received}
    for pair in (*outcome.put, *outcome.removed):
        before, after = books.applied.get(pair), target.get(pair)
        so_far = outcome.applied_of.get(pair[0], before_of[pair[0]])
        outcome.applied_of[pair[0]] = so_far + _amount(after) - _amount(before)


def _keys_of_others(books: CustomerBooks) -> dict[UUID, UUID]:
    """Items, and late fees to come, that stand under another key than the customer's own."""
    return {
        item_id: owed.customer_key
        for owed in books.owed
        if owed.customer_key is not None and owed.customer_key != books.customer_key
        for item_id in (owed.item_id, fee_id_of(owed.item_id))
    }


def _amount(applied: Applied | None) -> Decimal:
    return NOTHING if applied is None else applied.amount
