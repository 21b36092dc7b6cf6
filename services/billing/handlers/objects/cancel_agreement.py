"""A signed agreement is cancelled before its registration; after that nobody can (B-09).

What it billed is taken back, so what was paid on it is the customer's unapplied cash; a deposit
that was applied to it is held again, until somebody decides whether it goes back or is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.agreements import Agreement, cancel
from services.billing.domain.objects.deposit_endings import give_free
from services.billing.domain.objects.deposits import Deposit
from services.billing.domain.objects.purchase_rules import PurchaseRules
from services.billing.handlers.objects import apply_deposit, deposit_facts, preliminary_agreements
from services.billing.handlers.objects.sale_facts import sale_settled
from services.billing.handlers.receivables import cancel_charges, settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.objects import agreements, deposits
from services.billing.storage.receivables import charges, customer_books, payments
from services.billing.storage.receivables.payments import Return
from shared import policy
from shared.directory import scope
from shared.http.versions import require_version
from shared.identifiers import derived_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class CancelAgreement:
    """Why a signed agreement is undone."""

    agreement_id: UUID
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: CancelAgreement) -> Agreement:
    """Cancel, and let the object go.

    Raises UnknownAgreement, OutOfScope, StaleVersion, SaleFinal, AgreementCancelled, MayNotCancel.
    """
    on = business_day(command.on, work.today)
    rules = await policy.in_force(work, PurchaseRules, on)
    agreement = await agreements.held(work, command.agreement_id)
    await scope.require(work, agreement.customer_key, "money")
    require_version(command.expected_version, agreement.version)

    cancelled = cancel(agreement, on, work.person.staff_code, work.person.roles, rules.body)

    await agreements.update(work, cancelled, command.reason)
    applied = await deposits.applied_to(work, agreement.agreement_id)
    keys = [agreement.customer_key, *(deposit.customer_key for deposit in applied)]
    accounts = await customer_books.lock(work, keys)
    changes = await _take_back(work, agreement, on)
    for deposit in applied:
        change = changes.setdefault(deposit.customer_key, Changes(because="charge-cancelled"))
        change.returned |= await _free(work, deposit, agreement, on, command.reason)
    await settle_accounts.settle(work, accounts, changes)
    await preliminary_agreements.void_with(work, agreement.preliminary_id, command.reason)
    work.publish(sale_settled(cancelled, work.currency))
    return cancelled


async def _take_back(work: Work, agreement: Agreement, on: date) -> dict[UUID, Changes]:
    held = (await charges.held(work, [agreement.charge_id]))[agreement.charge_id]
    left = held.gross - held.cancelled
    taken = [cancel_charges.cancellation(held, OURS, held.ref, left, on)] if left else []
    after = {held.charge_id: replace(held, cancelled=held.gross)}
    return await cancel_charges.take_back(work, [(work.now, each) for each in taken], after)


async def _free(
    work: Work, deposit: Deposit, agreement: Agreement, on: date, reason: str
) -> dict[UUID, Decimal]:
    freed, lines = give_free(deposit, on)
    payment_id = apply_deposit.payment_id_of(deposit, agreement.agreement_id)
    back = Return(
        return_id=derived_id("return", OURS, payment_id),
        payment_id=payment_id,
        customer_key=deposit.customer_key,
        system=OURS,
        ref=agreement.number,
        amount=deposit.chain_amount,
        returned_on=on,
    )
    await payments.keep_returns(work, [back])
    await deposit_facts.save(work, freed, on, reason)
    await deposit_facts.post(work, freed, lines)
    return {payment_id: deposit.chain_amount}
