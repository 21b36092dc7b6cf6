"""R-38 to R-44: types, terms, bases, routing and delegations through the public surface."""

from __future__ import annotations

from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking

BELOW = {"to_unit": "GZ", "powers": ["rule-disputes"], "reason": "省局暂时委托"}


async def test_r39_type_b_is_shared_by_the_bureaus_ratio_and_explains_itself(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    ratio = {"developer_share": "0.7", "effective_on": "2026-01-01", "reason": "分成办法"}
    assert (await asking(cast.PROVINCE_DIRECTOR).post("/v1/service-ratios", json=ratio)).json()[
        "type"
    ] == "/problems/not-a-provincial-bureau"
    set_ = await asking(cast.SPECIALTY).post("/v1/service-ratios", json=ratio)
    assert set_.status_code == 201, set_.text
    assert (set_.json()["unit"], set_.json()["decided_by"]) == ("GD-EMS", cast.SPECIALTY.code)
    province = asking(cast.PROVINCE_DIRECTOR)
    body = {
        "type": "b",
        "effective_on": "2026-02-01",
        "reason": "业务覆盖全省",
        "city": "GZ",
        "specialty": "GD-EMS",
        "serving": [{"unit": "SZ", "weight": "1"}],
    }
    classified = await province.post(f"/v1/customers/{key}/classify", json=body)
    assert classified.status_code == 201, classified.text
    assert [each["type"] for each in classified.json()] == ["b"]
    split = (await province.get(f"/v1/customers/{key}/split")).json()["in_force"]
    assert (split["rule"], split["overruled"]) == ("type-b", ["default"])
    assert split["base"] == [{"unit": "GZ", "share": "0.7"}, {"unit": "SZ", "share": "0.3"}]
    assert split["inputs"]["set_by"] == "GD-EMS"
    served = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await served.get(f"/v1/customers/{key}")).status_code == 200
    assert len((await served.get(f"/v1/customers/{key}/types")).json()) == 1
    terms = (await served.get("/v1/sharing-terms")).json()["items"]
    assert [each["kind"] for each in terms] == ["service-ratio"]


async def test_r41_the_weights_of_type_d_come_from_the_province(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    province = asking(cast.PROVINCE_DIRECTOR)
    weights: Json = {
        "weights": [{"unit": "GZ", "weight": "3"}, {"unit": "SZ", "weight": "1"}],
        "effective_on": "2026-02-01",
        "reason": "合理配置",
    }
    assert (await province.post("/v1/benefit-weights", json=weights)).status_code == 201
    body = {"type": "d", "effective_on": "2026-02-01", "reason": "省级机关"}
    assert (await province.post(f"/v1/customers/{key}/classify", json=body)).status_code == 201
    split = (await province.get(f"/v1/customers/{key}/split")).json()["in_force"]
    assert split["base"] == [{"unit": "GZ", "share": "0.75"}, {"unit": "SZ", "share": "0.25"}]


async def test_r44_base_and_increment_are_agreed_and_shown(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    body = {
        "basis": "fixed",
        "effective_on": "2026-03-01",
        "reason": "保存量扩增量",
        "base": [{"unit": "GZ-TH", "share": "1"}],
        "increment": [{"unit": "GZ-PY", "share": "1"}],
        "base_amount": "80000.00",
    }
    city = asking(cast.CITY_DIRECTOR)
    agreed = await city.post(f"/v1/customers/{key}/base-agreements", json=body)
    assert agreed.status_code == 201, agreed.text
    assert agreed.json()[0]["base_amount"] == "80000.00"
    split = (await city.get(f"/v1/customers/{key}/split")).json()["in_force"]
    assert (split["rule"], split["base_amount"]) == ("base-increment", "80000.00")
    held = (await city.get(f"/v1/customers/{key}/base-agreements")).json()
    assert [each["basis"] for each in held] == ["fixed"]
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    refused = await stranger.post(f"/v1/customers/{key}/base-agreements", json=body)
    assert refused.status_code == 403


async def test_r43_a_specialty_is_routed_and_the_city_takes_note(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    body = {"specialty_unit": "GD-EMS", "effective_on": "2026-02-01", "reason": "快递大户"}
    province = asking(cast.PROVINCE_DIRECTOR)
    routed = await province.post(f"/v1/customers/{key}/route", json=body)
    assert routed.status_code == 201, routed.text
    assert routed.json()[0]["informed_unit"] == "GZ"
    city = asking(cast.CITY_DIRECTOR)
    assert len((await city.get(f"/v1/customers/{key}/routings")).json()) == 1
    (notice,) = (await city.get("/v1/notices", params={"is_read": False})).json()["items"]
    assert (notice["kind"], notice["unit"], notice["read_by"]) == ("routed", "GZ", None)
    path = f"/v1/notices/{notice['notice_id']}/read"
    assert (await asking(cast.OTHER_CITY_DIRECTOR).post(path, json={})).status_code == 404
    assert (await city.post(path, json={})).json()["read_by"] == cast.CITY_DIRECTOR.code
    assert (await city.get("/v1/notices", params={"is_read": False})).json()["items"] == []
    assert (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/notices")).json()["items"] == []


async def test_r42_delegations_are_lent_listed_by_their_end_and_taken_back(
    asking: Asking,
) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    for until in ("2026-12-31", "2026-04-15", "2026-04-16"):
        answer = await province.post("/v1/delegations", json={**BELOW, "until_on": until})
        assert answer.status_code == 201, answer.text
    city = asking(cast.CITY_DIRECTOR)
    listed = (await city.get("/v1/delegations")).json()["items"]
    assert [each["until_on"] for each in listed] == ["2026-04-15", "2026-04-16", "2026-12-31"]
    ending = (await city.get("/v1/delegations/ending")).json()["items"]
    assert [each["until_on"] for each in ending] == ["2026-04-15"], "within thirty days"
    path = f"/v1/delegations/{listed[2]['delegation_id']}/revoke"
    assert (await city.post(path, json={}, headers=seen(1))).status_code == 403
    over = await province.post(path, json={}, headers=seen(1))
    assert (over.json()["is_in_force"], over.json()["last_on"]) == (False, "2026-03-15")
    assert (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/delegations")).json()["items"] == []
    outside = {**BELOW, "to_unit": "SZ", "until_on": "2026-12-31"}
    assert (await city.post("/v1/delegations", json=outside)).status_code == 403
