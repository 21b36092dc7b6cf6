"""R-36, R-37, R-48, R-10: managers, contracts, disputes and reports through the public surface."""

from __future__ import annotations

from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking


async def assign(asking: Asking, key: str) -> Json:
    """A of the city, B of the county."""
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/customers/{key}/managers/assign",
        json={"a_staff_code": "G004", "b_staff_code": "T001", "on": "2026-01-12"},
        headers=seen(0),
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def sign(asking: Asking, key: str, at: str, **others: object) -> Json:
    """The county's manager enters a contract."""
    body = {"customer_key": key, "signed_at_unit": at, "signed_on": "2026-02-02", **others}
    answer = await asking(cast.COUNTY_MANAGER).post("/v1/contracts", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def test_r48_a_signed_contract_makes_b_lead_and_a_swap_holds(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    city = asking(cast.CITY_DIRECTOR)
    before = await city.get(f"/v1/customers/{key}/managers")
    assert (before.json()["version"], before.headers["etag"]) == (0, '"0"')
    assert (await assign(asking, key))["lead_staff_code"] == "G004"
    contract = await sign(asking, key, "GZ-TH", business_lines=["函件"])
    after = (await city.get(f"/v1/customers/{key}/managers")).json()
    assert (after["lead_staff_code"], after["phase"]) == ("T001", "maintenance")
    assert after["phase_contract_id"] == contract["contract_id"]
    swapped = await city.post(
        f"/v1/customers/{key}/managers/swap", json={"reason": "客户要求"}, headers=seen(after)
    )
    assert swapped.json()["lead_staff_code"] == "G004"
    await sign(asking, key, "GZ-TH")
    held = (await city.get(f"/v1/customers/{key}/managers")).json()
    assert held["lead_staff_code"] == "G004"


async def test_r36_ownership_shows_every_version_and_the_one_of_a_day(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    await sign(asking, key, "SZ-NS")
    province = asking(cast.PROVINCE_DIRECTOR)
    path = f"/v1/customers/{key}/ownership"
    today = (await province.get(path)).json()
    assert [each["owner_unit"] for each in today["versions"]] == ["GZ-TH", "SZ-NS"]
    assert today["in_force"]["owner_unit"] == "SZ-NS"
    before = (await province.get(path, params={"on": "2026-02-01"})).json()
    assert before["in_force"]["owner_unit"] == "GZ-TH"
    split = (await province.get(f"/v1/customers/{key}/split")).json()
    assert split["in_force"]["base"] == [{"unit": "SZ-NS", "share": "1"}]


async def test_r37_a_dispute_is_opened_evidenced_and_ruled(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    await sign(asking, key, "GZ-TH")
    claimant, province = asking(cast.OTHER_CITY_DIRECTOR), asking(cast.PROVINCE_DIRECTOR)
    body = {"customer_key": key, "claimants": ["SZ"], "statement": "总部在深圳", "on": "2026-03-01"}
    opened = await claimant.post("/v1/disputes", json=body)
    assert opened.status_code == 201, opened.text
    dispute = opened.json()
    assert (dispute["parties"], dispute["ruling_unit"]) == (["GZ-TH", "SZ"], "GD")
    path = f"/v1/disputes/{dispute['dispute_id']}"
    evidence = (await claimant.get(f"{path}/evidence")).json()["items"]
    assert {each["kind"] for each in evidence} == {"contract", "declaration", "statement"}
    assert (await claimant.get(f"/v1/customers/{key}")).status_code == 404
    said = await asking(cast.COUNTY_DIRECTOR).post(
        f"{path}/evidence", json={"statement": "我方先申报"}
    )
    assert said.status_code == 200
    ruling = {
        "owner_unit": "SZ",
        "effective_on": "2026-02-02",
        "reason": "综合平衡",
        "base": [{"unit": "GZ-TH", "share": "0.6"}, {"unit": "SZ", "share": "0.4"}],
    }
    not_whole = {**ruling, "base": [{"unit": "SZ", "share": "0.9"}]}
    refused = await province.post(f"{path}/rule", json=not_whole, headers=seen(dispute))
    assert (refused.status_code, refused.json()["type"]) == (
        422,
        "/problems/shares-not-the-whole",
    )
    ruled = await province.post(f"{path}/rule", json=ruling, headers=seen(dispute))
    assert ruled.status_code == 200, ruled.text
    assert ruled.json()["ruling"]["weights"][0]["contracts"] == 1
    assert (await claimant.get(f"/v1/customers/{key}")).json()["owner_unit"] == "SZ"
    listed = (await claimant.get("/v1/disputes", params={"state": "ruled"})).json()["items"]
    assert [each["dispute_id"] for each in listed] == [dispute["dispute_id"]]


async def test_r37_a_stranger_sees_no_dispute(asking: Asking, approve: Declare) -> None:
    key = (await approve())["customer_key"]
    body = {"customer_key": key, "claimants": ["GZ-PY"], "statement": "业务发生在番禺"}
    dispute = (await asking(cast.CITY_DIRECTOR).post("/v1/disputes", json=body)).json()
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    path = f"/v1/disputes/{dispute['dispute_id']}"
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"{path}/evidence")).status_code == 404
    assert (await stranger.get("/v1/disputes")).json()["items"] == []


async def test_the_owners_table_counts_what_is_in_sight(asking: Asking, approve: Declare) -> None:
    for number in range(2):
        await approve(customer={"name": f"第{number}家"})
    await approve(development_unit="SZ")
    rows = (await asking(cast.PROVINCE_DIRECTOR).get("/v1/reports/owners")).json()["items"]
    assert [(row["unit"], row["customers"], row["approved"]) for row in rows] == [
        ("GZ-TH", 2, 2),
        ("SZ", 1, 1),
    ]
    own = (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/reports/owners")).json()["items"]
    assert [row["unit"] for row in own] == ["SZ"]


async def test_r10_the_load_of_managers_is_judged_by_the_policy(
    asking: Asking, approve: Declare
) -> None:
    for number in range(8):
        key = (await approve(customer={"name": f"第{number}家"}))["customer_key"]
        await assign(asking, key)
    answer = await asking(cast.CITY_DIRECTOR).get("/v1/reports/manager-load")
    rows = {row["staff_code"]: row for row in answer.json()["items"]}
    assert (rows["G004"]["leads"], rows["G004"]["load"]) == (8, "within")
    assert (rows["T001"]["leads"], rows["T001"]["supports"]) == (0, 8)
    assert rows["T001"]["load"] == "below"
    assert "G011" not in rows, "who left has no load"
    assert "S003" not in rows, "another city's people are out of sight"


async def test_contracts_are_listed_and_shown_to_those_who_see_the_customer(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    contract = await sign(asking, key, "GZ-TH")
    path = f"/v1/contracts/{contract['contract_id']}"
    assert (await asking(cast.CITY_DIRECTOR).get(path)).json() == contract
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get(path)).status_code == 404
    listed = await asking(cast.CITY_DIRECTOR).get("/v1/contracts", params={"customer_key": key})
    assert len(listed.json()["items"]) == 1
    assert (await stranger.get("/v1/contracts")).json()["items"] == []
