"""R-22, R-29, R-30 over HTTP: credit problems, changes with proof, contracts that are lacking."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.registry.domain.proof.required_contracts import ContractRule, RequiredContracts
from services.registry.sweeps import SWEEPS
from shared import sweeps
from shared.policy import record_parsed
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking

CREDIT_CODE = "91110000600037341L"
PROOF = {"kind": "registry-notice", "digest": "b" * 64, "kept_at": "天河区档案室"}


def change(kind: str, **others: Any) -> Json:
    """An application for 16 March 2026, the day of the tests."""
    return {
        "kind": kind,
        "effective_on": "2026-03-16",
        "proof": PROOF,
        "reason": "工商变更",
        **others,
    }


async def applied(asking: Asking, customer: Json, body: Json) -> Json:
    """The application of the county's manager."""
    answer = await asking(cast.COUNTY_MANAGER).post(
        f"/v1/customers/{customer['customer_key']}/changes", json=body
    )
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def decided(asking: Asking, application: Json) -> Json:
    """What the city's director approved."""
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/changes/{application['application_id']}/approve", json={}, headers=seen(application)
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_r29_a_customer_gets_another_name_and_is_found_under_both(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    done = await decided(asking, await applied(asking, customer, change("name", name="粤机集团")))
    assert (done["state"], done["performed_on"]) == ("performed", "2026-03-16")
    county = asking(cast.COUNTY_MANAGER)
    for name in ("粤机集团", "南方机械"):
        found = (await county.get("/v1/customers", params={"name": name})).json()["items"]
        assert [each["name"] for each in found] == ["粤机集团"], name
    path = f"/v1/customers/{customer['customer_key']}"
    (former,) = (await county.get(f"{path}/former-names")).json()["items"]
    assert (former["name"], former["until_on"]) == ("广州南方机械有限公司", "2026-03-15")
    steps = (await county.get(f"{path}/history")).json()["items"]
    assert (steps[-1]["step"], steps[-1]["by"], steps[-1]["reason"]) == (
        *("renamed", cast.CITY_DIRECTOR.code, "工商变更"),
    )
    stranger = asking(cast.OTHER_CITY_MANAGER)
    assert (await stranger.get(f"{path}/former-names")).json()["items"] == []


async def test_r29_another_owner_brings_another_credit_code(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    body = change("owner", name="新主公司", unified_credit_code=CREDIT_CODE.lower())
    body["proof"] = {**PROOF, "kind": "transfer-agreement"}
    await decided(asking, await applied(asking, customer, body))
    found = await asking(cast.COUNTY_MANAGER).get(f"/v1/customers/{customer['customer_key']}")
    assert (found.json()["name"], found.json()["unified_credit_code"]) == ("新主公司", CREDIT_CODE)


async def test_r29_a_place_is_changed_by_application_and_the_manager_alone_moves_nothing(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    path = f"/v1/customers/{customer['customer_key']}"
    alone = await asking(cast.COUNTY_MANAGER).post(
        f"{path}/move", json={"division_code": "440113", "reason": "搬"}, headers=seen(customer)
    )
    assert alone.status_code == 403
    done = await decided(
        asking, await applied(asking, customer, change("location", division_code="440113"))
    )
    assert done["state"] == "performed"
    moved = (await asking(cast.COUNTY_MANAGER).get(f"{path}/divisions")).json()
    assert [(m["from_division"], m["to_division"]) for m in moved["moves"]] == [
        ("440106", "440113")
    ]


async def test_r29_a_temporary_removal_is_kept_with_its_days(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    body = change("removal", until_on="2026-06-30")
    body["proof"] = {**PROOF, "kind": "official-letter"}
    await decided(asking, await applied(asking, customer, body))
    path = f"/v1/customers/{customer['customer_key']}/service-pauses"
    (pause,) = (await asking(cast.COUNTY_MANAGER).get(path)).json()["items"]
    assert (pause["from_on"], pause["until_on"]) == ("2026-03-16", "2026-06-30")


async def test_r29_a_change_of_a_later_day_comes_true_by_the_sweep_or_is_blocked(
    asking: Asking, approve: Declare, process: Runtime
) -> None:
    first = await approve()
    second = await approve(customer={"name": "另一家公司"})
    for customer in (first, second):
        body = change("location", division_code="440113", effective_on="2026-03-18")
        waiting = await decided(asking, await applied(asking, customer, body))
        assert waiting["state"] == "approved"
    moved = await asking(cast.PROVINCE_ADMINISTRATOR).post(
        f"/v1/customers/{second['customer_key']}/move",
        json={"division_code": "440113", "reason": "区划调整"},
        headers=seen(second),
    )
    assert moved.status_code == 200, moved.text
    done = await sweeps.perform(process.works, SWEEPS, date(2026, 3, 18), date(2026, 3, 17))
    assert [(each.on.day, each.due) for each in done if each.sweep == "perform-changes"] == [
        *((17, 0), (18, 2)),
    ]
    city = asking(cast.CITY_DIRECTOR)
    found = (await city.get("/v1/changes")).json()["items"]
    states = {each["customer_key"]: (each["state"], each["blocked_for"]) for each in found}
    assert states[first["customer_key"]] == ("performed", None)
    state, reason = states[second["customer_key"]]
    assert (state, "440113" in reason) == ("blocked", True)


async def test_r29_a_change_without_notice_or_proof_or_right_is_refused(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    path = f"/v1/customers/{customer['customer_key']}/changes"
    county = asking(cast.COUNTY_MANAGER)
    for body, status, problem in (
        (change("name", name="新", effective_on="2026-03-15"), 409, "change-not-in-advance"),
        (change("owner", name="新"), 422, "proof-not-accepted"),
        (change("name"), 422, "invalid"),
        (change("location", division_code="440116"), 422, "division-not-in-force"),
    ):
        answer = await county.post(path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    stranger = asking(cast.OTHER_CITY_MANAGER)
    assert (await stranger.post(path, json=change("name", name="新"))).status_code == 403
    application = await applied(asking, customer, change("name", name="新"))
    refused = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/changes/{application['application_id']}/refuse",
        json={"reason": "公章不清"},
        headers=seen(application),
    )
    assert (refused.json()["state"], refused.json()["decision_reason"]) == ("refused", "公章不清")
    assert (await stranger.get("/v1/changes")).json()["items"] == []


async def test_r22_the_next_higher_centre_sees_the_problem_and_lifts_it(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    path = f"/v1/customers/{customer['customer_key']}"
    county, city = asking(cast.COUNTY_MANAGER), asking(cast.CITY_DIRECTOR)
    stopped = await county.post(
        f"{path}/suspend", json={"reason": "拖欠货款"}, headers=seen(customer)
    )
    question: dict[str, str | bool] = {"state": "reported", "is_reported_here": True}
    assert (await county.get("/v1/credit-problems", params=question)).json()["items"] == []
    (problem,) = (await city.get("/v1/credit-problems", params=question)).json()["items"]
    assert (problem["reported_to"], problem["reason"]) == ("GZ", "拖欠货款")
    noted = await city.post(
        f"/v1/credit-problems/{problem['problem_id']}/note", json={}, headers=seen(problem)
    )
    assert (noted.json()["state"], noted.json()["noted_by"]) == ("noted", cast.CITY_DIRECTOR.code)
    own = await asking(cast.COUNTY_DIRECTOR).post(
        f"{path}/resume", json={"reason": "已结清"}, headers=seen(stopped.json())
    )
    assert (own.status_code, own.json()["type"]) == (
        *(403, "/problems/credit-problem-not-reported-here"),
    )
    lifted = await city.post(
        f"{path}/resume", json={"reason": "已结清"}, headers=seen(stopped.json())
    )
    assert lifted.json()["state"] == "approved"
    (kept,) = (await city.get("/v1/credit-problems")).json()["items"]
    assert (kept["state"], kept["lifted_for"], kept["raised_by"]) == (
        *("lifted", "已结清", cast.COUNTY_MANAGER.code),
    )
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/credit-problems")
    assert stranger.json()["items"] == []


async def test_r22_nothing_is_approved_while_a_credit_problem_is_open(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    path = f"/v1/customers/{declaration['customer_key']}"
    customer = (await asking(cast.COUNTY_MANAGER).get(path)).json()
    await asking(cast.COUNTY_MANAGER).post(
        f"{path}/suspend", json={"reason": "失信被执行"}, headers=seen(customer)
    )
    proposed = await asking(cast.CITY_ADMINISTRATOR).post(
        f"/v1/declarations/{declaration['declaration_id']}/propose",
        json={"development_unit": "GZ-TH", "reason": "属地"},
        headers=seen(declaration),
    )
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/declarations/{declaration['declaration_id']}/approve",
        json={},
        headers=seen(proposed.json()),
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-customer-state")


async def test_r30_registered_customers_without_a_demanded_contract_are_listed(
    asking: Asking, approve: Declare, process: Runtime
) -> None:
    rules = RequiredContracts(
        (
            ContractRule("supply", "供用电合同", "supply contract"),
            ContractRule("dispatch", "调度协议", "dispatch agreement", traits=("dual-source",)),
        )
    )
    async with process.works.begin() as work:
        written = {"author": "P001", "reason": "试点", "source": "002"}
        await record_parsed(work, rules, date(2026, 1, 1), **written)
    dual = await approve(customer={"traits": ["dual-source"]})
    single = await approve(customer={"name": "单电源公司"})
    await approve(customer={"name": "未登记公司"})
    for customer in (dual, single):
        await asking(cast.PROVINCE_ADMINISTRATOR).post(
            f"/v1/customers/{customer['customer_key']}/register", json={}, headers=seen(customer)
        )
    county = asking(cast.COUNTY_MANAGER)

    async def lacking() -> dict[str, list[str]]:
        items = (await county.get("/v1/reports/missing-contracts")).json()["items"]
        return {each["name"]: each["lacking"] for each in items}

    assert await lacking() == {
        "广州南方机械有限公司": ["supply", "dispatch"],
        "单电源公司": ["supply"],
    }
    contract = {"signed_at_unit": "GZ-TH", "signed_on": "2026-02-01"}
    for customer, kind, until_on in (
        (single, "supply", "2026-03-16"),
        (dual, "supply", "2026-03-15"),
        (dual, "dispatch", None),
    ):
        body = {**contract, "kind": kind, "valid_until_on": until_on}
        body["customer_key"] = customer["customer_key"]
        signed = await county.post("/v1/contracts", json=body)
        assert (signed.status_code, signed.json()["kind"]) == (201, kind)
    assert await lacking() == {"广州南方机械有限公司": ["supply"]}
    other = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/reports/missing-contracts")
    assert other.json()["items"] == []
