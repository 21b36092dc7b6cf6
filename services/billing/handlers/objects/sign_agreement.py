"""A purchase agreement is signed; its instalments are owed from now on (B-03, B-08, B-10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.agreement_refusals import AlreadySold
from services.billing.domain.objects.agreements import Agreement, check_deposit, check_plan
from services.billing.domain.objects.authorities import Authority, check_signatory
from services.billing.domain.objects.deposit_refusals import reserved
from services.billing.domain.objects.deposits import Deposit, reprice
from services.billing.domain.objects.purchase_rules import PurchaseRules
from services.billing.domain.receivables.charges import Charge, Instalment, objection, tax_in
from services.billing.handlers.objects import deposit_facts, preliminary_agreements, release_objects
from services.billing.handlers.objects.sale_facts import sale_contract_signed
from services.billing.handlers.receivables import raise_charges
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.objects import agreements
from services.billing.storage.receivables import charges, customer_books
from shared import policy
from shared.directory import customers, identities, scope
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """Object, customer, price (gross yuan) and the instalments that sum to it.

    `authority` is that of the agent who signs for the customer, if one does.
    """

    number: str
    object_code: str
    customer_key: UUID
    price: Decimal
    signed_at_unit: str
    business_line: str
    tariff_class: str
    instalments: tuple[Instalment, ...]
    tax_rate: Decimal | None = None
    signed_on: date | None = None
    is_agent: bool = False
    authority: Authority | None = None


async def handle(work: Work, command: SignAgreement) -> Agreement:
    """Sign, and open the receivable that the deposit is applied to.

    Raises UnapprovedCustomer (R-20), OutOfScope, AgentNotAuthorised (B-10), NotSignedByAll (B-05),
    ObjectReserved (B-11) when the object is another's, ContractBeforeDeposit (B-08),
    ContractTooLate (B-03), AlreadySold, InvalidCharge, InstalmentsOutOfOrder.
    """
    signed_on = business_day(command.signed_on, work.today, "/signed_on")
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    deposit = await _reservation(work, command, signed_on)
    agreement = await _drawn_up(work, command, signed_on)
    if deposit is not None:
        check_deposit(agreement, deposit, signed_on, is_same_customer=True)
    charge = _charge(command, agreement)
    check_plan(command.instalments)
    refusal = objection(charge, tax_rate=command.tax_rate, at="")
    if refusal is not None:
        raise refusal

    await customer_books.lock(work, [agreement.customer_key])
    is_billed = await charges.existing(work, {agreement.charge_id})
    if is_billed or not await agreements.insert(work, agreement):
        raise AlreadySold(
            f"{command.object_code} 或合同号 {command.number} 已签约",
            f"{command.object_code} is sold, or the number {command.number} is taken",
        )
    await raise_charges.post(work, [(charge, work.now)])
    if deposit is not None:
        await _price(work, deposit, agreement)
    work.publish(sale_contract_signed(agreement, work.currency))
    return agreement


async def _reservation(work: Work, command: SignAgreement, signed_on: date) -> Deposit | None:
    """The buyer's own deposit; nobody signs over another's (B-11)."""
    buyer = command.customer_key
    deposit = await release_objects.reserving(work, command.object_code, signed_on, buyer)
    if deposit is None or await identities.are_same(work, deposit.customer_key, buyer):
        return deposit
    raise reserved(command.object_code)


async def _price(work: Work, deposit: Deposit, agreement: Agreement) -> None:
    """Say at once what of the deposit has no effect under the price of the contract (B-12)."""
    if deposit.price != agreement.price:
        terms = await deposit_facts.terms_of(work, deposit.policy_version)
        signed_on = agreement.signed_on
        priced = reprice(deposit, agreement.price, signed_on, terms)
        await deposit_facts.save(work, priced, signed_on, agreement.number)


async def _drawn_up(work: Work, command: SignAgreement, signed_on: date) -> Agreement:
    rules = await policy.in_force(work, PurchaseRules, signed_on)
    check_signatory(
        command.authority, signed_on, rules.body, rules.version, is_agent=command.is_agent
    )
    preliminary_id = await preliminary_agreements.of_contract(
        work, command.customer_key, command.object_code, rules, signed_on
    )
    return replace(_agreement(work, command, signed_on), preliminary_id=preliminary_id)


def _agreement(work: Work, command: SignAgreement, signed_on: date) -> Agreement:
    return Agreement(
        agreement_id=new_id(),
        number=command.number,
        object_code=command.object_code,
        customer_key=command.customer_key,
        charge_id=charge_id_of(OURS, command.number),
        price=command.price,
        signed_on=signed_on,
        signed_at_unit=command.signed_at_unit,
        staff_code=work.person.staff_code,
        authority=command.authority,
    )


def _charge(command: SignAgreement, agreement: Agreement) -> Charge:
    return Charge(
        charge_id=agreement.charge_id,
        system=OURS,
        ref=command.number,
        customer_key=command.customer_key,
        business_line=command.business_line,
        gross=command.price,
        tax=tax_in(command.price, None, command.tax_rate),
        issued_on=agreement.signed_on,
        tariff_class=command.tariff_class,
        instalments=command.instalments,
    )
