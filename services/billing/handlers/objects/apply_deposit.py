"""At the contract a deposit is set against the first instalment (B-03, B-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.books.funds import Fund
from services.billing.domain.objects.agreements import Agreement, check_deposit
from services.billing.domain.objects.deposit_endings import apply
from services.billing.domain.objects.deposits import Deposit
from services.billing.domain.receivables.receivables import Received
from services.billing.handlers.objects import deposit_facts
from services.billing.handlers.receivables import receive_payments
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.objects import agreements, deposits
from services.billing.storage.receivables.payments import NewPayment
from shared.directory import identities, scope
from shared.http.versions import require_version
from shared.identifiers import derived_id
from shared.moments import business_day
from shared.work import Work

FUND = Fund.DEPOSIT.value


@dataclass(frozen=True, slots=True)
class ApplyDeposit:
    """A live deposit, and the signed agreement of its object."""

    deposit_id: UUID
    expected_version: int
    agreement_id: UUID
    on: date | None = None


async def handle(work: Work, command: ApplyDeposit) -> Deposit:
    """Pay the agreement's receivable out of the deposit; what is too much goes to the next part.

    The money counts from the day of the signature, whenever finance comes to it. Raises
    NotFinanceStaff (B-04), UnknownDeposit, UnknownAgreement, StaleVersion, DepositNotLive,
    AnotherAgreement, ContractBeforeDeposit, ContractTooLate (B-03), AgreementCancelled.
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit_facts.require_collector(work, terms.body)
    agreement = await agreements.held(work, command.agreement_id)
    deposit = await deposits.held(work, command.deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    require_version(command.expected_version, deposit.version)
    is_same = await identities.are_same(work, agreement.customer_key, deposit.customer_key)
    check_deposit(agreement, deposit, on, is_same_customer=is_same)
    (applied,) = await _apply(work, [(agreement, deposit)], on)
    return applied


async def apply_signed(work: Work, on: date) -> int:
    """Sweep: apply what finance has not applied by the day after the signature (B-08)."""
    waiting = await deposits.to_apply(work, on)
    signed = await agreements.of(work, waiting)
    await _apply(work, [(signed[key], deposit) for key, deposit in waiting.items()], on)
    return len(waiting)


async def _apply(work: Work, pairs: Sequence[tuple[Agreement, Deposit]], on: date) -> list[Deposit]:
    done, payments, journals = [], [], []
    for agreement, deposit in pairs:
        terms = await deposit_facts.terms_of(work, deposit.policy_version)
        applied, lines = apply(
            deposit, agreement.agreement_id, agreement.price, agreement.signed_on, terms
        )
        await deposit_facts.save(work, applied, on)
        done.append(applied)
        payments.append(_payment(applied, agreement))
        journals.append(deposit_facts.journal_of(work, applied, lines))
    await receive_payments.post(work, payments, journals)
    return done


def payment_id_of(deposit: Deposit, agreement_id: UUID) -> UUID:
    """The id of the payment that a deposit is on an agreement."""
    return derived_id("payment", OURS, FUND, deposit.deposit_id, agreement_id)


def _payment(deposit: Deposit, agreement: Agreement) -> NewPayment:
    return NewPayment(
        Received(
            payment_id=payment_id_of(deposit, agreement.agreement_id),
            system=OURS,
            ref=f"{FUND}/{deposit.deposit_id}/{agreement.number}",
            received_on=agreement.signed_on,
            amount=deposit.chain_amount,
            remittance=(agreement.number,),
            remittance_system=OURS,
        ),
        deposit.customer_key,
        fund=FUND,
    )
