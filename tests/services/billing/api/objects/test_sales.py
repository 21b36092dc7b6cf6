"""A sale over HTTP: the paper, the contract, the registration."""

from __future__ import annotations

from tests.services.billing.api.objects.test_deposits import do, taken
from tests.support import cast
from tests.support.http import Asking

ELECTRONICS = str(cast.ELECTRONICS.key)


async def test_a_sale_is_registered_or_cancelled_and_shows_how_it_came_b_09(asking: Asking) -> None:
    await taken(asking)
    terms = {
        "number": "A-9",
        "object_code": "B1-2-301",
        "customer_key": ELECTRONICS,
        "price": "800000.00",
        "signed_at_unit": "GZ",
        "business_line": "property",
        "instalments": [{"number": 1, "amount": "800000.00", "due_on": "2026-12-16"}],
        "signed_by_agent": True,
    }
    seller, director = asking(cast.MANAGER_A), asking(cast.CITY_DIRECTOR)
    refused = await seller.post("/v1/agreements", json=terms)
    assert (refused.status_code, refused.json()["rule"]) == (409, "B-10")
    authority = {
        "document": "粤公委 88",
        "sha256": "0" * 64,
        "notary": "广州公证处",
        "certificate": "公证字 88",
        "notarised_on": "2026-03-01",
    }
    signed = await seller.post("/v1/agreements", json={**terms, "authority": authority})
    assert signed.status_code == 201, signed.text
    sale = signed.json()
    assert sale["authority"]["notary"] == "广州公证处"
    path = f"/v1/agreements/{sale['agreement_id']}"
    assert (await seller.post(f"{path}/register", json={"number": "备-1"})).status_code == 428
    match = {"if-match": signed.headers["etag"]}
    registered = await seller.post(f"{path}/register", json={"number": "备-1"}, headers=match)
    assert registered.status_code == 200, registered.text
    final = registered.json()
    assert (final["state"], final["registration_number"]) == ("registered", "备-1")
    match = {"if-match": registered.headers["etag"]}
    undone = await director.post(f"{path}/cancel", json={"reason": "…"}, headers=match)
    assert (undone.status_code, undone.json()["rule"]) == (409, "B-09")
    changes = (await seller.get(f"{path}/changes")).json()
    assert [each["state"] for each in changes] == ["signed", "registered"]
    sold = (await director.get("/v1/agreements", params={"state": "registered"})).json()["items"]
    assert [each["number"] for each in sold] == ["A-9"]


async def test_a_contract_for_less_warns_whoever_signs_it_b_12(asking: Asking) -> None:
    large = {"kind": "large", "amount": "100000.00", "price": "500000.00"}
    found = await taken(asking, **large)
    seller = asking(cast.MANAGER_A)
    terms = {
        "number": "A-7",
        "object_code": "B1-2-301",
        "customer_key": ELECTRONICS,
        "price": "400000.00",
        "signed_at_unit": "GZ",
        "business_line": "property",
        "instalments": [{"number": 1, "amount": "400000.00", "due_on": "2026-12-16"}],
    }
    signed = await seller.post("/v1/agreements", json=terms)
    assert signed.status_code == 201, signed.text
    sale = signed.json()
    assert sale["deposit_excess_amount"] == "20000.00"
    assert "B-12" in sale["warnings"][0]
    deposit_now = (await seller.get(f"/v1/deposits/{found['deposit_id']}")).json()
    assert (deposit_now["price"], deposit_now["excess_amount"]) == ("400000.00", "20000.00")
    applied = await do(
        *(asking(cast.FINANCE), "apply", deposit_now), agreement_id=sale["agreement_id"]
    )
    assert applied.json()["warnings"] == sale["warnings"]
    listed = (await seller.get("/v1/agreements")).json()["items"]
    assert [each["warnings"] for each in listed] == [sale["warnings"]]


async def test_the_copy_comes_back_to_the_manager_b_08(asking: Asking) -> None:
    found = await taken(asking)
    director = asking(cast.CITY_DIRECTOR)
    path = f"/v1/preliminary-agreements/{found['preliminary_id']}"
    filed = (await director.get(path)).json()
    assert (filed["state"], len(filed["signatures"])) == ("filed", 3)
    match = {"if-match": f'"{filed["version"]}"'}
    early = await director.post(f"{path}/take-back", json={"reason": "柜 3"}, headers=match)
    assert (early.status_code, early.json()["rule"]) == (409, "B-05")
    void = await director.post(f"{path}/void", json={"reason": "…"}, headers=match)
    assert void.status_code == 409
    elsewhere = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await elsewhere.get(path)).status_code == 404
    assert (await elsewhere.get("/v1/preliminary-agreements")).json()["items"] == []
    changes = (await director.get(f"{path}/changes")).json()
    assert [each["state"] for each in changes] == ["open", "open", "open", "signed", "filed"]
