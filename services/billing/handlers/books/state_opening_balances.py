"""enterprise.opening_balance_stated: what customers bring into new books (B-34, B-35).

A receivable is a charge against the account of opening balances, an advance a payment out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.funds import Fund
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.books.opening_balances import OpenReceivable, objection
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.books import take_back_opening_balances
from services.billing.handlers.books.take_back_opening_balances import KIND, advance_id_of
from services.billing.handlers.receivables import raise_charges, receive_payments
from services.billing.handlers.receivables.charge_ids import charge_id_of, opened_id_of
from services.billing.storage.receivables import charges, originals
from services.billing.storage.receivables.payments import NewPayment
from shared.contracts.enterprise import OpeningBalanceStated, OpeningKind
from shared.directory import customers
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

FUND = Fund.OPENING.value

_Known = tuple[Fact[OpeningBalanceStated], UUID]


async def handle(work: Work, facts: list[Fact[OpeningBalanceStated]]) -> None:
    """Take over what is owed and what was paid in advance, then what takes such back."""
    sensible = [fact for fact in facts if not _refused(work, fact)]
    stated = await _of_known(work, [fact for fact in sensible if fact.data.reverses is None])
    numbers = [originals.key_of(fact.system, fact.data.ref) for fact, _ in stated]
    await originals.meet(work, KIND, numbers, ())
    await _open_receivables(work, [each for each in stated if _is_owed(each[0])])
    await _open_advances(work, [each for each in stated if not _is_owed(each[0])])
    await originals.wake(work, KIND, numbers)
    back = [fact for fact in sensible if fact.data.reverses is not None]
    if back:
        await take_back_opening_balances.handle(work, back)


def _is_owed(fact: Fact[OpeningBalanceStated]) -> bool:
    return fact.data.kind is OpeningKind.RECEIVABLE


def _refused(work: Work, fact: Fact[OpeningBalanceStated]) -> bool:
    refusal = objection(
        fact.data.amount.amount,
        is_receivable=_is_owed(fact),
        due_on=fact.data.due_on,
        business_line=fact.data.business_line,
        is_reversal=fact.data.reverses is not None,
    )
    if refusal is not None:
        work.refuse(fact, refusal)
    return refusal is not None


async def _of_known(work: Work, facts: Sequence[Fact[OpeningBalanceStated]]) -> list[_Known]:
    known = []
    keys = await customers.resolve(work, [fact.data.customer for fact in facts])
    for fact, key in zip(facts, keys, strict=True):
        if key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
        else:
            known.append((fact, key))
    return known


async def _open_receivables(work: Work, stated: Sequence[_Known]) -> None:
    """Alone with the numbers: a live bill and its opening balance are never both in the books."""
    numbers = [originals.key_of(fact.system, fact.data.ref) for fact, _ in stated]
    await originals.meet(work, raise_charges.KIND, (), numbers)
    ids = {fact.id: charge_id_of(fact.system, fact.data.ref) for fact, _ in stated}
    billed = await charges.existing(work, set(ids.values()))
    opened = []
    for fact, key in stated:
        if ids[fact.id] in billed:
            work.refuse(fact, raise_charges.taken_over(fact.data.ref))
        else:
            opened.append((_receivable(fact, key).as_charge(), fact.time))
    await raise_charges.post(work, opened)


def _receivable(fact: Fact[OpeningBalanceStated], customer_key: UUID) -> OpenReceivable:
    data = fact.data
    assert data.due_on is not None and data.business_line is not None, "objection() saw to it"
    return OpenReceivable(
        charge_id=opened_id_of(fact.system, data.ref),
        system=fact.system,
        ref=data.ref,
        customer_key=customer_key,
        business_line=data.business_line,
        tariff_class=data.tariff_class.value,
        amount=data.amount.amount,
        opened_on=data.opened_on,
        due_on=data.due_on,
    )


async def _open_advances(work: Work, stated: Sequence[_Known]) -> None:
    payments = [NewPayment(_advance(fact), key, fund=FUND) for fact, key in stated]
    journals = [
        Journal(
            new_id(),
            JournalKind.OPENING,
            payment.received.payment_id,
            fact.time,
            moved(
                payment.received.amount,
                Account.OPENING_BALANCES,
                Account.UNAPPLIED_CASH,
                payment.received.received_on,
                payment.customer_key,
            ),
        )
        for payment, (fact, _) in zip(payments, stated, strict=True)
    ]
    await receive_payments.post(work, payments, journals)


def _advance(fact: Fact[OpeningBalanceStated]) -> Received:
    amount: Decimal = fact.data.amount.amount
    return Received(
        payment_id=advance_id_of(fact.system, fact.data.ref),
        system=fact.system,
        ref=fact.data.ref,
        received_on=fact.data.opened_on,
        amount=amount,
    )
