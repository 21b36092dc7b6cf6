"""Customers' accounts, reckoned anew after something came in, went back or was cancelled.

Every handler of charges and payments ends here, under the lock of its customers' accounts
(`customer_books.lock`). What is new is kept together with what it pays, set-based for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.billing.domain.continuation import Marks
from services.billing.domain.customer_books import CustomerBooks
from services.billing.domain.late_fees import PlanVersion
from services.billing.domain.receivables import Owed
from services.billing.domain.reckoning import reckon
from services.billing.handlers import save_accounts
from services.billing.handlers.account_changes import Changes, Settled
from services.billing.storage import customer_books, late_fees
from shared.work import Work

_FEW, _MORE = 8, 100
"""How many open items are looked at before all of them are: a payment rarely pays more."""

Named = set[tuple[UUID, str]]
"""Charges by customer and ref."""


async def settle(work: Work, marks: Mapping[UUID, Marks], changes: Mapping[UUID, Changes]) -> None:
    """Reckon every customer in `changes`; `marks` are those of their locked accounts.

    Looks at as little as is surely enough: at what remittances name, at what is open, or, where
    something that was applied may have to move, at all of a customer's account.
    """
    plans = await late_fees.plans(work)
    raised = {(key, charge.ref) for key, change in changes.items() for charge, _ in change.charges}
    named = {
        (key, ref)
        for key, change in changes.items()
        for payment in change.payments
        for ref in payment.received.remittance
    }
    looked_for = await customer_books.looked_for(work, raised)
    back = {key for key, change in changes.items() if change.looks_back or key in looked_for}
    settled = await _forward(work, marks, changes, plans, named, back)
    whole = await customer_books.load_whole(work, {key: marks[key] for key in sorted(back)})
    for key, books in whole.items():
        reckoned = _reckon(books, changes[key], plans)
        assert reckoned is not None, "the whole of an account can always be reckoned"
        settled.append(reckoned)
    await customer_books.await_charges(work, _unknown(settled))
    await save_accounts.save(work, settled)


async def _forward(
    work: Work,
    marks: Mapping[UUID, Marks],
    changes: Mapping[UUID, Changes],
    plans: Sequence[PlanVersion],
    named: Named,
    back: set[UUID],
) -> list[Settled]:
    """Reckon those of whom the open part is enough; the others are added to `back`.

    First without any open item where all money is named, then with the few that are due first, and
    with more only where money is left after these.
    """
    rest = {key: marks[key] for key in changes if key not in back}
    moneyed = await customer_books.with_money_left(work, rest.keys())
    light = {key for key in rest if key not in moneyed and changes[key].names_all}
    settled: list[Settled] = []
    for without, first in ((light, _FEW), (set(), _FEW), (set(), _MORE), (set(), None)):
        loaded = await customer_books.load_open(work, rest, named, without=without, first=first)
        rest = {}
        for key, books in loaded.items():
            reckoned = _reckon(books, changes[key], plans)
            if reckoned is None:
                back.add(key)
            elif reckoned.has_money_left and (key in without or _is_cut(books, first)):
                rest[key] = marks[key]
            else:
                settled.append(reckoned)
    return settled


def _is_cut(books: CustomerBooks, first: int | None) -> bool:
    """Whether there may be open items behind the `first` ones that were loaded."""
    return first is not None and sum(item.balance > 0 for item in books.owed) >= first


def _reckon(books: CustomerBooks, changes: Changes, plans: Sequence[PlanVersion]) -> Settled | None:
    with_changes = replace(
        books,
        owed=[
            *(_amended(item, changes.amounts) for item in books.owed),
            *changes.owed,
        ],
        received=[
            *(
                replace(each, returned=changes.returned.get(each.payment_id, each.returned))
                for each in books.received
            ),
            *(payment.received for payment in changes.payments),
        ],
    )
    reckoning = reckon(
        with_changes,
        plans,
        new_items={item.item_id for item in changes.owed},
        new_payments={payment.received.payment_id for payment in changes.payments},
    )
    return None if reckoning is None else Settled(with_changes, changes, reckoning)


def _amended(item: Owed, amounts: Mapping[UUID, Decimal]) -> Owed:
    return replace(item, amount=amounts.get(item.item_id, item.amount))


def _unknown(settled: Iterable[Settled]) -> Named:
    """Charges that a new payment names and nobody has raised yet."""
    unknown: Named = set()
    for each in settled:
        known = {(item.ref, system) for item in each.books.owed for system in (item.system, None)}
        for payment in each.changes.payments:
            system = payment.received.remittance_system
            unknown |= {
                (each.books.customer_key, ref)
                for ref in payment.received.remittance
                if (ref, system) not in known
            }
    return unknown
