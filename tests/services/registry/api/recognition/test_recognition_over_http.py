"""R-15 to R-18 and R-25 over HTTP: assessed, decided, kept, and seen by whom."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from tests.services.registry.api.conftest import Declare, Json, propose, seen
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.http import Asking

INFLUENCE = {"words": {"body": "police"}, "flags": {"has_policy_influence": True}}


async def decided(asking: Asking, key: str, person: cast.Person, body: Json) -> Json:
    answer = await asking(person).post(f"/v1/customers/{key}/recognition", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def test_r15_a_declared_customer_shows_whether_it_is_recognised_and_why(
    asking: Asking, declare: Declare
) -> None:
    key = (await declare())["customer_key"]
    manager = asking(cast.COUNTY_MANAGER)
    customer = (await manager.get(f"/v1/customers/{key}")).json()
    assert (customer["is_recognised"], customer["recognised_by"]) == (False, None)
    (first,) = (await manager.get(f"/v1/customers/{key}/recognition")).json()["items"]
    assert (first["sequence"], first["is_recognised"], first["policy_version"]) == (1, False, 1)
    assert [route["route"] for route in first["routes"]] == [
        *("contract", "threshold", "policy-influence")
    ]
    assert first["figures"] is None
    assert first["inputs"]["has_contract"] == {"value": False, "source": "registry"}


async def test_r15_a_policy_account_is_recognised_and_its_kind_follows(
    asking: Asking, declare: Declare
) -> None:
    key = (await declare())["customer_key"]
    decision = await decided(asking, key, cast.COUNTY_MANAGER, INFLUENCE)
    assert (decision["is_recognised"], decision["route"], decision["kind"]) == (
        *(True, "policy-influence"),
        "policy",
    )
    manager = asking(cast.COUNTY_MANAGER)
    customer = (await manager.get(f"/v1/customers/{key}")).json()
    assert (customer["kind"], customer["recognised_by"], customer["version"]) == (
        *("policy", "policy-influence"),
        2,
    )
    steps = (await manager.get(f"/v1/customers/{key}/history")).json()["items"]
    assert [step["step"] for step in steps] == ["declared", "recognised"]


async def test_r16_revenue_that_billing_posted_recognises_on_both_sides_of_the_year(
    asking: Asking, approve: Declare, database: str
) -> None:
    key = (await approve())["customer_key"]
    posted = [
        ("2024-12-31", "99999.00"),
        ("2025-01-01", "9000.00"),
        ("2025-12-31", "999.99"),
        ("2026-02-28", "5000.00"),
        ("2026-03-01", "1000.00"),
    ]
    with psycopg.connect(database) as connection:
        for day, amount in posted:
            connection.execute(
                "INSERT INTO revenue_places VALUES (gen_random_uuid(), 1, %s, %s, NULL, 'GZ', %s)",
                (key, day, Decimal(amount)),
            )
    short = await decided(asking, key, cast.COUNTY_MANAGER, {"on": "2026-03-02"})
    assert short["is_recognised"] is False
    assert short["figures"]["previous_year_revenue"] == {"value": "9999.99", "source": "registry"}
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO revenue_places"
            " VALUES (gen_random_uuid(), 1, %s, '2025-06-01', NULL, 'GZ', 0.01)",
            (key,),
        )
    enough = await decided(asking, key, cast.COUNTY_MANAGER, {"on": "2026-03-02"})
    assert (enough["is_recognised"], enough["route"]) == (True, "threshold")
    earlier = await asking(cast.COUNTY_MANAGER).post(
        f"/v1/customers/{key}/recognition", json={"on": "2026-03-01"}
    )
    assert (earlier.status_code, earlier.json()["type"]) == (422, "/problems/decided-later")


async def test_r16_a_contract_in_force_recognises_until_it_ends(
    asking: Asking, approve: Declare, clock: SetClock
) -> None:
    customer = await approve()
    key = customer["customer_key"]
    contract = {
        "customer_key": key,
        "signed_at_unit": "GZ-TH",
        "signed_on": "2026-03-16",
        "valid_until_on": "2026-03-20",
    }
    before = await decided(asking, key, cast.COUNTY_MANAGER, {"on": "2026-03-15"})
    assert before["is_recognised"] is False
    signed = await asking(cast.COUNTY_MANAGER).post("/v1/contracts", json=contract)
    assert signed.status_code == 201, signed.text
    for days, on, is_recognised in (
        *((0, "2026-03-16", True), (4, "2026-03-20", True)),
        (1, "2026-03-21", False),
    ):
        clock.advance(timedelta(days=days))
        decision = await decided(asking, key, cast.COUNTY_MANAGER, {"on": on})
        assert decision["is_recognised"] is is_recognised, on


async def test_r15_not_recognised_is_approved_unless_the_policy_says_otherwise(
    asking: Asking, declare: Declare
) -> None:
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    current = (await province.get("/v1/policies/key-account-recognition")).json()
    body = {**current["body"], "approves_recognised_only": True}
    recorded = await province.post(
        "/v1/policies/key-account-recognition",
        json={
            "body": body,
            "effective_on": "2026-01-01",
            "reason": "只核准已认定的客户",
            "source": "ours",
        },
    )
    assert recorded.status_code == 201, recorded.text
    declaration = await propose(asking, await declare())
    path = f"/v1/declarations/{declaration['declaration_id']}/approve"
    director = asking(cast.CITY_DIRECTOR)
    refused = await director.post(path, json={}, headers=seen(declaration))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-recognised")
    decision = await decided(asking, declaration["customer_key"], cast.COUNTY_MANAGER, INFLUENCE)
    assert decision["policy_version"] == 2
    approved = await director.post(path, json={}, headers=seen(declaration))
    assert approved.status_code == 200, approved.text


async def test_r17_r18_a_site_of_another_trade_has_other_conditions(
    asking: Asking, declare: Declare
) -> None:
    key = (await declare())["customer_key"]
    capacity = {"quantities": {"capacity_kva": "2000"}}
    manager = asking(cast.COUNTY_MANAGER)
    refused = await manager.post(f"/v1/customers/{key}/recognition", json=capacity)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-measure")
    body = {
        "measures": [
            {"measure": "capacity_kva", "zh": "容量", "en": "Capacity", "form": "quantity"},
            {"measure": "business_volume", "zh": "业务量", "en": "Volume", "form": "quantity"},
        ],
        "routes": [
            {
                "route": "capacity",
                "zh": "容量",
                "en": "Capacity",
                "kind": "commercial",
                "all_of": [{"measure": "capacity_kva", "at_least": "2000"}],
            },
            {
                "route": "volume",
                "zh": "业务量",
                "en": "Volume",
                "kind": "commercial",
                "all_of": [{"measure": "business_volume", "at_least": "200000.00"}],
                "held_by": "deputy-manager",
            },
        ],
    }
    recorded = await asking(cast.PROVINCE_ADMINISTRATOR).post(
        "/v1/policies/key-account-recognition",
        json={"body": body, "effective_on": "2026-01-01", "reason": "电力", "source": "ours"},
    )
    assert recorded.status_code == 201, recorded.text
    for value, is_recognised in (("1999.9", False), ("2000", True)):
        given = {"quantities": {"capacity_kva": value}}
        decision = await decided(asking, key, cast.COUNTY_MANAGER, given)
        assert decision["is_recognised"] is is_recognised
    volume = {"quantities": {"business_volume": "200000.00"}}
    decision = await decided(asking, key, cast.COUNTY_MANAGER, volume)
    assert (decision["route"], decision["held_by"]) == ("volume", "deputy-manager")


async def test_r15_who_is_recognised_is_reported_and_out_of_sight_is_out_of_reach(
    asking: Asking, declare: Declare
) -> None:
    known = (await declare())["customer_key"]
    other = (await declare(customer={"name": "广州北方贸易有限公司"}))["customer_key"]
    await decided(asking, known, cast.COUNTY_MANAGER, INFLUENCE)
    path = "/v1/reports/recognition"
    manager = asking(cast.COUNTY_MANAGER)
    for wanted, key in ((True, known), (False, other)):
        (found,) = (await manager.get(path, params={"is_recognised": wanted})).json()["items"]
        assert found["customer_key"] == key
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get(path)).json()["items"] == []
    assert (await stranger.get(f"/v1/customers/{known}/recognition")).status_code == 404
    refused = await stranger.post(f"/v1/customers/{known}/recognition", json={})
    assert refused.status_code == 403
    branch = await asking(cast.BRANCH_STAFF).post(f"/v1/customers/{known}/recognition", json={})
    assert branch.status_code == 403


@pytest.fixture
def profile() -> Json:
    return {
        "body_type": "traffic",
        "analysis": {"demand": "每年三万件法律文书", "influence": "全市交通管理"},
        "current_value": "30000.00",
        "potential_value": "120000.00",
    }


async def test_r25_a_government_customer_is_classified_with_an_analysis_in_versions(
    asking: Asking, approve: Declare, profile: Json
) -> None:
    key = (await approve())["customer_key"]
    manager = asking(cast.COUNTY_MANAGER)
    path = f"/v1/customers/{key}/government-profile"
    first = await manager.put(path, json=profile, headers=seen(0))
    assert (first.status_code, first.json()["version"]) == (200, 1), first.text
    assert (await manager.put(path, json=profile, headers=seen(0))).status_code == 412
    changed = {**profile, "body_type": "city-management"}
    assert (await manager.put(path, json=changed, headers=seen(1))).json()["version"] == 2
    kept = (await manager.get(path)).json()["items"]
    assert [each["body_type"] for each in kept] == ["city-management", "traffic"]
    assert kept[0]["potential_value"] == "120000.00"
    for wrong in ({"body_type": "palace"}, {"analysis": {"demand": "多"}}):
        answer = await manager.put(path, json={**profile, **wrong}, headers=seen(2))
        assert answer.status_code == 422, answer.text


async def test_r25_there_are_eight_types_and_the_report_counts_each(
    asking: Asking, approve: Declare, profile: Json
) -> None:
    key = (await approve())["customer_key"]
    manager = asking(cast.COUNTY_MANAGER)
    await manager.put(f"/v1/customers/{key}/government-profile", json=profile, headers=seen(0))
    report = (await manager.get("/v1/reports/government-bodies")).json()
    assert len(report["types"]) == 8
    counted = {each["body_type"]: each["customers"] for each in report["types"]}
    assert (counted["traffic"], sum(counted.values())) == (1, 1)
    (traffic,) = [each for each in report["types"] if each["customers"]]
    assert traffic["current_value"] == "30000.00"
    stranger = (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/reports/government-bodies")).json()
    assert sum(each["customers"] for each in stranger["types"]) == 0


async def test_r25_a_government_profile_says_that_the_body_is_a_government(
    asking: Asking, declare: Declare, profile: Json
) -> None:
    key = (await declare())["customer_key"]
    await asking(cast.COUNTY_MANAGER).put(
        f"/v1/customers/{key}/government-profile", json=profile, headers=seen(0)
    )
    influence = {"flags": {"has_policy_influence": True}}
    decision = await decided(asking, key, cast.COUNTY_MANAGER, influence)
    assert (decision["route"], decision["kind"]) == ("policy-influence", "policy")
    assert decision["inputs"]["body"] == {"value": "government", "source": "registry"}
