"""What may bounce: money from a bank, as much as there is, not before it came (B-17, B-34)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.desk.bounced import (
    NotFromABank,
    ReturnedTooEarly,
    bounced,
    check_fund,
)
from services.billing.domain.receivables.payments import ReturnTooLarge

RECEIVED = date(2026, 3, 10)
HUNDRED = Decimal("100.00")


def test_b34_a_payment_bounces_whole_or_in_part_from_its_own_day_on() -> None:
    assert bounced("V-1", RECEIVED, HUNDRED, None, RECEIVED) == HUNDRED
    assert bounced("V-1", RECEIVED, HUNDRED, HUNDRED, RECEIVED) == HUNDRED
    with pytest.raises(ReturnedTooEarly):
        bounced("V-1", RECEIVED, HUNDRED, None, date(2026, 3, 9))


@pytest.mark.parametrize(
    ("there_is", "amount"), [(HUNDRED, Decimal("100.01")), (Decimal("0.00"), None)]
)
def test_b34_no_more_bounces_than_is_there(there_is: Decimal, amount: Decimal | None) -> None:
    with pytest.raises(ReturnTooLarge):
        bounced("V-1", RECEIVED, there_is, amount, RECEIVED)


def test_b34_a_discount_does_not_bounce() -> None:
    check_fund("bank", "V-1")
    with pytest.raises(NotFromABank):
        check_fund("discount", "discount/1")
