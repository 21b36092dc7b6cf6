"""A person receives a payment on a voucher of its own (B-17, B-19, B-36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.funds import Fund
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.desk.duties import Task, require_apart
from services.billing.domain.receivables.company_accounts import (
    CompanyAccounts,
    NotACompanyAccount,
    objection,
)
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.receivables import receive_payments
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.desk import documents
from services.billing.storage.receivables import compliance, customer_books
from services.billing.storage.receivables.compliance import Misdirected
from services.billing.storage.receivables.payments import NewPayment
from shared import policy
from shared.directory import scope
from shared.errors import Conflict
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


class VoucherUsed(Conflict):
    """A voucher is used once."""

    code = "voucher-used"
    rule = "B-17"
    title_zh = "凭证号已使用"
    title_en = "The voucher is used"


@dataclass(frozen=True, slots=True)
class TakePayment:
    """`amount` yuan of a customer; `remittance` are the numbers of the charges that it names."""

    voucher: str
    customer_key: UUID
    company_account: str
    amount: Decimal
    received_on: date | None = None
    remittance: tuple[str, ...] = ()
    remittance_system: str | None = None


async def handle(work: Work, command: TakePayment) -> UUID | NotACompanyAccount:
    """Book the payment, or keep a case of money that went elsewhere and return why (B-36).

    Raises NotYourTask and DutiesNotApart (B-19), OutOfScope, VoucherUsed, InTheFuture.
    """
    on = business_day(command.received_on, work.today, "/received_on")
    await on_duty(work, Task.RECEIVING, on)
    await scope.require(work, command.customer_key, "money")
    accounts = await policy.in_force(work, CompanyAccounts, on)
    refusal = objection(command.company_account, accounts.body, "/company_account")
    if refusal is not None:
        await compliance.raise_case(work, _misdirected(work, command, on, refusal.code))
        return refusal
    return await _book(work, command, on)


async def _book(work: Work, command: TakePayment, on: date) -> UUID:
    payment = _payment(work, command, on)
    payment_id = payment.received.payment_id
    await customer_books.lock(work, [command.customer_key])
    if not await documents.keep_receipt(work, payment_id, command.customer_key, command.voucher):
        raise VoucherUsed(
            f"凭证号 {command.voucher} 已使用",
            f"the voucher {command.voucher} is used",
            pointer="/voucher",
        )
    lines = moved(command.amount, Account.BANK, Account.UNAPPLIED_CASH, on, command.customer_key)
    booked = Journal(new_id(), JournalKind.PAYMENT, payment_id, work.now, lines)
    await receive_payments.post(work, [payment], [booked])
    require_apart(
        work.person.staff_code,
        await documents.issuers_of_paid(work, payment_id),
        "开具了此款项所核销的账单",
        "issued a charge that this money pays",
    )
    return payment_id


def _payment(work: Work, command: TakePayment, on: date) -> NewPayment:
    received = Received(
        payment_id=receive_payments.payment_id_of(OURS, command.voucher),
        system=OURS,
        ref=command.voucher,
        received_on=on,
        amount=command.amount,
        remittance=command.remittance,
        remittance_system=command.remittance_system,
    )
    return NewPayment(
        received,
        command.customer_key,
        fund=Fund.BANK,
        company_account=command.company_account,
        collected_by=work.person.staff_code,
    )


def _misdirected(work: Work, command: TakePayment, on: date, kind: str) -> Misdirected:
    return Misdirected(
        customer_key=command.customer_key,
        kind=kind,
        system=OURS,
        ref=command.voucher,
        account=command.company_account,
        amount=command.amount,
        received_on=on,
        collected_by=work.person.staff_code,
    )
