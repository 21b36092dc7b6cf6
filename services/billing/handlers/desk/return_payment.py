"""A person says that a bank took a payment back: a bounced cheque (B-17, B-19, B-34).

The effect is that of `payment_received` with `reverses`: it never paid anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.bounced import bounced, check_fund
from services.billing.domain.desk.duties import Task, require_apart
from services.billing.handlers.desk import in_sight
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.receivables import return_payments
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.desk import documents
from services.billing.storage.receivables import customer_books
from services.billing.storage.receivables.payments import HeldPayment, Return
from shared.errors import Conflict
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


class NoticeUsed(Conflict):
    """A notice of the bank is told once."""

    code = "notice-used"
    rule = "B-35"
    title_zh = "退票通知号已使用"
    title_en = "The notice is used"


@dataclass(frozen=True, slots=True)
class ReturnPayment:
    """`amount` yuan (all, if left out) of a payment went back, by the bank's `notice`."""

    payment_id: UUID
    expected_version: int
    notice: str
    reason: str
    amount: Decimal | None = None
    returned_on: date | None = None


async def handle(work: Work, command: ReturnPayment) -> UUID:
    """Book what went back; what it had paid is open again. Returns the payment's id.

    Raises NotYourTask and DutiesNotApart (B-19), UnknownPayment, OutOfScope, StaleVersion,
    InTheFuture, NotFromABank, ReturnedTooEarly, ReturnTooLarge, NoticeUsed.
    """
    on = business_day(command.returned_on, work.today, "/returned_on")
    await on_duty(work, Task.RECEIVING, on)
    known = await in_sight.payment(work, command.payment_id)
    accounts = await customer_books.lock(work, [known.customer_key])
    payment = await in_sight.payment(work, command.payment_id)
    require_version(command.expected_version, payment.version)
    await _require_others(work, payment)

    check_fund(payment.fund, payment.ref)
    there_is = payment.amount - payment.returned
    amount = bounced(payment.ref, payment.received_on, there_is, command.amount, on)
    back = Return(
        return_id=return_payments.return_id_of(OURS, command.notice),
        payment_id=payment.payment_id,
        customer_key=payment.customer_key,
        system=OURS,
        ref=command.notice,
        amount=amount,
        returned_on=on,
    )

    if not await documents.keep_bounced(work, back, command.reason):
        raise NoticeUsed(
            f"退票通知号 {command.notice} 已使用",
            f"the notice {command.notice} is used",
            pointer="/notice",
        )
    after = {payment.payment_id: replace(payment, returned=payment.returned + amount)}
    await return_payments.book(work, accounts, [(work.now, back)], after)
    return payment.payment_id


async def _require_others(work: Work, payment: HeldPayment) -> None:
    person, payment_id = work.person.staff_code, payment.payment_id
    receivers = await documents.receivers(work, payment_id)
    require_apart(person, receivers, "收取了此款项", "received this money")
    issuers = await documents.issuers_of_paid(work, payment_id)
    require_apart(
        person, issuers, "开具了此款项所核销的账单", "issued a charge that this money pays"
    )
