"""What discounts take off charges is brought up to date, whichever came first (B-27).

Dr discounts, Cr unapplied cash: a credit of the customer, which pays the charge that it is for. It
is posted once for a charge and a discount; what a cancellation leaves too much goes back. Whoever
calls holds the customers' accounts, so that no charge and no decision comes between, and settles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account as Ledger
from services.billing.domain.books.funds import Fund
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.concessions.discounts import Discount
from services.billing.domain.concessions.grants import (
    BilledCharge,
    Grant,
    best,
    difference,
    full,
    granted,
)
from services.billing.domain.receivables.charges import Charge
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.charge_ids import opened_id_of
from services.billing.storage.books import journal
from services.billing.storage.concessions import discounts
from services.billing.storage.concessions.discounts import Held
from services.billing.storage.receivables.customer_books import Account
from services.billing.storage.receivables.payments import NewPayment
from shared.identifiers import derived_id, new_id
from shared.work import Work

FUND = Fund.DISCOUNT.value
OURS = "billing"
_NOTHING = Decimal(0)

Given = Mapping[UUID, list[Discount]]
"""Discounts by every key of the customers that they hold for."""


@dataclass
class _Postings:
    journals: list[Journal] = field(default_factory=list)
    rows: list[tuple[UUID, UUID, date, UUID, Decimal]] = field(default_factory=list)


async def for_new(
    work: Work,
    accounts: Mapping[UUID, Account],
    charges: Sequence[Charge],
    changes: dict[UUID, Changes],
) -> None:
    """Add what discounts take off new charges to `changes`. One question where nobody has any."""
    given = await _given(work, accounts)
    covered = {
        charge.charge_id
        for charge in charges
        if any(
            each.covers(charge.business_line, charge.issued_on)
            for each in given.get(charge.customer_key, ())
        )
    }
    excepted = await discounts.excepted(work, covered)
    billed = [_new(charge) for charge in charges if charge.charge_id in covered - excepted]
    await _bring_up_to_date(work, given, billed, {}, changes)


async def for_charges(
    work: Work,
    accounts: Mapping[UUID, Account],
    charge_ids: Iterable[UUID],
    changes: dict[UUID, Changes],
) -> None:
    """Add what changes for charges that were cancelled, in part or in whole, to `changes`."""
    keys = set(charge_ids)
    held = await discounts.grants(work, keys)
    if held:
        given = await _given(work, accounts)
        billed = await discounts.charges(work, held)
        await _bring_up_to_date(work, given, billed, held, changes)


async def for_customers(
    work: Work, accounts: Mapping[UUID, Account], changes: dict[UUID, Changes]
) -> None:
    """Add what changes for customers whose discounts, or who themselves, are others to `changes`.

    Looks at the charges of the days on which any discount of theirs holds, and at all that were
    ever reduced.
    """
    keys = {key for account in accounts.values() for key in account.members}
    given = await _given(work, accounts)
    held = await discounts.grants(work, (), keys)
    own = [each for discounts_of in given.values() for each in discounts_of]
    if not own and not held:
        return
    period = (
        min((each.from_on for each in own), default=date.max),
        max((each.until_on for each in own), default=date.min),
    )
    billed = await discounts.charges(work, held, keys, period)
    await _bring_up_to_date(work, given, billed, held, changes)


async def _given(work: Work, accounts: Mapping[UUID, Account]) -> dict[UUID, list[Discount]]:
    root_of = {key: root for root, account in accounts.items() for key in account.members}
    by_root: dict[UUID, list[Discount]] = {}
    for each in await discounts.holding(work, root_of):
        by_root.setdefault(root_of[each.customer_key], []).append(each)
    return {key: by_root[root] for key, root in root_of.items() if root in by_root}


async def _bring_up_to_date(
    work: Work,
    given: Given,
    billed: Sequence[BilledCharge],
    held: Held,
    changes: dict[UUID, Changes],
) -> None:
    postings = _Postings()
    granting = {key for by_discount in held.values() for key in by_discount}
    known = {each.discount_id: each for each in await discounts.of(work, granting)}
    for charge in filter(_is_bill, billed):
        own = {each.discount_id: each for each in given.get(charge.customer_key, ())}
        chosen = best(own.values(), charge)
        so_far = held.get(charge.charge_id, {})
        if chosen is not None and chosen.discount_id not in so_far:
            wanted = granted(chosen, charge)
            if wanted:
                change = changes.setdefault(charge.customer_key, Changes())
                change.payments.append(_credit(chosen, charge, wanted))
                _post(work, postings, charge, chosen.discount_id, wanted)
        for discount_id, grant in so_far.items():
            is_chosen = chosen is not None and chosen.discount_id == discount_id
            wanted = granted(chosen, charge) if chosen is not None and is_chosen else {}
            less = difference(grant, wanted)
            if less:
                _change(changes, charge, known[discount_id], wanted)
                _post(work, postings, charge, discount_id, less)
    await journal.post(work, postings.journals)
    await discounts.put_grants(work, postings.rows)


def _change(
    changes: dict[UUID, Changes], charge: BilledCharge, discount: Discount, wanted: Grant
) -> None:
    """Let the credit be worth what is wanted: what goes back never paid anything."""
    change = changes.setdefault(charge.customer_key, Changes(because="discount-changed"))
    back = full(discount, charge) - sum(wanted.values(), _NOTHING)
    change.returned[_payment_id(charge, discount.discount_id)] = back


def _credit(discount: Discount, charge: BilledCharge, wanted: Grant) -> NewPayment:
    whole = full(discount, charge)
    return NewPayment(
        Received(
            payment_id=_payment_id(charge, discount.discount_id),
            system=OURS,
            ref=f"{FUND}/{discount.discount_id}/{charge.charge_id}",
            received_on=charge.issued_on,
            amount=whole,
            returned=whole - sum(wanted.values(), _NOTHING),
            remittance=(charge.ref,),
            remittance_system=charge.system,
        ),
        charge.customer_key,
        fund=FUND,
    )


def _post(
    work: Work, postings: _Postings, charge: BilledCharge, discount_id: UUID, days: Grant
) -> None:
    lines = [
        line
        for day, amount in sorted(days.items())
        for line in moved(amount, Ledger.DISCOUNTS, Ledger.UNAPPLIED_CASH, day, charge.customer_key)
    ]
    payment_id = _payment_id(charge, discount_id)
    postings.journals.append(
        Journal(new_id(), JournalKind.DISCOUNT, payment_id, work.now, tuple(lines))
    )
    postings.rows += [
        (charge.charge_id, discount_id, day, charge.customer_key, amount)
        for day, amount in days.items()
    ]


def _payment_id(charge: BilledCharge, discount_id: UUID) -> UUID:
    return derived_id("payment", OURS, FUND, discount_id, charge.charge_id)


def _is_bill(charge: BilledCharge) -> bool:
    """Whether it is a bill, and not what a customer owed when these books began."""
    return charge.charge_id != opened_id_of(charge.system, charge.ref)


def _new(charge: Charge) -> BilledCharge:
    return BilledCharge(
        charge_id=charge.charge_id,
        customer_key=charge.customer_key,
        system=charge.system,
        ref=charge.ref,
        business_line=charge.business_line,
        gross=charge.gross,
        issued_on=charge.issued_on,
        cancelled={},
    )
