"""R-54: does the customer's first call go to the company or to a person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.registry.domain.people.trust import Asset, CustomerTrust, index, judge

POLICY = CustomerTrust(
    window_days=365, quiet_days=7, minimum_first_calls=3, company_share=Decimal("0.5")
)


@pytest.mark.parametrize(
    ("to_company", "to_person", "asset"),
    [
        (0, 0, Asset.UNKNOWN),
        (2, 0, Asset.UNKNOWN),
        (3, 0, Asset.COMPANY),
        (2, 2, Asset.COMPANY),
        (1, 2, Asset.PERSONAL),
        (0, 3, Asset.PERSONAL),
    ],
)
def test_r54_half_of_enough_first_calls_make_it_the_companys(
    to_company: int, to_person: int, asset: Asset
) -> None:
    assert judge(to_company, to_person, POLICY) is asset


def test_r54_without_first_calls_there_is_no_index() -> None:
    assert index(0, 0) is None
    assert index(1, 3) == Decimal("0.25")
