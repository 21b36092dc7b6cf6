"""Money that went back, such as a bounced cheque: it never paid anything (B-34).

What the payment had paid is open again from its own day on, and late fees follow from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.billing.domain.books.accounts import Account as LedgerAccount
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.receivables.payments import check_return
from services.billing.domain.revenue.revenue import ReversalMismatch, ReversalOfReversal
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.books import journal
from services.billing.storage.receivables import customer_books, originals, payments
from services.billing.storage.receivables.customer_books import Account
from services.billing.storage.receivables.payments import HeldPayment, Return
from shared.contracts.enterprise import PaymentReceived
from shared.contracts.envelope import Reverses
from shared.errors import Refusal
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KIND = "payment"


async def handle(work: Work, facts: Sequence[Fact[PaymentReceived]]) -> None:
    """Take back what went back of every known payment; the others are waited for."""
    ids = {fact.id: _id("payment", fact.system, _original(fact).ref) for fact in facts}
    known = await _hold(work, facts, ids)
    accounts = await customer_books.lock(work, [each.customer_key for each in known.values()])
    known = await payments.held(work, set(ids.values()))  # now that nobody else changes them
    reversals = await payments.returns(
        work, {return_id_of(fact.system, _original(fact).ref) for fact in facts}
    )
    back: list[tuple[Fact[PaymentReceived], Return]] = []
    for fact in sorted(facts, key=lambda fact: (fact.time, fact.id)):
        is_return = return_id_of(fact.system, _original(fact).ref) in reversals
        held = known.get(ids[fact.id])
        if held is None and not is_return and _names_payment(fact):
            work.wait(fact, _KIND, _number(fact))
            continue
        refusal = _objection(fact, held, is_return=is_return)
        if refusal is not None or held is None:
            assert refusal is not None, "what is not known is refused or waited for"
            work.refuse(fact, refusal)
            continue
        each = _return(fact, held)
        back.append((fact, each))
        known[held.payment_id] = replace(held, returned=held.returned + each.amount)
    await book(work, accounts, [(fact.time, each) for fact, each in back], known)
    # Whoever takes back a return waits for its number, to be told that this cannot be.
    await originals.wake(
        work, _KIND, [originals.key_of(fact.system, fact.data.ref) for fact, _ in back]
    )


async def book(
    work: Work,
    accounts: Mapping[UUID, Account],
    back: Sequence[tuple[datetime, Return]],
    after: Mapping[UUID, HeldPayment],
) -> None:
    """Put into the books what went back, as (instant it was said, what), and settle.

    `accounts` are locked; `after` are the payments with all of it gone back.
    """
    await payments.keep_returns(work, [each for _, each in back])
    await journal.post(work, [_journal(*each, after) for each in back])
    changes: dict[UUID, Changes] = {}
    for _, each in back:
        change = changes.setdefault(each.customer_key, Changes(because="returned"))
        change.returned[each.payment_id] = after[each.payment_id].returned
    await settle_accounts.settle(work, accounts, changes)


async def _hold(
    work: Work, facts: Sequence[Fact[PaymentReceived]], ids: dict[str, UUID]
) -> dict[UUID, HeldPayment]:
    wanted = set(ids.values())
    missed = wanted - await payments.existing(work, wanted)
    await originals.meet(
        work, _KIND, (), [_number(fact) for fact in facts if ids[fact.id] in missed]
    )
    return await payments.held(work, wanted)


def _journal(event_at: datetime, back: Return, after: Mapping[UUID, HeldPayment]) -> Journal:
    """In the books no money goes back before it came."""
    lines = moved(
        back.amount,
        LedgerAccount.UNAPPLIED_CASH,
        LedgerAccount.BANK,
        max(back.returned_on, after[back.payment_id].received_on),
        back.customer_key,
    )
    return Journal(new_id(), JournalKind.RETURN, back.payment_id, event_at, lines)


def _objection(
    fact: Fact[PaymentReceived], held: HeldPayment | None, *, is_return: bool
) -> Refusal | None:
    original = _original(fact)
    if is_return:
        return ReversalOfReversal(
            f"{original.ref} 本身是退回", f"{original.ref} is itself a return"
        )
    if held is None or not _names_payment(fact):
        return ReversalMismatch(
            f"只能退回收款，不能退回 {original.type}",
            f"a return takes back a payment, not {original.type}",
            pointer="/data/reverses/type",
        )
    return check_return(held.ref, fact.data.amount.amount, held.amount - held.returned)


def _return(fact: Fact[PaymentReceived], held: HeldPayment) -> Return:
    return Return(
        return_id=return_id_of(fact.system, fact.data.ref),
        payment_id=held.payment_id,
        customer_key=held.customer_key,
        system=fact.system,
        ref=fact.data.ref,
        amount=-fact.data.amount.amount,
        returned_on=fact.data.received_on,
    )


def _original(fact: Fact[PaymentReceived]) -> Reverses:
    assert fact.data.reverses is not None, "only returns come here"
    return fact.data.reverses


def _names_payment(fact: Fact[PaymentReceived]) -> bool:
    return _original(fact).type == PaymentReceived.event_name


def _number(fact: Fact[PaymentReceived]) -> str:
    return originals.key_of(fact.system, _original(fact).ref)


def return_id_of(system: str, ref: str) -> UUID:
    """The id of what went back by a sender's number."""
    return _id("return", system, ref)


def _id(kind: str, system: str, ref: str) -> UUID:
    return derived_id(kind, system, PaymentReceived.event_name, ref)
