"""Events as the other services and systems send them to tiering."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.contracts.billing import RevenuePosted, RevenueShare, ShareKind
from shared.contracts.enterprise import UnitRevenueReported, UsageRecorded
from shared.contracts.envelope import (
    CustomerReference,
    Entity,
    MoneyAmount,
    Reverses,
    SourceRef,
)
from shared.contracts.registry import OwnershipChanged
from shared.identifiers import derived_id
from tests.support.cast import Customer


def money(amount: str | Decimal) -> MoneyAmount:
    return MoneyAmount(amount=Decimal(amount), currency="CNY")


def posted(
    number: int | str,
    customer: UUID,
    amount: str | Decimal,
    *,
    on: date = date(2025, 6, 15),
    version: int = 1,
    line: str = "express",
    shares: dict[str, str] | None = None,
) -> RevenuePosted:
    """Revenue that billing posted; all of it to GZ unless `shares` says otherwise."""
    parts = shares or {"GZ": str(amount)}
    return RevenuePosted(
        entity=Entity(type="posting", id=str(derived_id("posting", number)), version=version),
        customer_key=customer,
        posting_id=derived_id("posting", number),
        source=SourceRef(system="erp", ref=f"R-{number}"),
        occurred_on=on,
        business_line=line,
        amount=money(amount),
        shares=tuple(
            RevenueShare(unit=unit, amount=money(part), kind=ShareKind.BASE)
            for unit, part in parts.items()
        ),
        rule="default",
    )


def owned(
    customer: Customer, unit: str = "", version: int = 1, on: date = date(2020, 1, 1)
) -> OwnershipChanged:
    """Which unit owns a customer from a day on."""
    return OwnershipChanged(
        entity=Entity(type="ownership", id=str(customer.key), version=version),
        customer_key=customer.key,
        owner_unit=unit or customer.owner_unit,
        rule="default",
        effective_on=on,
    )


def reported_revenue(
    ref: str,
    amount: str,
    *,
    unit: str = "GZ",
    year: int = 2025,
    line: str | None = None,
    on: date | None = None,
) -> UnitRevenueReported:
    """A unit's revenue of a year."""
    return UnitRevenueReported(
        ref=ref,
        unit=unit,
        business_line=line,
        year=year,
        amount=money(amount),
        reported_on=on,
    )


def used(
    ref: str,
    customer: Customer,
    value: str,
    *,
    metric: str = "kwh",
    period: str = "2025-06",
    reverses: str | None = None,
) -> UsageRecorded:
    """Usage that a system metered."""
    return UsageRecorded(
        ref=ref,
        customer=CustomerReference(system="erp", code=customer.code),
        metric=metric,
        value=Decimal(value),
        period=period,
        reverses=Reverses(type="usage_recorded", ref=reverses) if reverses else None,
    )
