"""R-37, R-42, R-46: a dispute's whole life, and units that ask before they market, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from services.registry.handlers.cases.evidence import notice_visits
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.services.registry.handlers.cases.test_disputing import visited
from tests.support import cast
from tests.support.facts import published
from tests.support.http import Asking

NAME = "广州南方机械有限公司"


@pytest.fixture
async def dispute(asking: Asking, approve: Declare) -> Json:
    """Tianhe's customer, claimed by Shenzhen."""
    key = (await approve())["customer_key"]
    body = {"customer_key": key, "claimants": ["SZ"], "statement": "总部在深圳", "on": "2026-03-01"}
    answer = await asking(cast.OTHER_CITY_DIRECTOR).post("/v1/disputes", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def test_r37_the_parties_settle_and_both_see_it(asking: Asking, dispute: Json) -> None:
    path = f"/v1/disputes/{dispute['dispute_id']}"
    county, claimant = asking(cast.COUNTY_DIRECTOR), asking(cast.OTHER_CITY_DIRECTOR)
    proposal = {
        "owner_unit": "GZ-TH",
        "increment": [{"unit": "SZ", "share": "1"}],
        "base_amount": "500.00",
        "effective_on": "2026-01-12",
        "statement": "双方各半",
        "base": [{"unit": "GZ-TH", "share": "0.5"}, {"unit": "SZ", "share": "0.5"}],
    }
    proposed = await county.post(f"{path}/settlements", json=proposal)
    assert proposed.status_code == 201, proposed.text
    assert proposed.json()["accepted"] == ["GZ-TH"]
    accept = f"{path}/settlements/{proposed.json()['settlement_id']}/accept"
    settled = await claimant.post(accept, json={})
    assert settled.status_code == 200, settled.text
    assert (settled.json()["state"], settled.json()["ruling"]["kind"]) == ("settled", "settlement")
    listed = (await claimant.get(f"{path}/settlements")).json()
    assert [each["accepted"] for each in listed] == [["GZ-TH", "SZ"]]
    assert (await claimant.get(f"/v1/customers/{dispute['customer_key']}")).status_code == 404
    appeal = await claimant.post(f"{path}/appeal", json={"statement": "不服"})
    assert appeal.json()["type"] == "/problems/nothing-to-appeal"


async def test_r37_a_claim_is_withdrawn(asking: Asking, dispute: Json) -> None:
    path = f"/v1/disputes/{dispute['dispute_id']}"
    claimant = asking(cast.OTHER_CITY_DIRECTOR)
    parties = (await claimant.get(f"{path}/parties")).json()
    assert [(each["unit"], each["statements"]) for each in parties] == [("GZ-TH", 0), ("SZ", 1)]
    over = (await claimant.post(f"{path}/withdraw", json={})).json()
    assert (over["state"], over["withdrawn"], over["opened_for"]) == ("withdrawn", ["SZ"], "SZ")


async def test_r42_a_ruling_is_appealed_against_and_ruled_by_the_province(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    city, province = asking(cast.CITY_DIRECTOR), asking(cast.PROVINCE_DIRECTOR)
    body = {"customer_key": key, "claimants": ["GZ-PY"], "statement": "业务在番禺"}
    opened = await asking(cast.COUNTY_DIRECTOR).post("/v1/disputes", json=body)
    first = opened.json()
    assert first["ruling_unit"] == "GZ"
    ruling = {"owner_unit": "GZ-PY", "effective_on": "2026-02-01", "reason": "综合平衡"}
    path = f"/v1/disputes/{first['dispute_id']}"
    ruled = await city.post(f"{path}/rule", json=ruling, headers=seen(first))
    assert ruled.status_code == 200, ruled.text
    county = asking(cast.COUNTY_DIRECTOR)
    appealed = await county.post(f"{path}/appeal", json={"statement": "我方先申报"})
    assert appealed.status_code == 201, appealed.text
    case = appealed.json()
    assert (case["ruling_unit"], case["cause"], case["appeal_of"]) == (
        *("GD", "appeal"),
        ruled.json()["ruling"]["ruling_id"],
    )
    body = {
        "owner_unit": "GZ-TH",
        "effective_on": "2026-02-01",
        "reason": "申报在先",
        "base": [{"unit": "GZ-TH", "share": "1"}],
        "increment": [{"unit": "GZ-PY", "share": "1"}],
        "base_amount": "80000.00",
    }
    path = f"/v1/disputes/{case['dispute_id']}/rule"
    last = (await province.post(path, json=body, headers=seen(case))).json()
    assert last["ruling"]["supersedes"] == case["appeal_of"]
    split = (await county.get(f"/v1/customers/{key}/split")).json()
    assert [each["rule"] for each in split["versions"]] == ["default", "ruling", "ruling"]
    assert split["in_force"]["base"] == [{"unit": "GZ-TH", "share": "1"}]
    assert split["in_force"]["base_amount"] == "80000.00", "base and increment are ruled apart"


async def asked(asking: Asking) -> Json:
    """Shenzhen finds out that the customer exists, and asks its centre."""
    shenzhen = asking(cast.OTHER_CITY_DIRECTOR)
    answer = (await shenzhen.post("/v1/duplicates/check", json={"name": NAME})).json()
    body = {"question_id": answer["question_id"], "purpose": "推广快递", "business_line": "快递"}
    request = await shenzhen.post("/v1/marketing-requests", json=body)
    assert request.status_code == 201, request.text
    found: Json = request.json()
    return found


async def test_r46_another_unit_asks_without_seeing_the_file_until_the_owner_agrees(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    request = await asked(asking)
    assert (request["state"], request["customer_key"]) == ("asked", None)
    owner, shenzhen = asking(cast.COUNTY_DIRECTOR), asking(cast.OTHER_CITY_DIRECTOR)
    (notice,) = (await owner.get("/v1/notices")).json()["items"]
    assert (notice["kind"], notice["subject_id"]) == ("marketing-asked", request["request_id"])
    path = f"/v1/marketing-requests/{request['request_id']}/answer"
    body = {"answer": "请先与我方客户经理联系", "until_on": "2026-06-30"}
    assert (await shenzhen.post(path, json=body, headers=seen(request))).status_code == 403
    agreed = await owner.post(path, json=body, headers=seen(request))
    assert (agreed.status_code, agreed.json()["state"]) == (200, "agreed")
    assert (await shenzhen.get(f"/v1/customers/{key}")).status_code == 200
    listed = (await shenzhen.get("/v1/marketing-requests")).json()["items"]
    assert [each["customer_key"] for each in listed] == [key]
    stranger = asking(cast.SPECIALTY)
    assert (await stranger.get("/v1/marketing-requests")).json()["items"] == []


async def test_r46_who_met_another_units_customer_is_reported(
    asking: Asking, approve: Declare, process: Runtime
) -> None:
    key = (await approve())["customer_key"]
    visits: list[Any] = [
        published(visited(key, "1", cast.COUNTY_MANAGER.code, "GZ-TH")),
        published(visited(key, "2", cast.CITY_DIRECTOR.code, "GZ")),
        published(visited(key, "3", cast.OTHER_CITY_MANAGER.code, "SZ")),
        published(visited(key, "4", cast.OTHER_CITY_MANAGER.code, "SZ")),
    ]
    async with process.works.begin() as work:
        await notice_visits.handle(work, visits)
    province = asking(cast.PROVINCE_DIRECTOR)
    rows = (await province.get("/v1/reports/multi-selling")).json()["items"]
    assert [(row["owner_unit"], row["unit"], row["visits"], row["is_agreed"]) for row in rows] == [
        ("GZ-TH", "SZ", 2, False)
    ]
    later = {"since": "2026-02-06"}
    assert (await province.get("/v1/reports/multi-selling", params=later)).json()["items"] == []
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get("/v1/reports/multi-selling")).json()["items"] == []


async def test_r37_who_was_a_party_once_sees_no_later_case_about_the_customer(
    asking: Asking, dispute: Json
) -> None:
    claimant, county = asking(cast.OTHER_CITY_DIRECTOR), asking(cast.COUNTY_DIRECTOR)
    await claimant.post(f"/v1/disputes/{dispute['dispute_id']}/withdraw", json={})
    body = {
        "customer_key": dispute["customer_key"],
        "claimants": ["GZ-PY"],
        "statement": "业务在番禺",
    }
    later = await county.post("/v1/disputes", json=body)
    assert later.status_code == 201, later.text
    path = f"/v1/disputes/{later.json()['dispute_id']}"
    assert (await asking(cast.CITY_DIRECTOR).get(path)).status_code == 200, "the judge"
    for what in ("", "/evidence", "/parties", "/settlements"):
        assert (await claimant.get(path + what)).status_code == 404, what
    listed = (await claimant.get("/v1/disputes")).json()["items"]
    assert [each["dispute_id"] for each in listed] == [dispute["dispute_id"]]


async def test_r42_a_delegate_reads_and_rules_the_case_over_http(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    body = {"customer_key": key, "claimants": ["GZ-PY"], "statement": "业务在番禺"}
    case = (await asking(cast.COUNTY_DIRECTOR).post("/v1/disputes", json=body)).json()
    path = f"/v1/disputes/{case['dispute_id']}"
    shenzhen = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await shenzhen.get(path)).status_code == 404
    lent = {
        "to_unit": "SZ",
        "powers": ["rule-disputes"],
        "until_on": "2026-06-30",
        "reason": "省局暂时委托",
    }
    province = asking(cast.PROVINCE_DIRECTOR)
    assert (await province.post("/v1/delegations", json=lent)).status_code == 201
    assert (await shenzhen.get(path)).status_code == 200
    ruling = {"owner_unit": "GZ-PY", "effective_on": "2026-02-01", "reason": "综合平衡"}
    ruled = await shenzhen.post(f"{path}/rule", json=ruling, headers=seen(case))
    assert ruled.status_code == 200, ruled.text
    assert ruled.json()["ruling"]["delegation_id"] is not None
    assert (await shenzhen.get(f"/v1/customers/{key}")).status_code == 404, "no archive, no base"
