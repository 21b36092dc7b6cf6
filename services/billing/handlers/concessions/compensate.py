"""engagement's compensation_approved: posted once, or refused with the reason, and answered (E-37).

The customer is credited. Where the case disputes a charge, the credit pays that charge as far as it
is open; a charge that is not known yet is waited for, since it may not be worth as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.funds import Fund
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.concessions.compensations import (
    DisputedCharge,
    RefusedBecause,
    objection,
)
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.receivables import receive_payments
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.raise_charges import KIND
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.concessions import compensations
from services.billing.storage.concessions.compensations import Answered
from services.billing.storage.receivables import charges, customer_books, originals
from services.billing.storage.receivables.payments import NewPayment
from shared.contracts.billing import CompensationPosted, CompensationRefused
from shared.contracts.engagement import CompensationApproved
from shared.contracts.enterprise import ChargeRaised
from shared.contracts.envelope import Entity, MoneyAmount
from shared.directory import identities
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.money import to_cents
from shared.work import Work

FUND = Fund.COMPENSATION.value
_NOTHING = Decimal(0)

Approved = Fact[CompensationApproved]


async def handle(work: Work, facts: list[Approved]) -> None:
    """Answer every approval once: the first of its compensation is the one that counts."""
    by_id = {fact.data.compensation_id: fact for fact in reversed(facts)}
    answered = await compensations.answered(work, by_id.keys())
    new = [fact for key, fact in by_id.items() if key not in answered]
    disputed = await _disputed(work, new)
    present = await identities.roots(work, _customers(new))
    decided: list[tuple[Approved, Answered]] = []
    for fact in sorted(new, key=lambda each: (each.time, each.id)):
        charge_id = _charge_id(fact)
        charge = disputed.get(charge_id) if charge_id else None
        if charge_id and charge is None:
            work.wait(fact, KIND, _number(fact))
            continue
        refused = objection(present[fact.data.customer_key], fact.data.amount.amount, charge)
        decided.append((fact, _answer(fact, charge_id, charge, refused)))
        if charge is not None and refused is None:
            compensated = charge.compensated + fact.data.amount.amount
            disputed[charge.charge_id] = replace(charge, compensated=compensated)
    await compensations.keep(work, [answer for _, answer in decided])
    await _post(work, [fact for fact, answer in decided if answer.refused_because is None])
    for fact, answer in decided:
        work.follow(fact)
        work.publish(told(answer, work.currency))


async def _disputed(work: Work, facts: Sequence[Approved]) -> dict[UUID, DisputedCharge]:
    """The charges that the cases dispute, as far as known; their customers' accounts are held."""
    wanted = {key: _number(fact) for fact in facts if (key := _charge_id(fact))}
    missed = wanted.keys() - await charges.existing(work, wanted.keys())
    await originals.meet(work, KIND, (), [wanted[key] for key in missed])
    known = await charges.held(work, wanted.keys())
    await customer_books.lock(
        work, [*(each.customer_key for each in known.values()), *_customers(facts)]
    )
    posted = await compensations.posted_for(work, known.keys())
    held = await charges.held(work, wanted.keys())
    present = await identities.roots(work, [each.customer_key for each in held.values()])
    return {
        key: DisputedCharge(
            key,
            present[each.customer_key],
            each.gross - each.cancelled,
            posted.get(key, _NOTHING),
        )
        for key, each in held.items()
    }


def _customers(facts: Sequence[Approved]) -> list[UUID]:
    return [fact.data.customer_key for fact in facts]


def _charge_id(fact: Approved) -> UUID | None:
    disputed = fact.data.disputed
    if disputed is None or disputed.type != ChargeRaised.event_name:
        return None
    return charge_id_of(disputed.system, disputed.ref)


def _number(fact: Approved) -> str:
    disputed = fact.data.disputed
    assert disputed is not None
    return originals.key_of(disputed.system, disputed.ref)


def _answer(
    fact: Approved,
    charge_id: UUID | None,
    charge: DisputedCharge | None,
    refused: RefusedBecause | None,
) -> Answered:
    data = fact.data
    own = None if refused is RefusedBecause.ANOTHER_CUSTOMERS_CHARGE else charge
    return Answered(
        compensation_id=data.compensation_id,
        complaint_id=data.complaint_id,
        customer_key=data.customer_key,
        charge_id=charge_id,
        amount=data.amount.amount,
        on=data.as_of,
        refused_because=refused,
        charge_left=own.left if own else None,
        compensated_before=own.compensated if own else None,
    )


async def _post(work: Work, facts: Sequence[Approved]) -> None:
    if facts:
        payments = [_credit(fact) for fact in facts]
        journals = [_journal(each, fact) for each, fact in zip(payments, facts, strict=True)]
        await receive_payments.post(work, payments, journals)


def _credit(fact: Approved) -> NewPayment:
    data = fact.data
    is_set_off = _charge_id(fact) is not None
    return NewPayment(
        Received(
            payment_id=derived_id("payment", OURS, FUND, data.compensation_id),
            system=OURS,
            ref=f"{FUND}/{data.compensation_id}",
            received_on=data.as_of,
            amount=data.amount.amount,
            remittance=(data.disputed.ref,) if data.disputed and is_set_off else (),
            remittance_system=data.disputed.system if data.disputed and is_set_off else None,
        ),
        data.customer_key,
        fund=FUND,
    )


def _journal(credit: NewPayment, fact: Approved) -> Journal:
    received = credit.received
    lines = moved(
        received.amount,
        Account.COMPENSATIONS,
        Account.UNAPPLIED_CASH,
        received.received_on,
        credit.customer_key,
    )
    return Journal(new_id(), JournalKind.COMPENSATION, received.payment_id, fact.time, lines)


def told(answer: Answered, currency: str) -> CompensationPosted | CompensationRefused:
    """What is told of an answered compensation."""
    entity = Entity(type="compensation-posting", id=str(answer.compensation_id), version=1)
    amount = MoneyAmount(amount=answer.amount, currency=currency)
    if answer.refused_because is None:
        return CompensationPosted(
            entity=entity,
            customer_key=answer.customer_key,
            compensation_id=answer.compensation_id,
            complaint_id=answer.complaint_id,
            amount=amount,
            receivable_id=answer.charge_id,
            posted_on=answer.on,
        )
    seen = {"charge_left": answer.charge_left, "compensated_before": answer.compensated_before}
    return CompensationRefused(
        entity=entity,
        customer_key=answer.customer_key,
        as_of=answer.on,
        inputs={
            "receivable_id": str(answer.charge_id),
            **{name: str(to_cents(yuan)) for name, yuan in seen.items() if yuan is not None},
        },
        compensation_id=answer.compensation_id,
        complaint_id=answer.complaint_id,
        amount=amount,
        reason=answer.refused_because.value,
    )
