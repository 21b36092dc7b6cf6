"""Late fees and their waivers over HTTP: two people, their levels, their scope (B-15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")
ELECTRONICS = str(cast.ELECTRONICS.key)


async def fee_of(asking: Asking) -> dict[str, Any]:
    listed = await asking(cast.FINANCE).get("/v1/late-fees", params={"customer_key": ELECTRONICS})
    (fee,) = listed.json()["items"]
    return dict(fee)


async def test_a_fee_is_proposed_approved_and_shown_with_what_was_waived(asking: Asking) -> None:
    fee = await fee_of(asking)
    assert fee["waived"] == "0.00"
    proposed = await asking(cast.FINANCE).post(
        f"/v1/late-fees/{fee['late_fee_id']}/waivers",
        json={"amount": "1.00", "reason": "水灾 / flood"},
    )
    assert proposed.status_code == 201, proposed.text
    address = f"/v1/late-fee-waivers/{proposed.json()['waiver_id']}"
    director = asking(cast.CITY_DIRECTOR)
    open_ones = (await director.get("/v1/late-fee-waivers", params={"state": "proposed"})).json()
    assert [waiver["reason"] for waiver in open_ones["items"]] == ["水灾 / flood"]
    unseen = await director.post(f"{address}/approve", json={})
    assert unseen.status_code == 428
    approved = await director.post(
        f"{address}/approve", json={"note": "同意"}, headers={"if-match": '"1"'}
    )
    assert (approved.status_code, approved.json()["state"]) == (200, "approved"), approved.text
    after = await fee_of(asking)
    assert (after["waived"], after["by_plan"]) == ("1.00", fee["amount"])
    shown = (await director.get(address)).json()
    assert [(each["state"], each["note"]) for each in shown["changes"]] == [
        ("proposed", "水灾 / flood"),
        ("approved", "同意"),
    ]
    decisions = (await director.get(f"/v1/late-fees/{fee['late_fee_id']}")).json()["decisions"]
    assert (decisions[-1]["because"], decisions[-1]["waived"]) == ("waived", "1.00")


async def test_the_applicant_and_another_city_cannot_approve(asking: Asking) -> None:
    fee = await fee_of(asking)
    path = f"/v1/late-fees/{fee['late_fee_id']}/waivers"
    made = await asking(cast.FINANCE).post(path, json={"reason": "-"})
    address = f"/v1/late-fee-waivers/{made.json()['waiver_id']}/approve"
    for person, code in (
        (cast.FINANCE, "approver-is-applicant"),
        (cast.OTHER_CITY_DIRECTOR, "out-of-scope"),
        (cast.MANAGER_A, "role-missing"),
    ):
        answer = await asking(person).post(address, json={}, headers={"if-match": '"1"'})
        assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{code}")
    other = asking(cast.OTHER_CITY_FINANCE)
    assert (await other.post(path, json={"reason": "-"})).json()["type"] == "/problems/out-of-scope"
    assert (await other.get(address.removesuffix("/approve"))).status_code == 404


@pytest.mark.parametrize("amount", ["0.00", "1.001", "-1.00", "99999.00"])
async def test_an_amount_that_cannot_be_waived_is_refused_by_name(
    asking: Asking, amount: str
) -> None:
    fee = await fee_of(asking)
    answer = await asking(cast.FINANCE).post(
        f"/v1/late-fees/{fee['late_fee_id']}/waivers", json={"amount": amount, "reason": "-"}
    )
    assert answer.status_code == 422
    assert "/amount" in answer.text
