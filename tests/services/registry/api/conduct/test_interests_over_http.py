"""R-78 over HTTP: interests declared, assignments refused, warned about and found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.registry.api.conftest import MECHANICS, Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking

INTEREST = {
    "kind": "own-business",
    "party_name": MECHANICS["name"],
    "statement": "本人持股",
    "on": "2026-01-05",
}
CREDIT_CODE = "91440101MA59A1234H"
REPORT = "/v1/reports/conflicts-of-interest"


async def declared(asking: Asking, person: cast.Person, **others: object) -> Json:
    answer = await asking(person).post("/v1/interests", json={**INTEREST, **others})
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def assigned(asking: Asking, key: str, **others: object) -> Any:
    body = {"a_staff_code": cast.COUNTY_MANAGER.code, "on": "2026-02-02", **others}
    path = f"/v1/customers/{key}/managers/assign"
    return await asking(cast.COUNTY_DIRECTOR).post(path, json=body, headers=seen(0))


@pytest.mark.parametrize("known_by", ["key", "name", "credit-code"])
async def test_r78_an_assignment_to_a_customer_of_an_own_interest_is_refused(
    asking: Asking, approve: Declare, known_by: str
) -> None:
    credit = "91440106MA5CQ5CX0U"
    customer = await approve(customer={"unified_credit_code": credit})
    key = customer["customer_key"]
    party: Json = {
        "key": {"party_name": "某公司", "customer_key": key},
        "name": {"party_name": f"{MECHANICS['name']} "},
        "credit-code": {"party_name": "某公司", "unified_credit_code": credit.lower()},
    }[known_by]
    await declared(asking, cast.COUNTY_MANAGER, **party, on="2026-02-02")
    refused = await assigned(asking, key, on="2026-02-02")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict-of-interest")
    before = await assigned(asking, key, on="2026-02-01")
    assert before.status_code == 200, before.text


async def test_r78_an_interest_that_has_ended_hinders_nobody_after_its_last_day(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    interest = await declared(asking, cast.COUNTY_MANAGER)
    path = f"/v1/interests/{interest['interest_id']}/end"
    body = {"until_on": "2026-02-10", "reason": "已转让股份"}
    assert (await asking(cast.COUNTY_MANAGER).post(path, json=body)).status_code == 403
    ended = await asking(cast.AUDITOR).post(path, json=body)
    assert (ended.status_code, ended.json()["until_on"]) == (200, "2026-02-10"), ended.text
    again = await asking(cast.AUDITOR).post(path, json=body)
    assert again.json()["type"] == "/problems/interest-ended"
    last_day = await assigned(asking, key, on="2026-02-10")
    assert last_day.json()["type"] == "/problems/conflict-of-interest"
    after = await assigned(asking, key, on="2026-02-11")
    assert (after.status_code, after.json()["with_interest"]) == (200, [])


async def test_r78_where_the_policy_only_warns_the_assignment_says_so(
    asking: Asking, approve: Declare
) -> None:
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    name = "/v1/policies/conflicts-of-interest"
    body = {**(await province.get(name)).json()["body"], "on_assignment": "warn"}
    version = {"body": body, "effective_on": "2026-01-01", "reason": "只提醒", "source": "ours"}
    assert (await province.post(name, json=version)).status_code == 201
    key = (await approve())["customer_key"]
    await declared(asking, cast.COUNTY_MANAGER)
    warned = await assigned(asking, key)
    assert (warned.status_code, warned.json()["with_interest"]) == (
        200,
        [cast.COUNTY_MANAGER.code],
    )
    found = (await asking(cast.AUDITOR).get(REPORT)).json()["items"]
    assert {(each["staff_code"], each["relation"]) for each in found} == {
        (cast.COUNTY_MANAGER.code, "manager-a"),
        (cast.COUNTY_MANAGER.code, "owner-unit"),
    }


async def test_r78_an_interest_declared_after_the_assignment_is_found_by_the_report(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    assert (await assigned(asking, key)).status_code == 200
    assert (await asking(cast.AUDITOR).get(REPORT)).json()["items"] == []
    await declared(asking, cast.COUNTY_MANAGER)
    await declared(asking, cast.COUNTY_DIRECTOR)
    await declared(asking, cast.OTHER_CITY_MANAGER)
    found = (await asking(cast.AUDITOR).get(REPORT)).json()["items"]
    assert [(each["staff_code"], each["relation"]) for each in found] == [
        (cast.COUNTY_MANAGER.code, "manager-a"),
        (cast.COUNTY_MANAGER.code, "owner-unit"),
        (cast.COUNTY_DIRECTOR.code, "owner-unit"),
    ]
    assert {each["customer_key"] for each in found} == {key}
    assert (await asking(cast.OTHER_CITY_DIRECTOR).get(REPORT)).json()["items"] == []


async def test_r78_the_register_is_read_by_few_and_by_everybody_for_the_own_part(
    asking: Asking,
) -> None:
    await declared(asking, cast.COUNTY_MANAGER)
    own = (await asking(cast.COUNTY_MANAGER).get("/v1/interests/own")).json()["items"]
    assert [each["statement"] for each in own] == ["本人持股"]
    assert (await asking(cast.COUNTY_MANAGER).get("/v1/interests")).status_code == 403
    assert len((await asking(cast.CITY_DIRECTOR).get("/v1/interests")).json()["items"]) == 1
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/interests")
    assert stranger.json()["items"] == []


async def test_r78_registrars_enter_interests_of_those_below_them(asking: Asking) -> None:
    other = {"staff_code": cast.COUNTY_MANAGER.code}
    entered = await declared(asking, cast.CITY_DIRECTOR, **other)
    assert (entered["staff_code"], entered["declared_by"]) == (
        cast.COUNTY_MANAGER.code,
        cast.CITY_DIRECTOR.code,
    )
    body = {**INTEREST, **other}
    elsewhere = await asking(cast.OTHER_CITY_DIRECTOR).post("/v1/interests", json=body)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (403, "/problems/out-of-scope")
    foreign = await asking(cast.CITY_ADMINISTRATOR).post("/v1/interests", json=body)
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/not-the-registrar")
    wrong = {**INTEREST, "unified_credit_code": CREDIT_CODE}
    refused = await asking(cast.COUNTY_MANAGER).post("/v1/interests", json=wrong)
    assert refused.json()["type"] == "/problems/invalid-credit-code"
