"""Customers' books as they are kept, for many at once: all of them, or what is still open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.billing.domain.receivables.customer_books import (
    Applied,
    CustomerBooks,
    Dated,
    Pair,
)
from services.billing.domain.receivables.decisions import NO_DECISIONS, Decisions
from services.billing.domain.receivables.receivables import Owed, Received
from services.billing.storage.receivables import decisions
from services.billing.storage.receivables.customer_books import Account
from shared.work import Work

_OWED = """
SELECT items.customer_key, item_id, items.charge_id, number, amount + written_off, paid, due_on,
    system, ref, issued_on, tariff_class, fee_of, is_overdue, accrued_on, items.version,
    items.customer_key, billed, waived, waived_on, written_off, closed_on
FROM items JOIN charges ON charges.charge_id = items.charge_id
"""
# Whole charges, of which something is open or which are named; the open ones in the order in which
# cash pays them, so that a few are enough for a customer with a hundred thousand.
_OWED_OPEN = f"""
{_OWED}
WHERE items.charge_id IN (
    SELECT due.charge_id FROM unnest(%s::uuid[]) AS customer (customer_key),
    LATERAL (
        SELECT open.charge_id FROM items open JOIN charges ON charges.charge_id = open.charge_id
        WHERE open.customer_key = customer.customer_key AND paid < amount
        ORDER BY due_on, system COLLATE "C", ref COLLATE "C", number, fee_of IS NOT NULL
        LIMIT %s::int4
    ) due
    UNION
    SELECT charge_id FROM charges
    JOIN unnest(%s::uuid[], %s::text[]) AS named (customer_key, ref) USING (customer_key, ref))
"""
_POSTED = """
SELECT item_id, event_on, sum(CASE WHEN debit = 'receivable' THEN amount ELSE -amount END)
FROM journal WHERE item_id = ANY(%s::uuid[]) AND kind = 'late_fee' GROUP BY item_id, event_on
"""
_OWED_WHOLE = f"{_OWED} WHERE items.customer_key = ANY(%s::uuid[])"

_RECEIVED = """
SELECT customer_key, payment_id, system, ref, received_on, amount, returned, applied, remittance,
    remittance_system
FROM payments
"""
_RECEIVED_OPEN = f"""
{_RECEIVED} WHERE customer_key = ANY(%s::uuid[]) AND applied < amount - returned
UNION
{_RECEIVED} WHERE payment_id = ANY(%s::uuid[])
"""
_RECEIVED_WHOLE = f"{_RECEIVED} WHERE customer_key = ANY(%s::uuid[])"

# By whose payment it is; the last column says whose item it pays.
_APPLIED = """
SELECT payments.customer_key, payment_id, item_id, applications.amount, is_named, event_on,
    applications.customer_key, is_pinned
FROM applications JOIN payments USING (payment_id)
"""
_APPLIED_OPEN = f"{_APPLIED} WHERE item_id = ANY(%s::uuid[])"
_APPLIED_WHOLE = f"{_APPLIED} WHERE payments.customer_key = ANY(%s::uuid[])"


Posted = dict[UUID, dict[date, Decimal]]
"""Yuan of every late fee by day."""


async def load_open(
    work: Work,
    accounts: Mapping[UUID, Account],
    named: Collection[tuple[UUID, str]],
    *,
    without: Collection[UUID] = (),
    first: int | None = None,
) -> dict[UUID, CustomerBooks]:
    """What is open of each customer in `accounts`, and the charges `named` as (customer, ref).

    Of customers in `without` only what is named; of the others the `first` items that are due, if
    a number is given. They may have a hundred thousand open items.
    """
    if not accounts:
        return {}
    members = {key for account in accounts.values() for key in account.members}
    keys = sorted(members - set(without))
    pairs = sorted((key, ref) for key, ref in named if key in members)
    owed = await work.bulk(
        _OWED_OPEN, keys, first, [key for key, _ in pairs], [ref for _, ref in pairs]
    )
    applied = await work.bulk(_APPLIED_OPEN, [row[1] for row in owed]) if owed else []
    paying = sorted({row[1] for row in applied})
    received = await work.bulk(_RECEIVED_OPEN, keys, paying) if keys or paying else []
    posted, decided = await _posted(work, owed), await _decided(work, accounts)
    return _books(accounts, owed, received, applied, posted, decided, is_whole=False)


async def load_whole(work: Work, accounts: Mapping[UUID, Account]) -> dict[UUID, CustomerBooks]:
    """All that was ever charged to, received from and applied for each customer in `accounts`."""
    keys = sorted(key for account in accounts.values() for key in account.members)
    if not keys:
        return {}
    owed = await work.bulk(_OWED_WHOLE, keys)
    received = await work.bulk(_RECEIVED_WHOLE, keys)
    applied = await work.bulk(_APPLIED_WHOLE, keys)
    posted, decided = await _posted(work, owed), await _decided(work, accounts)
    books = _books(accounts, owed, received, applied, posted, decided, is_whole=True)
    given_up = await decisions.entries(work, keys)
    return {root: replace(own, written_off=_of_items(own, given_up)) for root, own in books.items()}


async def _posted(work: Work, owed_rows: Sequence[tuple[Any, ...]]) -> Posted:
    """What of the late fees among `owed_rows` was posted on which day."""
    fees = sorted(row[1] for row in owed_rows if row[11] is not None)
    posted: Posted = {}
    for item_id, event_on, amount in await work.bulk(_POSTED, fees) if fees else ():
        posted.setdefault(item_id, {})[event_on] = amount
    return posted


async def _decided(work: Work, accounts: Mapping[UUID, Account]) -> Mapping[UUID, Decisions]:
    """By root what was decided, asked only for those with any decision."""
    keys_of = {root: own.members for root, own in accounts.items() if own.decisions}
    return await decisions.load(work, keys_of) if keys_of else {}


def _of_items(books: CustomerBooks, given_up: Mapping[Dated, Decimal]) -> dict[Dated, Decimal]:
    own = {item.item_id for item in books.owed}
    return {dated: amount for dated, amount in given_up.items() if dated[0] in own}


def _books(
    accounts: Mapping[UUID, Account],
    owed_rows: Sequence[tuple[Any, ...]],
    received_rows: Sequence[tuple[Any, ...]],
    applied_rows: Sequence[tuple[Any, ...]],
    posted: Posted,
    decided: Mapping[UUID, Decisions],
    *,
    is_whole: bool,
) -> dict[UUID, CustomerBooks]:
    root_of = {key: root for root, account in accounts.items() for key in account.members}
    owed: dict[UUID, list[Owed]] = {}
    received: dict[UUID, list[Received]] = {}
    applied: dict[UUID, dict[Pair, Applied]] = {}
    for key, *rest in owed_rows:
        owed.setdefault(root_of[key], []).append(Owed(*rest))
    for key, *head, remittance, system in received_rows:
        taken = Received(*(*head, tuple(remittance), system))
        received.setdefault(root_of[key], []).append(taken)
    for key, payment_id, item_id, *rest in applied_rows:
        applied.setdefault(root_of[key], {})[payment_id, item_id] = Applied(*rest)
    return {
        root: CustomerBooks(
            root,
            account.marks,
            owed.get(root, []),
            received.get(root, []),
            applied.get(root, {}),
            is_whole,
            posted,
            decided.get(root, NO_DECISIONS),
        )
        for root, account in accounts.items()
    }
