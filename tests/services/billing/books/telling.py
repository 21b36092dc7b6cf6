"""What other systems and registry say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.contracts.enterprise import (
    ChargeCancelled,
    ChargeRaised,
    OpeningBalanceStated,
    OpeningKind,
    PaymentReceived,
    RaisedInstalment,
    RevenueRecorded,
    TariffClass,
)
from shared.contracts.envelope import CustomerReference, Entity, MoneyAmount, Reverses
from shared.contracts.registry import (
    CustomerIdentityChanged,
    OwnershipChanged,
    SplitChanged,
    SplitShare,
)
from shared.identifiers import derived_id
from tests.support.cast import Customer

JANUARY = date(2026, 1, 15)

MARCH = date(2026, 3, 10)

COMPANY_ACCOUNT = "4400-1001-88"


def yuan(amount: str | int | Decimal) -> MoneyAmount:
    return MoneyAmount(amount=Decimal(amount), currency="CNY")


def named(customer: Customer) -> CustomerReference:
    return CustomerReference(system="erp", code=customer.code)


def owned(
    customer: Customer,
    unit: str | None = None,
    *,
    version: int = 1,
    on: date = date(2020, 1, 1),
    rule: str = "default",
) -> OwnershipChanged:
    return OwnershipChanged(
        entity=Entity(type="ownership", id=str(customer.key), version=version),
        customer_key=customer.key,
        owner_unit=unit or customer.owner_unit,
        rule=rule,
        effective_on=on,
    )


def split(
    customer: Customer,
    base: dict[str, str],
    *,
    version: int = 1,
    on: date = date(2020, 1, 1),
    increment: dict[str, str] | None = None,
    base_amount: str | None = None,
    rule: str = "base-increment",
    ruling_id: UUID | None = None,
) -> SplitChanged:
    split_id = derived_id("split", customer.key)
    return SplitChanged(
        entity=Entity(type="split", id=str(split_id), version=version),
        customer_key=customer.key,
        split_id=split_id,
        base=_shares(base),
        increment=_shares(increment or {}),
        base_amount=yuan(base_amount) if base_amount is not None else None,
        rule=rule,
        ruling_id=ruling_id,
        effective_on=on,
    )


def revenue(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    on: date = JANUARY,
    line: str = "express",
    reverses: str | None = None,
    kind: str = "revenue_recorded",
) -> RevenueRecorded:
    return RevenueRecorded(
        ref=ref,
        customer=named(customer),
        business_line=line,
        amount=yuan(amount),
        occurred_on=on,
        reverses=Reverses(type=kind, ref=reverses) if reverses else None,
    )


def _shares(shares: dict[str, str]) -> tuple[SplitShare, ...]:
    return tuple(SplitShare(unit=unit, share=Decimal(share)) for unit, share in shares.items())


def charge(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    issued: date = date(2026, 1, 1),
    due: date = date(2026, 1, 31),
    tax: str | None = None,
    rate: str | None = None,
    tariff: TariffClass = TariffClass.OTHER,
    parts: dict[date, str] | None = None,
) -> ChargeRaised:
    return ChargeRaised(
        ref=ref,
        customer=named(customer),
        business_line="express",
        amount=yuan(amount),
        tax_amount=yuan(tax) if tax is not None else None,
        tax_rate=Decimal(rate) if rate is not None else None,
        issued_on=issued,
        due_on=due,
        tariff_class=tariff,
        instalments=tuple(
            RaisedInstalment(number=number, amount=yuan(part), due_on=due_on)
            for number, (due_on, part) in enumerate((parts or {}).items(), 1)
        ),
    )


def cancelled(
    ref: str,
    original: str,
    amount: str | None = None,
    *,
    on: date | None = MARCH,
    kind: str = "charge_raised",
) -> ChargeCancelled:
    return ChargeCancelled(
        ref=ref,
        reverses=Reverses(type=kind, ref=original),
        amount=yuan(amount) if amount is not None else None,
        cancelled_on=on,
    )


def opening(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    due: date | None = date(2025, 11, 30),
    on: date = date(2026, 1, 1),
    kind: OpeningKind = OpeningKind.RECEIVABLE,
    line: str | None = "express",
    reverses: str | None = None,
    type: str = "opening_balance_stated",
) -> OpeningBalanceStated:
    return OpeningBalanceStated(
        ref=ref,
        customer=named(customer),
        kind=kind,
        amount=yuan(amount),
        opened_on=on,
        due_on=due,
        business_line=line,
        reverses=Reverses(type=type, ref=reverses) if reverses else None,
    )


def payment(
    customer: Customer,
    ref: str,
    amount: str | int,
    *names: str,
    on: date = date(2026, 1, 20),
    account: str = COMPANY_ACCOUNT,
    system: str | None = None,
    reverses: str | None = None,
    kind: str = "payment_received",
) -> PaymentReceived:
    return PaymentReceived(
        ref=ref,
        company_account=account,
        payer=named(customer),
        amount=yuan(amount),
        received_on=on,
        remittance=names,
        remittance_system=system,
        reverses=Reverses(type=kind, ref=reverses) if reverses else None,
    )


def merged(customer: Customer, into: Customer | None, version: int = 1) -> CustomerIdentityChanged:
    """The customer is part of another from now on, or itself again."""
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(customer.key), version=version),
        customer_key=customer.key,
        survivor=into.key if into else None,
        on=date(2026, 1, 2),
    )
