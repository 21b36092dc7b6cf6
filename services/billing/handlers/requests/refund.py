"""Unapplied cash goes back, to an account of the customer itself (B-17, B-36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Journal, JournalKind, moved
from services.billing.domain.desk.duties import Task
from services.billing.domain.receivables.company_accounts import CompanyAccounts, objection
from services.billing.domain.requests.requests import MoneyRequest, RequestKind, RequestState
from services.billing.domain.requests.rules import check_holder, check_refund
from services.billing.handlers.desk import in_sight
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.handlers.requests.asking import (
    Asked,
    Decide,
    ask,
    decide,
    locked,
    refuse_double,
)
from services.billing.storage.books import journal
from services.billing.storage.receivables import customer_books, payments
from services.billing.storage.receivables.payments import HeldPayment, Return
from services.billing.storage.requests import requests
from shared import policy
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work

KIND = RequestKind.REFUND


@dataclass(frozen=True, slots=True)
class AskRefund:
    """`amount` yuan of a payment, out of a company account, to an account of the customer's."""

    payment_id: UUID
    amount: Decimal
    from_account: str
    to_account: str
    account_holder: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: AskRefund) -> MoneyRequest:
    """Ask for the refund.

    Raises NotYourTask (B-19), UnknownPayment, OutOfScope, NothingPaid, RefundTooLarge,
    NotTheCustomersAccount and NotACompanyAccount (B-36), AskedAlready.
    """
    on = business_day(command.on, work.today)
    duties = await on_duty(work, Task.RECEIVING, on)
    payment = await in_sight.payment(work, command.payment_id)
    accounts = await policy.in_force(work, CompanyAccounts, on)
    refusal = objection(command.from_account, accounts.body, "/from_account")
    if refusal is not None:
        raise refusal
    check_holder(command.account_holder, await requests.name_of(work, payment.customer_key))
    await customer_books.lock(work, [payment.customer_key])
    await refuse_double(work, KIND, payment.payment_id)
    unapplied = await requests.unapplied(work, payment.payment_id)
    check_refund(command.amount, unapplied, payment.fund, payment.ref)
    asked = Asked(
        KIND,
        payment.customer_key,
        payment.payment_id,
        command.amount,
        command.reason,
        {
            "from_account": command.from_account,
            "to_account": command.to_account,
            "account_holder": command.account_holder,
        },
    )
    return await ask(work, asked, on, duties.version)


async def settle(work: Work, command: Decide) -> MoneyRequest:
    """Pay it back, or refuse. What was applied meanwhile cannot go back any more.

    Raises NotYourTask and DutiesNotApart (B-19), RequestNotOpen, StaleVersion, RefundTooLarge.
    """
    request, on = await locked(work, KIND, command)
    after = await decide(work, request, command, on)
    if after.state is RequestState.APPROVED:
        payment = await in_sight.payment(work, request.subject_id)
        unapplied = await requests.unapplied(work, request.subject_id)
        check_refund(request.amount, unapplied, payment.fund, payment.ref)
        await _pay_back(work, request, payment, on)
    return after


async def _pay_back(work: Work, request: MoneyRequest, payment: HeldPayment, on: date) -> None:
    back = Return(
        return_id=request.request_id,
        payment_id=payment.payment_id,
        customer_key=payment.customer_key,
        system=OURS,
        ref=f"refund/{request.request_id}",
        amount=request.amount,
        returned_on=on,
    )
    await payments.keep_returns(work, [back])
    day = max(on, payment.received_on)
    lines = moved(request.amount, Account.UNAPPLIED_CASH, Account.BANK, day, payment.customer_key)
    kind = JournalKind.REFUND
    await journal.post(work, [Journal(new_id(), kind, payment.payment_id, work.now, lines)])
    accounts = await customer_books.lock(work, [payment.customer_key])
    returned = {payment.payment_id: payment.returned + request.amount}
    change = Changes(returned=returned, because="refunded")
    await settle_accounts.settle(work, accounts, {payment.customer_key: change})
