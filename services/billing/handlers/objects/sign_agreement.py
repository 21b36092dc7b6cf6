"""A purchase agreement is signed; its instalments are owed from now on (B-03, B-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.agreements import Agreement, AlreadySold, check_deposit
from services.billing.domain.receivables.charges import Charge, Instalment, objection, tax_in
from services.billing.handlers.objects.take_deposit import reserved
from services.billing.handlers.receivables import raise_charges
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.objects import agreements, deposits
from shared.contracts.billing import SaleContractSigned
from shared.contracts.envelope import Entity, MoneyAmount
from shared.directory import customers, scope
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """Object, customer, price (gross yuan) and the instalments that sum to it."""

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


async def handle(work: Work, command: SignAgreement) -> Agreement:
    """Sign, and open the receivable that the deposit is applied to.

    Raises UnapprovedCustomer (R-20), OutOfScope, ObjectReserved (B-11) when somebody else has the
    live deposit, ContractTooLate (B-03), AlreadySold, InvalidCharge.
    """
    signed_on = business_day(command.signed_on, work.today, "/signed_on")
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    deposit = await deposits.live_on(work, command.object_code)

    agreement = _agreement(work, command, signed_on)
    if deposit is not None and deposit.customer_key != command.customer_key:
        raise reserved(command.object_code)
    if deposit is not None:
        check_deposit(agreement, deposit)
    charge = _charge(command, agreement)
    refusal = objection(charge, tax_rate=command.tax_rate, at="")
    if refusal is not None:
        raise refusal

    if not await agreements.insert(work, agreement):
        raise AlreadySold(
            f"{command.object_code} 或合同号 {command.number} 已签约",
            f"{command.object_code} is sold, or the number {command.number} is taken",
        )
    await raise_charges.post(work, [(charge, work.now)])
    work.publish(sale_contract_signed(agreement, work.currency))
    return agreement


def _agreement(work: Work, command: SignAgreement, signed_on: date) -> Agreement:
    assert work.caller is not None, "a command has a caller"
    return Agreement(
        agreement_id=new_id(),
        number=command.number,
        object_code=command.object_code,
        customer_key=command.customer_key,
        charge_id=raise_charges.charge_id_of(OURS, command.number),
        price=command.price,
        signed_on=signed_on,
        signed_at_unit=command.signed_at_unit,
        staff_code=work.caller.staff_code,
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


def sale_contract_signed(agreement: Agreement, currency: str) -> SaleContractSigned:
    """What is told of a signed agreement."""
    return SaleContractSigned(
        entity=Entity(type="agreement", id=str(agreement.agreement_id), version=agreement.version),
        customer_key=agreement.customer_key,
        agreement_id=agreement.agreement_id,
        object_code=agreement.object_code,
        price=MoneyAmount(amount=agreement.price, currency=currency),
        signed_on=agreement.signed_on,
        signed_at_unit=agreement.signed_at_unit,
    )
