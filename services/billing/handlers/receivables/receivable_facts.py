"""What billing tells of receivables, payments and late fees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.arrears.late_fees import FeePart, LateFeePlan
from services.billing.domain.receivables.customer_books import FeeDecision
from services.billing.domain.receivables.receivables import fee_id_of
from services.billing.storage.receivables.receivables import Payment, Receivable
from shared.contracts.billing import (
    Allocation,
    InstalmentBalance,
    LateFeePart,
    LateFeePosted,
    PaymentApplied,
    PaymentUnapplied,
    ReceivableChanged,
    ReceivableState,
)
from shared.contracts.enterprise import TariffClass
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef, SourceRef

OURS = "billing"
"""The system of charges and payments that billing itself makes: agreements, applied deposits."""

_NOTHING = Decimal(0)


def receivable_changed(receivable: Receivable, currency: str) -> ReceivableChanged:
    """The receivable as it stands, with the balance of every instalment."""

    def money(amount: Decimal) -> MoneyAmount:
        return MoneyAmount(amount=amount, currency=currency)

    fees = sum((item.amount for item in receivable.items if item.is_late_fee), _NOTHING)
    written_off = sum((item.written_off for item in receivable.items), _NOTHING)
    return ReceivableChanged(
        entity=Entity(type="receivable", id=str(receivable.charge_id), version=receivable.version),
        customer_key=receivable.customer_key,
        receivable_id=receivable.charge_id,
        source=(
            None
            if receivable.system == OURS
            else SourceRef(system=receivable.system, ref=receivable.ref)
        ),
        business_line=receivable.business_line,
        tariff_class=TariffClass(receivable.tariff_class),
        issued_on=receivable.issued_on,
        state=ReceivableState(receivable.state),
        amount=money(receivable.amount),
        balance=money(sum((item.balance for item in receivable.items), _NOTHING)),
        late_fees=money(fees),
        instalments=tuple(
            InstalmentBalance(
                number=item.number,
                due_on=item.due_on,
                amount=money(item.amount),
                balance=money(item.balance),
            )
            for item in receivable.items
            if not item.is_late_fee and item.due_on is not None
        ),
        settled_on=receivable.settled_on,
        written_off=money(written_off) if written_off else None,
        redirected_to=receivable.redirected_to,
    )


def payment_applied(
    payment: Payment, currency: str, unapplied_because: str | None = None
) -> PaymentApplied | PaymentUnapplied:
    """The payment with all that it pays; as unapplied when something was taken off again."""
    told = {
        "entity": Entity(type="payment", id=str(payment.payment_id), version=payment.version),
        "customer_key": payment.customer_key,
        "payment_id": payment.payment_id,
        "source": SourceRef(system=payment.system, ref=payment.ref),
        "received_on": payment.received_on,
        "amount": MoneyAmount(amount=payment.amount, currency=currency),
        "allocations": tuple(
            Allocation(
                receivable_id=part.charge_id,
                instalment=part.number,
                amount=MoneyAmount(amount=part.amount, currency=currency),
                is_late_fee=part.is_late_fee,
            )
            for part in payment.parts
        ),
        "unapplied": MoneyAmount(amount=payment.amount - payment.applied, currency=currency),
    }
    if unapplied_because is None:
        return PaymentApplied.model_validate(told)
    return PaymentUnapplied.model_validate({**told, "reason": unapplied_because})


def late_fee_posted(
    customer_key: UUID, decision: FeeDecision, currency: str, booked_on: date | None
) -> LateFeePosted:
    """The late fee of an instalment so far, with the days, balances and rates it comes from.

    `booked_on` is the day in the books of what changed, where any of it belongs to a closed month.
    """
    instalment, fee = decision.instalment, decision.fee
    fee_id = fee_id_of(instalment.item_id)
    return LateFeePosted(
        entity=Entity(type="late-fee", id=str(fee_id), version=decision.version),
        customer_key=customer_key,
        as_of=fee.as_of,
        policy=(
            None
            if fee.plan_version is None
            else PolicyRef(name=LateFeePlan.policy_name, version=fee.plan_version)
        ),
        inputs={
            "tariff_class": instalment.tariff_class,
            "due_on": instalment.due_on.isoformat() if instalment.due_on else None,
            "amount": str(instalment.amount),
        },
        late_fee_id=fee_id,
        receivable_id=instalment.charge_id,
        instalment=instalment.number,
        parts=tuple(_part(part, currency) for part in fee.parts),
        amount=MoneyAmount(amount=decision.amount, currency=currency),
        is_minimum=fee.is_minimum,
        waived=MoneyAmount(amount=decision.waived, currency=currency),
        booked_on=booked_on,
        because=decision.because.value,
    )


def _part(part: FeePart, currency: str) -> LateFeePart:
    return LateFeePart(
        from_on=part.from_on,
        until_on=part.until_on,
        days=part.days,
        principal=MoneyAmount(amount=part.principal, currency=currency),
        daily_rate=part.daily_rate,
        amount=part.amount,
    )
