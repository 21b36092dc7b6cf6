"""At the contract a deposit is set against the first instalment (B-03, B-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.objects.agreements import Agreement, check_deposit
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Deposit, apply
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.objects import deposit_facts
from services.billing.handlers.receivables import receive_payments
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.objects import agreements, deposits
from services.billing.storage.receivables.payments import NewPayment
from shared import policy
from shared.directory import scope
from shared.http.versions import require_version
from shared.identifiers import derived_id
from shared.moments import business_day
from shared.work import Work

FUND = "deposit"


@dataclass(frozen=True, slots=True)
class ApplyDeposit:
    """A live deposit, and the signed agreement of its object."""

    deposit_id: UUID
    expected_version: int
    agreement_id: UUID
    on: date | None = None


async def handle(work: Work, command: ApplyDeposit) -> Deposit:
    """Pay the agreement's receivable out of the deposit; what is too much goes to the next part.

    Raises NotFinanceStaff (B-04), UnknownDeposit, UnknownAgreement, StaleVersion, DepositNotLive,
    AnotherAgreement, ContractTooLate (B-03).
    """
    on = business_day(command.on, work.today)
    terms = await policy.in_force(work, DepositTerms, on)
    deposit_facts.require_collector(work, terms.body)
    agreement = await agreements.get(work, command.agreement_id)
    deposit = await deposits.held(work, command.deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    require_version(command.expected_version, deposit.version)

    check_deposit(agreement, deposit)
    applied, lines = apply(deposit, agreement.agreement_id, on)

    await deposit_facts.save(work, applied, on)
    await receive_payments.post(
        work,
        [_payment(applied, agreement, on)],
        [deposit_facts.journal_of(work, applied, lines)],
    )
    return applied


def _payment(deposit: Deposit, agreement: Agreement, on: date) -> NewPayment:
    return NewPayment(
        Received(
            payment_id=derived_id("payment", OURS, FUND, deposit.deposit_id),
            system=OURS,
            ref=f"{FUND}/{deposit.deposit_id}",
            received_on=on,
            amount=deposit.chain_amount,
            remittance=(agreement.number,),
            remittance_system=OURS,
        ),
        deposit.customer_key,
        fund=FUND,
    )
