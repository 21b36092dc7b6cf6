"""Terms and deposits for tests of what becomes of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.deposit_terms import (
    DepositTerms,
    LargeDepositTerms,
    SmallDepositTerms,
    TermsInForce,
)
from services.billing.domain.objects.deposits import Deposit, Kind, take, upgrade

TERMS = DepositTerms(
    small=SmallDepositTerms(Decimal(300), Decimal(10_000), 3),
    large=LargeDepositTerms(Decimal(10_000), 10),
    share_of_price=Decimal("0.20"),
    contract_days=10,
    collecting_roles=("finance",),
)
IN_FORCE = TermsInForce(TERMS, 1, lambda day, days: day + timedelta(days=days))
CUSTOMER = UUID(int=1)
AGREEMENT = UUID(int=9)
DAY = date(2026, 3, 1)


def taken(
    kind: Kind = Kind.SMALL, amount: str = "500", price: str = "800000", on: date = DAY
) -> Deposit:
    return take(
        UUID(int=7), CUSTOMER, "B1-2-301", kind, Decimal(amount), Decimal(price), on, IN_FORCE
    )


def upgraded(small: Deposit, amount: str, on: date = DAY + timedelta(days=2)) -> Deposit:
    return upgrade(small, UUID(int=8), Decimal(amount), on, IN_FORCE)[1]
