"""Customers' accounts, reckoned anew after something came in, went back or was cancelled.

Every handler of charges and payments ends here, under the lock of its customers' accounts
(`customer_books.lock`). What is new is kept together with what it pays, set-based for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.billing.domain.arrears.late_fees import PlanVersion
from services.billing.domain.receivables.continuation import goes_past
from services.billing.domain.receivables.customer_books import CustomerBooks
from services.billing.domain.receivables.receivables import Owed
from services.billing.domain.receivables.reckoning import item_order, reckon
from services.billing.handlers.receivables import save_accounts
from services.billing.handlers.receivables.account_changes import Changes, Settled
from services.billing.storage.arrears import late_fees
from services.billing.storage.receivables import customer_books, loading
from services.billing.storage.receivables.customer_books import Account
from shared.work import Work

_FEW, _MORE = 8, 100
"""How many open items are looked at before all of them are: a payment rarely pays more."""

Named = set[tuple[UUID, str]]
"""Charges by customer and ref."""


async def settle(
    work: Work, accounts: Mapping[UUID, Account], changes: Mapping[UUID, Changes]
) -> None:
    """Reckon every customer in `changes`; `accounts` are those that were locked for them.

    Looks at as little as is surely enough: at what remittances name, at what is open, or, where
    something that was applied may have to move, at all of a customer's account; always at all of
    it where several customers became one (R-81).
    """
    plans = await late_fees.plans(work)
    root_of = {key: root for root, account in accounts.items() for key in account.members}
    whose = _by_root(root_of, changes)
    raised = {
        (charge.customer_key, charge.ref) for own in whose.values() for charge, _ in own.charges
    }
    named = {
        (payment.customer_key, ref)
        for own in whose.values()
        for payment in own.payments
        for ref in payment.received.remittance
    }
    looked_for = {root_of[key] for key in await customer_books.looked_for(work, raised)}
    back = {
        root
        for root, own in whose.items()
        if own.looks_back or root in looked_for or len(accounts[root].members) > 1
    }
    settled = await _forward(work, accounts, whose, plans, named, back)
    whole = await loading.load_whole(work, {key: accounts[key] for key in sorted(back)})
    for key, books in whole.items():
        reckoned = _reckon(books, whose[key], plans)
        assert reckoned is not None, "the whole of an account can always be reckoned"
        settled.append(reckoned)
    await customer_books.await_charges(work, _unknown(settled))
    await save_accounts.save(work, settled)


def _by_root(root_of: Mapping[UUID, UUID], changes: Mapping[UUID, Changes]) -> dict[UUID, Changes]:
    whose: dict[UUID, Changes] = {}
    for key, own in changes.items():
        held = whose.get(root_of[key])
        whose[root_of[key]] = own if held is None else held.with_those_of(own)
    return whose


async def _forward(
    work: Work,
    accounts: Mapping[UUID, Account],
    changes: Mapping[UUID, Changes],
    plans: Sequence[PlanVersion],
    named: Named,
    back: set[UUID],
) -> list[Settled]:
    """Reckon those of whom the open part is enough; the others are added to `back`.

    First without any open item where all money is named, then with the few that are due first, and
    with more only where money is left after these or went to what lies behind them.
    """
    rest = {key: accounts[key] for key in changes if key not in back}
    moneyed = await customer_books.with_money_left(work, rest.keys())
    light = {key for key in rest if key not in moneyed and changes[key].names_all}
    settled: list[Settled] = []
    for without, first in ((light, _FEW), (set(), _FEW), (set(), _MORE), (set(), None)):
        loaded = await loading.load_open(work, rest, named, without=without, first=first)
        rest = {}
        for key, books in loaded.items():
            reckoned = _reckon(books, changes[key], plans)
            if reckoned is None:
                back.add(key)
            elif _needs_more(reckoned, books, 0 if key in without else first):
                rest[key] = accounts[key]
            else:
                settled.append(reckoned)
    return settled


def _needs_more(settled: Settled, loaded: CustomerBooks, first: int | None) -> bool:
    """Whether open items behind the `first` ones that were loaded may have a part in it."""
    if first is None:
        return False
    orders = [
        item_order(item, item.due_on, is_fee=item.is_late_fee)
        for item in loaded.owed
        if item.balance > 0 and item.due_on is not None
    ]
    is_cut = len(orders) >= first
    return is_cut and (
        settled.has_money_left or goes_past(settled.reckoning.reached, orders, first)
    )


def _reckon(books: CustomerBooks, changes: Changes, plans: Sequence[PlanVersion]) -> Settled | None:
    with_changes = replace(
        books,
        owed=[
            *(_amended(item, changes) for item in books.owed),
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


def _amended(item: Owed, changes: Changes) -> Owed:
    amount = changes.amounts.get(item.item_id, item.amount)
    waived, waived_on = changes.waived.get(item.item_id, (item.waived, item.waived_on))
    return replace(item, amount=amount, waived=waived, waived_on=waived_on)


def _unknown(settled: Iterable[Settled]) -> Named:
    """Charges that a new payment names and nobody has raised under its own key yet.

    One under another key of the customer is paid while they are one (R-81), and waited for again
    when they are two.
    """
    unknown: Named = set()
    for each in settled:
        known = {
            (item.customer_key, item.ref, system)
            for item in each.books.owed
            for system in (item.system, None)
        }
        for payment in each.changes.payments:
            key, system = payment.customer_key, payment.received.remittance_system
            unknown |= {
                (key, ref) for ref in payment.received.remittance if (key, ref, system) not in known
            }
    return unknown
