"""A sale is final once it is registered, and only then it is revenue (B-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.objects.agreement_refusals import RegistrationNumberTaken
from services.billing.domain.objects.agreements import Agreement, register
from services.billing.domain.receivables.cancellations import tax_left
from services.billing.domain.revenue.revenue import Posting
from services.billing.handlers.objects.sale_facts import sale_settled
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.handlers.revenue import post_own_revenue
from services.billing.storage.objects import agreements
from services.billing.storage.receivables import charges
from shared.directory import scope
from shared.http.versions import require_version
from shared.identifiers import derived_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RegisterSale:
    """The authority's number, and the day of the registration."""

    agreement_id: UUID
    expected_version: int
    number: str
    on: date | None = None


async def handle(work: Work, command: RegisterSale) -> Agreement:
    """Make the sale final and post its revenue, net of VAT, on the day of the registration.

    Raises UnknownAgreement, OutOfScope, StaleVersion, SaleFinal, AgreementCancelled,
    RegistrationNumberTaken.
    """
    on = business_day(command.on, work.today)
    agreement = await agreements.held(work, command.agreement_id)
    await scope.require(work, agreement.customer_key, "money")
    require_version(command.expected_version, agreement.version)
    registered = register(agreement, command.number, on, work.person.staff_code)
    if await agreements.is_registered_as(work, command.number):
        raise RegistrationNumberTaken(
            f"登记号 {command.number} 已用于另一合同",
            f"the registration number {command.number} is another agreement's",
            pointer="/number",
        )

    await agreements.update(work, registered)
    work.publish(sale_settled(registered, work.currency))
    await _recognise(work, registered)
    return registered


async def recognise_waiting(work: Work, on: date) -> int:
    """Sweep: post the revenue of sales that were registered before anybody shared it."""
    waiting = await agreements.awaiting_revenue(work)
    return sum([await _recognise(work, agreement) for agreement in waiting])


async def _recognise(work: Work, agreement: Agreement) -> bool:
    assert agreement.settled_on is not None, "it is registered"
    billed = (await charges.held(work, {agreement.charge_id}))[agreement.charge_id]
    net = billed.left - tax_left(billed.gross, billed.tax, billed.cancelled)
    posting = Posting(
        posting_id=derived_id("posting", OURS, "sale", agreement.agreement_id),
        customer_key=agreement.customer_key,
        system=OURS,
        ref=agreement.number,
        business_line=billed.business_line,
        amount=net,
        occurred_on=agreement.settled_on,
        decided_on=agreement.settled_on,
        signed_at_unit=agreement.signed_at_unit,
    )
    is_posted = not net or await post_own_revenue.handle(work, posting, work.now)
    if is_posted:
        await agreements.recognise(work, agreement.agreement_id)
    return is_posted
