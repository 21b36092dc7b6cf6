"""The accounts of all whom a batch is about are held first, at once and in sorted order.

Charges, payments and what takes them back come mixed, and each handler holds the accounts that it
settles. Two batches about the same customers would do so in opposite orders and stop each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.billing.handlers.books.take_back_opening_balances import advance_id_of
from services.billing.handlers.receivables.charge_ids import charge_id_of, opened_id_of
from services.billing.handlers.receivables.receive_payments import payment_id_of
from services.billing.storage.credit import groups
from services.billing.storage.receivables import charges, customer_books, payments
from shared.contracts.engagement import CompensationApproved
from shared.contracts.enterprise import (
    ChargeCancelled,
    ChargeRaised,
    OpeningBalanceStated,
    PaymentReceived,
)
from shared.contracts.envelope import CustomerReference, Event
from shared.contracts.registry import CustomerChanged, CustomerIdentityChanged
from shared.directory import customers
from shared.messaging.cloudevents import Fact
from shared.work import Work


@dataclass
class _Named:
    """Whom the facts of a batch name: by key, by reference, or by what they take back."""

    keys: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    references: list[CustomerReference] = field(default_factory=list)
    charges: set[UUID] = field(default_factory=set)
    payments: set[UUID] = field(default_factory=set)


async def handle(work: Work, facts: Sequence[Fact[Event]]) -> None:
    """Hold the accounts that the handlers of `facts` will settle, as far as they are known.

    Facts of one kind are settled together, so their handler holds all of them at once by itself.
    """
    if len({_kind(fact) for fact in facts}) < 2:
        return
    named = _Named()
    for fact in facts:
        _note(named, fact)
    keys = named.keys | await groups.with_exposure(work, named.changed)
    if named.references:
        found = await customers.resolve(work, named.references)
        keys |= {key for key in found if key is not None}
    keys |= {each.customer_key for each in (await charges.held(work, named.charges)).values()}
    keys |= {each.customer_key for each in (await payments.held(work, named.payments)).values()}
    await customer_books.lock(work, keys)


def _kind(fact: Fact[Event]) -> tuple[type[Event], bool]:
    return type(fact.data), getattr(fact.data, "reverses", None) is not None


def _note(named: _Named, fact: Fact[Event]) -> None:
    match fact.data:
        case CustomerChanged(customer_key=key):
            named.changed.add(key)
        case CustomerIdentityChanged(customer_key=key, survivor=survivor):
            named.keys |= {key} if survivor is None else {key, survivor}
        case CompensationApproved(customer_key=key):
            named.keys.add(key)
        case ChargeRaised(customer=customer):
            named.references.append(customer)
        case ChargeCancelled(reverses=original):
            named.charges.add(charge_id_of(fact.system, original.ref))
        case PaymentReceived(reverses=None, payer=payer):
            named.references.append(payer)
        case PaymentReceived(reverses=original) if original is not None:
            named.payments.add(payment_id_of(fact.system, original.ref))
        case OpeningBalanceStated(reverses=None, customer=customer):
            named.references.append(customer)
        case OpeningBalanceStated(reverses=original) if original is not None:
            named.charges.add(opened_id_of(fact.system, original.ref))
            named.payments.add(advance_id_of(fact.system, original.ref))
