"""R-20, R-21, R-31 to R-34, R-22 through the public surface."""

from __future__ import annotations

import httpx
import pytest

from tests.services.registry.api.conftest import MECHANICS, Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking


async def register(asking: Asking, customer: Json) -> httpx.Response:
    """The province registers the customer."""
    return await asking(cast.PROVINCE_ADMINISTRATOR).post(
        f"/v1/customers/{customer['customer_key']}/register",
        json={"on": "2026-01-20"},
        headers=seen(customer),
    )


async def test_r20_a_customer_goes_from_declaration_to_registration(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    assert (customer["state"], customer["owner_unit"]) == ("approved", "GZ-TH")
    answer = await register(asking, customer)
    assert answer.status_code == 200
    registered = answer.json()
    assert (registered["customer_id"], registered["state"]) == ("44010600001000", "registered")
    assert registered["warning"] is None
    assert answer.headers["etag"] == '"3"'
    history = await asking(cast.COUNTY_MANAGER).get(
        f"/v1/customers/{customer['customer_key']}/history"
    )
    assert [step["step"] for step in history.json()["items"]] == [
        *("declared", "approved", "registered")
    ]


async def test_r21_a_declaration_shows_its_place_in_the_chain(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    assert [entry["sequence"] for entry in declaration["chain"]] == [1]
    chain = (await asking(cast.AUDITOR).get("/v1/declarations/chain")).json()
    assert (chain["is_intact"], chain["entries"]) == (True, 1)
    assert chain["head"] == declaration["chain"][0]["hash"]


async def test_r20_a_county_director_does_not_approve_what_the_county_declared(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    answer = await asking(cast.COUNTY_DIRECTOR).post(
        f"/v1/declarations/{declaration['declaration_id']}/approve",
        json={},
        headers=seen(declaration),
    )
    assert answer.status_code == 403
    problem = answer.json()
    assert problem["type"] == "/problems/not-the-superior-centre"
    assert problem["facts"]["declaring_unit"] == "GZ-TH"


async def test_r09_a_deputy_may_use_the_route_and_policy_says_no(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    answer = await asking(cast.CITY_DEPUTY).post(
        f"/v1/declarations/{declaration['declaration_id']}/approve",
        json={},
        headers=seen(declaration),
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-an-approver")


async def test_r04_a_branch_files_a_lead_and_cannot_own_a_key_account(asking: Asking) -> None:
    branch = asking(cast.BRANCH_STAFF)
    lead = (await branch.post("/v1/declarations", json={"customer": MECHANICS})).json()
    assert (lead["declaring_unit"], lead["reporting_branch"]) == ("GZ-TH", "GZ-TH-01")
    answer = await branch.post(
        "/v1/declarations", json={"customer": MECHANICS, "development_unit": "GZ-TH-01"}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/unit-has-no-centre")


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"customer": {**MECHANICS, "division_code": "440116"}}, 422, "/customer/division_code"),
        ({"customer": {**MECHANICS, "division_code": "4401"}}, 422, "/customer/division_code"),
        ({"customer": {"division_code": "440106"}}, 422, "/customer/name"),
        ({"customer": {**MECHANICS, "colour": "red"}}, 422, "/customer/colour"),
        ({"customer": MECHANICS, "declaring_unit": "SZ"}, 403, "/declaring_unit"),
        ({"customer": MECHANICS, "on": "2026-03-17"}, 422, "/on"),
    ],
)
async def test_a_bad_declaration_is_refused_and_names_the_field(
    asking: Asking, body: Json, status: int, pointer: str
) -> None:
    answer = await asking(cast.COUNTY_MANAGER).post("/v1/declarations", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in answer.text


async def test_r33_nobody_but_the_province_registers(asking: Asking, approve: Declare) -> None:
    customer = await approve()
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/customers/{customer['customer_key']}/register", json={}, headers=seen(customer)
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-missing")


async def test_r31_a_registration_that_is_sent_again_issues_one_id(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    path = f"/v1/customers/{customer['customer_key']}/register"
    headers = {**seen(customer), "idempotency-key": "once"}
    first = await province.post(path, json={}, headers=headers)
    again = await province.post(path, json={}, headers=headers)
    assert first.json()["customer_id"] == again.json()["customer_id"]
    assert first.status_code == again.status_code == 200


async def test_r34_an_id_is_taken_apart_and_explained(asking: Asking, approve: Declare) -> None:
    await register(asking, await approve())
    anybody = asking(cast.TELEPHONE)

    async def parse(text: str) -> Json:
        answer = await anybody.get("/v1/customers/parse-id", params={"customer_id": text})
        assert answer.status_code == 200
        found: Json = answer.json()
        return found

    good = await parse("44010600001000")
    assert good["is_valid"]
    assert (good["division"]["name"], good["customer_number"]) == ("天河区", 1)
    assert good["is_head_office"]
    for text, code in (
        ("44010600002000", "never-issued"),
        ("44010600001001", "branch-never-issued"),
        ("4401060000100", "wrong-length"),
        ("4401060000100O", "not-a-digit"),
        ("44990600001000", "unknown-division"),
    ):
        found = await parse(text)
        assert not found["is_valid"]
        assert code in {finding["code"] for finding in found["findings"]}


async def test_customers_are_found_by_name_id_and_code_within_the_own_scope(
    asking: Asking, approve: Declare
) -> None:
    codes = [{"system": "erp", "code": "C-9"}]
    await register(asking, await approve(customer={"codes": codes}))
    await approve(customer={"name": "广州北方纺织有限公司"})
    county = asking(cast.COUNTY_MANAGER)
    for question, expected in (
        ({"name": "南方 机械"}, 1),
        ({"name": "有限公司"}, 2),
        ({"customer_id": "440106"}, 1),
        ({"code": "C-9"}, 1),
        ({"system": "crm", "code": "C-9"}, 0),
        ({"system": "erp"}, 1),
        ({"system": "crm"}, 0),
        ({"state": "approved"}, 1),
        ({"owner_unit": "GZ"}, 2),
        ({"owner_unit": "SZ"}, 0),
    ):
        found = (await county.get("/v1/customers", params=question)).json()["items"]
        assert len(found) == expected, question
    other = await asking(cast.OTHER_CITY_MANAGER).get("/v1/customers")
    assert other.json()["items"] == []


async def test_customers_are_listed_page_by_page(asking: Asking, approve: Declare) -> None:
    for number in range(3):
        await approve(customer={"name": f"第{number}家"})
    county = asking(cast.COUNTY_MANAGER)
    first = (await county.get("/v1/customers", params={"page_size": 2})).json()
    token = first["next_page_token"]
    rest = await county.get("/v1/customers", params={"page_size": 2, "page_token": token})
    names = [each["name"] for each in first["items"] + rest.json()["items"]]
    assert names == ["第0家", "第1家", "第2家"]


async def test_what_a_unit_may_not_see_is_not_found_and_not_done(
    asking: Asking, approve: Declare
) -> None:
    key = (await approve())["customer_key"]
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    for path in ("", "/history", "/branches", "/managers", "/ownership", "/split"):
        assert (await stranger.get(f"/v1/customers/{key}{path}")).status_code == 404, path
    answer = await stranger.post(
        f"/v1/customers/{key}/suspend", json={"reason": "拖欠"}, headers=seen(2)
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/out-of-scope")


async def test_r22_a_customer_is_suspended_and_resumed_by_version(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    path = f"/v1/customers/{customer['customer_key']}"
    county, city = asking(cast.COUNTY_MANAGER), asking(cast.CITY_DIRECTOR)
    body = {"reason": "拖欠货款"}
    missing = await county.post(f"{path}/suspend", json=body)
    assert missing.status_code == 428
    stopped = await county.post(f"{path}/suspend", json=body, headers=seen(customer))
    assert stopped.json()["state"] == "suspended"
    stale = await city.post(f"{path}/resume", json=body, headers=seen(customer))
    assert stale.status_code == 412
    resumed = await city.post(f"{path}/resume", json=body, headers=seen(stopped.json()))
    assert resumed.json()["state"] == "approved"


async def test_a_description_is_amended(asking: Asking, approve: Declare) -> None:
    customer = await approve()
    answer = await asking(cast.COUNTY_MANAGER).patch(
        f"/v1/customers/{customer['customer_key']}",
        json={"short_name": "南方机械", "specialty_class": "comprehensive"},
        headers=seen(customer),
    )
    assert (answer.json()["short_name"], answer.json()["version"]) == ("南方机械", 3)


async def test_a_refused_declaration_closes_the_customer(asking: Asking, declare: Declare) -> None:
    declaration = await declare()
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/declarations/{declaration['declaration_id']}/refuse",
        json={"reason": "信息不全"},
        headers=seen(declaration),
    )
    assert answer.json()["state"] == "refused"
    listed = await asking(cast.CITY_DIRECTOR).get("/v1/declarations", params={"state": "refused"})
    assert [each["decision_reason"] for each in listed.json()["items"]] == ["信息不全"]
