"""enterprise.charge_raised: a customer was billed; a receivable is opened (B-13, B-14).

A hot path: one statement for each step of the whole batch. A charge whose customer is unknown
waits; one that contradicts itself is refused alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Journal, JournalKind
from services.billing.domain.receivables.charges import (
    BilledTwice,
    BillRules,
    Charge,
    Instalment,
    billed,
    objection,
    tax_in,
)
from services.billing.domain.receivables.receivables import Owed, item_id_of
from services.billing.handlers.concessions import grant_discounts
from services.billing.handlers.credit import reserve_credit
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.charge_ids import charge_id_of, opened_id_of
from services.billing.storage.books import journal
from services.billing.storage.receivables import charges, customer_books, originals
from shared import policy
from shared.contracts.enterprise import ChargeRaised
from shared.directory import compliance, customers
from shared.errors import Refusal
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact
from shared.policy import Timeline
from shared.work import Work

KIND = "charge"
"""What a cancellation waits for."""


async def handle(work: Work, facts: list[Fact[ChargeRaised]]) -> None:
    """Open a receivable for every charge of a known customer, and set payments against it."""
    raised = await _readable(work, facts)
    numbers = [originals.key_of(charge.system, charge.ref) for _, charge in raised]
    await originals.meet(work, KIND, numbers, ())
    opened = await charges.existing(work, {_opened_as(charge) for _, charge in raised})
    for fact, charge in raised:
        if _opened_as(charge) in opened:
            work.refuse(fact, taken_over(charge.ref))
    new = [(charge, fact.time) for fact, charge in raised if _opened_as(charge) not in opened]
    await post(work, new, _reserved(facts))
    await originals.wake(work, KIND, numbers)


async def post(
    work: Work,
    raised: Sequence[tuple[Charge, datetime]],
    reserved: Mapping[UUID, UUID] | None = None,
) -> None:
    """Put charges, as (charge, instant it was said), into the books and settle their customers.

    `reserved` are credit reservations by the charges that make use of them.
    """
    accounts = await customer_books.lock(work, [charge.customer_key for charge, _ in raised])
    if reserved:
        await reserve_credit.consume(work, [charge for charge, _ in raised], reserved)
    changes: dict[UUID, Changes] = {}
    for charge, event_at in raised:
        change = changes.setdefault(charge.customer_key, Changes())
        change.charges.append((charge, event_at))
        change.owed += owed_by(charge)
    await journal.post(work, [_journal(*each) for each in raised])
    await grant_discounts.for_new(work, accounts, [charge for charge, _ in raised], changes)
    await settle_accounts.settle(work, accounts, changes)


def _reserved(facts: Sequence[Fact[ChargeRaised]]) -> dict[UUID, UUID]:
    return {
        charge_id_of(fact.system, fact.data.ref): fact.data.reservation_id
        for fact in facts
        if fact.data.reservation_id is not None
    }


def against_of(charge_id: UUID, system: str, ref: str) -> Account:
    """What is credited, beside the VAT, where a receivable is debited.

    A bill waits to be reported as revenue; an opening balance was revenue of the old books.
    """
    if charge_id == opened_id_of(system, ref):
        return Account.OPENING_BALANCES
    return Account.BILLED_CLEARING


def taken_over(ref: str) -> BilledTwice:
    """Why a bill that is in the books as opening balance is not taken as charge, and back."""
    return BilledTwice(
        f"{ref} 已作为账单或期初余额入账",
        f"{ref} is in the books already, as a charge or an opening balance",
        pointer="/data/ref",
    )


def _opened_as(charge: Charge) -> UUID:
    return opened_id_of(charge.system, charge.ref)


def owed_by(charge: Charge) -> list[Owed]:
    """The instalments of a new charge as items to be paid."""
    return [
        Owed(
            item_id=item_id_of(charge.charge_id, part.number),
            charge_id=charge.charge_id,
            number=part.number,
            amount=part.amount,
            paid=Decimal(0),
            due_on=part.due_on,
            system=charge.system,
            ref=charge.ref,
            issued_on=charge.issued_on,
            tariff_class=charge.tariff_class,
            customer_key=charge.customer_key,
        )
        for part in charge.instalments
    ]


async def _readable(
    work: Work, facts: Sequence[Fact[ChargeRaised]]
) -> list[tuple[Fact[ChargeRaised], Charge]]:
    raised, business = [], []
    bills = await policy.timeline(work, BillRules)
    keys = await customers.resolve(work, [fact.data.customer for fact in facts])
    for fact, customer_key in zip(facts, keys, strict=True):
        if customer_key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
            continue
        charge = _charge(fact, customer_key)
        refusal = _objection(fact, charge, bills)
        if refusal is not None:
            work.refuse(fact, refusal)
        else:
            raised.append((fact, charge))
            business.append((fact, customer_key, charge.issued_on))
    await compliance.notice(work, business)
    return raised


def _objection(
    fact: Fact[ChargeRaised], charge: Charge, bills: Timeline[BillRules]
) -> Refusal | None:
    data, rules = fact.data, None
    if data.tax_amount is not None and data.tax_rate is not None:
        try:
            rules = bills.on(charge.issued_on).body
        except policy.NoPolicyInForce as refusal:
            return refusal
    return objection(charge, tax_rate=data.tax_rate, rules=rules)


def _charge(fact: Fact[ChargeRaised], customer_key: UUID) -> Charge:
    data = fact.data
    tax = data.tax_amount.amount if data.tax_amount is not None else None
    instalments = tuple(
        Instalment(part.number, part.amount.amount, part.due_on) for part in data.instalments
    )
    return Charge(
        charge_id=charge_id_of(fact.system, data.ref),
        system=fact.system,
        ref=data.ref,
        customer_key=customer_key,
        business_line=data.business_line,
        gross=data.amount.amount,
        tax=tax_in(data.amount.amount, tax, data.tax_rate),
        issued_on=data.issued_on,
        tariff_class=data.tariff_class.value,
        instalments=instalments or (Instalment(1, data.amount.amount, data.due_on),),
    )


def _journal(charge: Charge, event_at: datetime) -> Journal:
    parts = [
        (item_id_of(charge.charge_id, part.number), part.amount) for part in charge.instalments
    ]
    against = against_of(charge.charge_id, charge.system, charge.ref)
    kind = JournalKind.OPENING if against is Account.OPENING_BALANCES else JournalKind.CHARGE
    on, key = charge.issued_on, charge.customer_key
    lines = billed(parts, charge.tax, on, key, against=against)
    return Journal(new_id(), kind, charge.charge_id, event_at, lines)
