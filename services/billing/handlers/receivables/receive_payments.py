"""enterprise.payment_received: money came in, or went back (B-34, B-36).

A hot path. Money in an account that is not the company's is refused and kept as a compliance case;
a payment before its charge is unapplied cash until the charge comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.funds import Fund
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.receivables.company_accounts import (
    CompanyAccounts,
    NotACompanyAccount,
    objection,
)
from services.billing.domain.receivables.payments import InvalidPayment
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.receivables import return_payments, settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.books import journal
from services.billing.storage.receivables import compliance, customer_books, originals
from services.billing.storage.receivables.compliance import Misdirected
from services.billing.storage.receivables.payments import NewPayment
from shared import policy
from shared.contracts.enterprise import PaymentReceived
from shared.directory import customers
from shared.errors import Refusal
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.policy import Timeline
from shared.work import Work

KIND = "payment"
"""What a return waits for."""


@dataclass(frozen=True, slots=True)
class _Readable:
    fact: Fact[PaymentReceived]
    customer_key: UUID


async def handle(work: Work, facts: list[Fact[PaymentReceived]]) -> None:
    """Book every payment of a known customer, then what went back of payments."""
    incoming = [fact for fact in facts if fact.data.reverses is None]
    await _receive(work, await _readable(work, incoming))
    returned = [fact for fact in facts if fact.data.reverses is not None]
    if returned:
        await return_payments.handle(work, returned)


def payment_id_of(system: str, ref: str) -> UUID:
    """The id of the payment that a sender's fact becomes."""
    return derived_id("payment", system, PaymentReceived.event_name, ref)


async def post(work: Work, payments: Sequence[NewPayment], journals: Sequence[Journal]) -> None:
    """Put payments into the books, with the journals of where they come from, and settle."""
    accounts = await customer_books.lock(work, [each.customer_key for each in payments])
    changes: dict[UUID, Changes] = {}
    for each in payments:
        changes.setdefault(each.customer_key, Changes()).payments.append(each)
    await journal.post(work, journals)
    await settle_accounts.settle(work, accounts, changes)


async def _receive(work: Work, readable: Sequence[_Readable]) -> None:
    numbers = [originals.key_of(each.fact.system, each.fact.data.ref) for each in readable]
    await originals.meet(work, KIND, numbers, ())
    payments = [_payment(each) for each in readable]
    await post(
        work,
        payments,
        [_journal(payment, each.fact) for payment, each in zip(payments, readable, strict=True)],
    )
    await originals.wake(work, KIND, numbers)


async def _readable(work: Work, facts: Sequence[Fact[PaymentReceived]]) -> list[_Readable]:
    accounts = await policy.timeline(work, CompanyAccounts)
    readable = []
    keys = await customers.resolve(work, [fact.data.payer for fact in facts])
    for fact, customer_key in zip(facts, keys, strict=True):
        refusal = _objection(fact, accounts)
        is_case = isinstance(refusal, NotACompanyAccount)
        if refusal is not None and not is_case:
            work.refuse(fact, refusal)
        elif customer_key is None:  # a case without a customer is in nobody's sight
            work.wait(fact, "customer", customers.reference_key(fact.data.payer))
        elif refusal is not None:
            await compliance.raise_case(work, _misdirected(fact, customer_key, refusal.code))
            work.refuse(fact, refusal)
        else:
            readable.append(_Readable(fact, customer_key))
    return readable


def _objection(fact: Fact[PaymentReceived], accounts: Timeline[CompanyAccounts]) -> Refusal | None:
    if fact.data.amount.amount <= 0:
        return InvalidPayment(
            "收款须大于零；退回的款项须指明所冲销的收款",
            "a payment is above zero; what goes back names the payment that it reverses",
            pointer="/data/amount",
        )
    try:
        in_force = accounts.on(_day(fact))
    except policy.NoPolicyInForce as refusal:
        return refusal
    return objection(fact.data.company_account, in_force.body)


def _misdirected(fact: Fact[PaymentReceived], customer_key: UUID, kind: str) -> Misdirected:
    data = fact.data
    return Misdirected(
        customer_key=customer_key,
        kind=kind,
        system=fact.system,
        ref=data.ref,
        account=data.company_account,
        amount=data.amount.amount,
        received_on=data.received_on,
        collected_by=data.collected_by,
    )


def _day(fact: Fact[PaymentReceived]) -> date:
    return fact.data.received_on


def _payment(readable: _Readable) -> NewPayment:
    fact, data = readable.fact, readable.fact.data
    return NewPayment(
        Received(
            payment_id=payment_id_of(fact.system, data.ref),
            system=fact.system,
            ref=data.ref,
            received_on=data.received_on,
            amount=data.amount.amount,
            remittance=data.remittance,
            remittance_system=data.remittance_system,
        ),
        readable.customer_key,
        fund=Fund.BANK,
        company_account=data.company_account,
        collected_by=data.collected_by,
    )


def _journal(payment: NewPayment, fact: Fact[PaymentReceived]) -> Journal:
    received = payment.received
    lines = moved(
        received.amount,
        Account.BANK,
        Account.UNAPPLIED_CASH,
        received.received_on,
        payment.customer_key,
    )
    return Journal(new_id(), JournalKind.PAYMENT, received.payment_id, fact.time, lines)
