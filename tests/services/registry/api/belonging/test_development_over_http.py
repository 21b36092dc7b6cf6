"""R-20, R-22: no contract and no managers before approval, nor while a credit problem is open."""

from __future__ import annotations

from uuid import uuid4

from tests.services.registry.api.conftest import Declare, seen
from tests.support import cast
from tests.support.http import Asking

CONTRACT = {"signed_at_unit": "GZ-TH", "signed_on": "2026-02-02"}
MANAGERS = {"a_staff_code": "G004", "b_staff_code": "T001", "on": "2026-02-02"}


async def developing(asking: Asking, key: str) -> list[tuple[int, str]]:
    """What comes of signing a contract and of giving the customer its managers."""
    signed = await asking(cast.COUNTY_MANAGER).post(
        "/v1/contracts", json={**CONTRACT, "customer_key": key}
    )
    assigned = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/customers/{key}/managers/assign", json=MANAGERS, headers=seen(0)
    )
    return [(each.status_code, each.json().get("type", "")) for each in (signed, assigned)]


async def test_r20_nothing_is_developed_before_approval(asking: Asking, declare: Declare) -> None:
    declaration = await declare()
    assert (
        await developing(asking, declaration["customer_key"])
        == [(409, "/problems/unapproved-customer")] * 2
    )
    assert {status for status, _ in await developing(asking, str(uuid4()))} == {404}


async def test_r22_nothing_is_developed_while_a_credit_problem_is_open(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    stopped = await asking(cast.COUNTY_MANAGER).post(
        f"/v1/customers/{customer['customer_key']}/suspend",
        json={"reason": "拖欠"},
        headers=seen(customer),
    )
    assert stopped.json()["state"] == "suspended"
    assert (
        await developing(asking, customer["customer_key"])
        == [(409, "/problems/customer-suspended")] * 2
    )
