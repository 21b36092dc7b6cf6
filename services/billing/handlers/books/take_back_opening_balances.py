"""An opening balance that was stated wrongly is taken back, in part or in whole (B-34).

What was paid on a receivable is free again; what an advance had paid is open again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.revenue.revenue import (
    ReversalMismatch,
    ReversalOfReversal,
    ReversalTooLarge,
)
from services.billing.handlers.receivables import cancel_charges, settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.charge_ids import opened_id_of
from services.billing.storage.books import journal
from services.billing.storage.books.opening_balances import reversals
from services.billing.storage.receivables import charges, customer_books, originals, payments
from services.billing.storage.receivables.charges import Cancellation, HeldCharge
from services.billing.storage.receivables.payments import HeldPayment, Return
from shared.contracts.enterprise import OpeningBalanceStated, OpeningKind
from shared.errors import Refusal
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

KIND = "opening-balance"
"""What a reversal waits for."""

_Held = HeldCharge | HeldPayment


def advance_id_of(system: str, ref: str) -> UUID:
    """The id of the payment that a sender's opening balance becomes."""
    return derived_id("payment", system, OpeningBalanceStated.event_name, ref)


async def handle(work: Work, facts: Sequence[Fact[OpeningBalanceStated]]) -> None:
    """Take back every opening balance that is known; the others are waited for."""
    await originals.meet(work, KIND, (), [_number(fact) for fact in facts])
    known = await _hold(work, facts)
    accounts = await customer_books.lock(work, [each.customer_key for each in known.values()])
    known = await _hold(work, facts)  # once more, now that nobody else changes them
    earlier = await reversals(work, {_back_id(fact.system, _named(fact)) for fact in facts})
    charged: list[tuple[Fact[OpeningBalanceStated], Cancellation]] = []
    paid: list[tuple[Fact[OpeningBalanceStated], Return]] = []
    for fact in sorted(facts, key=lambda fact: (fact.time, fact.id)):
        number = _number(fact)
        held = known.get(number)
        is_reversal = _back_id(fact.system, _named(fact)) in earlier
        if held is None and not is_reversal and _names_opening(fact):
            work.wait(fact, KIND, number)
            continue
        refusal = _objection(fact, held, is_reversal=is_reversal)
        if refusal is not None or held is None:
            assert refusal is not None, "what is not known is refused or waited for"
            work.refuse(fact, refusal)
        elif isinstance(held, HeldCharge):
            charged.append((fact, _cancellation(fact, held)))
            known[number] = replace(held, cancelled=held.cancelled - fact.data.amount.amount)
        else:
            paid.append((fact, _return(fact, held)))
            known[number] = replace(held, returned=held.returned - fact.data.amount.amount)
    changes = await cancel_charges.take_back(
        work,
        [(fact.time, each) for fact, each in charged],
        {each.charge_id: each for each in known.values() if isinstance(each, HeldCharge)},
    )
    after = {each.payment_id: each for each in known.values() if isinstance(each, HeldPayment)}
    await _give_back(work, paid, after)
    for _, each in paid:
        change = changes.setdefault(each.customer_key, Changes(because="returned"))
        change.returned[each.payment_id] = after[each.payment_id].returned
    await settle_accounts.settle(work, accounts, changes)
    # Whoever takes back a reversal waits for its number, to be told that this cannot be.
    done = [originals.key_of(fact.system, fact.data.ref) for fact, _ in (*charged, *paid)]
    await originals.wake(work, KIND, done)


async def _hold(work: Work, facts: Sequence[Fact[OpeningBalanceStated]]) -> dict[str, _Held]:
    """What the facts name, by number: a receivable or an advance, whichever it became."""
    ids = {_number(fact): (fact.system, _named(fact)) for fact in facts}
    owed = await charges.held(work, {opened_id_of(*each) for each in ids.values()})
    advanced = await payments.held(work, {advance_id_of(*each) for each in ids.values()})
    held = {
        number: owed.get(opened_id_of(*each)) or advanced.get(advance_id_of(*each))
        for number, each in ids.items()
    }
    return {number: each for number, each in held.items() if each is not None}


async def _give_back(
    work: Work,
    paid: Sequence[tuple[Fact[OpeningBalanceStated], Return]],
    after: Mapping[UUID, HeldPayment],
) -> None:
    """Keep and post it; in the books no money goes back before it came."""
    await payments.keep_returns(work, [each for _, each in paid])
    journals = [
        Journal(
            new_id(),
            JournalKind.RETURN,
            each.payment_id,
            fact.time,
            moved(
                each.amount,
                Account.UNAPPLIED_CASH,
                Account.OPENING_BALANCES,
                max(each.returned_on, after[each.payment_id].received_on),
                each.customer_key,
            ),
        )
        for fact, each in paid
    ]
    await journal.post(work, journals)


def _objection(
    fact: Fact[OpeningBalanceStated], held: _Held | None, *, is_reversal: bool
) -> Refusal | None:
    ref = _named(fact)
    if is_reversal:
        return ReversalOfReversal(f"{ref} 本身是冲销", f"{ref} is itself a reversal", ref=ref)
    is_owed = fact.data.kind is OpeningKind.RECEIVABLE
    if held is None or not _names_opening(fact) or isinstance(held, HeldCharge) is not is_owed:
        return ReversalMismatch(
            f"{ref} 不是同类的期初余额",
            f"{ref} is no opening balance of that kind",
            pointer="/data/reverses",
        )
    left = _left(held)
    if -fact.data.amount.amount > left:
        return ReversalTooLarge(
            f"{ref} 尚有 {left}",
            f"{ref} has {left} left",
            pointer="/data/amount",
            left=left,
        )
    return None


def _left(held: _Held) -> Decimal:
    if isinstance(held, HeldCharge):
        return held.gross - held.cancelled
    return held.amount - held.returned


def _cancellation(fact: Fact[OpeningBalanceStated], held: HeldCharge) -> Cancellation:
    return Cancellation(
        cancellation_id=_back_id(fact.system, fact.data.ref),
        charge_id=held.charge_id,
        customer_key=held.customer_key,
        system=fact.system,
        ref=fact.data.ref,
        amount=-fact.data.amount.amount,
        tax=Decimal(0),
        cancelled_on=fact.data.opened_on,
    )


def _return(fact: Fact[OpeningBalanceStated], held: HeldPayment) -> Return:
    return Return(
        return_id=_back_id(fact.system, fact.data.ref),
        payment_id=held.payment_id,
        customer_key=held.customer_key,
        system=fact.system,
        ref=fact.data.ref,
        amount=-fact.data.amount.amount,
        returned_on=fact.data.opened_on,
    )


def _back_id(system: str, ref: str) -> UUID:
    return derived_id("reversal", system, OpeningBalanceStated.event_name, ref)


def _named(fact: Fact[OpeningBalanceStated]) -> str:
    assert fact.data.reverses is not None, "only reversals come here"
    return fact.data.reverses.ref


def _names_opening(fact: Fact[OpeningBalanceStated]) -> bool:
    assert fact.data.reverses is not None, "only reversals come here"
    return fact.data.reverses.type == OpeningBalanceStated.event_name


def _number(fact: Fact[OpeningBalanceStated]) -> str:
    return originals.key_of(fact.system, _named(fact))
