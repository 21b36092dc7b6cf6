"""The charge or payment that a command names, if the caller may know of it."""

from __future__ import annotations

from uuid import UUID

from services.billing.storage.receivables import charges, payments
from services.billing.storage.receivables.charges import HeldCharge, UnknownReceivable
from services.billing.storage.receivables.payments import HeldPayment, UnknownPayment
from shared.directory import scope
from shared.work import Work

_SAID = "没有这一项，或您无权知悉", "there is no such thing, or none that you may know of"


async def charge(work: Work, charge_id: UUID) -> HeldCharge:
    """The charge. Raises UnknownReceivable, OutOfScope."""
    found = (await charges.held(work, {charge_id})).get(charge_id)
    if found is None:
        raise UnknownReceivable(*_SAID)
    await scope.require(work, found.customer_key, "money")
    return found


async def payment(work: Work, payment_id: UUID) -> HeldPayment:
    """The payment. Raises UnknownPayment, OutOfScope."""
    found = (await payments.held(work, {payment_id})).get(payment_id)
    if found is None:
        raise UnknownPayment(*_SAID)
    await scope.require(work, found.customer_key, "money")
    return found
