"""C17, C18, R-33, R-34, X-11 through the public surface."""

from __future__ import annotations

from typing import Any

import pytest

from services.registry.domain.register.divisions import Correction
from services.registry.handlers.register import open_customers
from services.registry.storage.register.divisions import correct
from shared.contracts.enterprise import CustomerOpened
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.facts import reported
from tests.support.http import Asking


async def registered(asking: Asking, approve: Declare) -> Json:
    """A customer with its ID, as the province sees it."""
    customer = await approve()
    answer = await asking(cast.PROVINCE_ADMINISTRATOR).post(
        f"/v1/customers/{customer['customer_key']}/register", json={}, headers=seen(customer)
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_c18_a_move_shows_where_the_id_was_issued(asking: Asking, approve: Declare) -> None:
    customer = await registered(asking, approve)
    path = f"/v1/customers/{customer['customer_key']}"
    county = asking(cast.COUNTY_MANAGER)
    body = {"division_code": "440103", "reason": "迁址"}
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    moved = await province.post(f"{path}/move", json=body, headers=seen(customer))
    assert (moved.json()["division_code"], moved.json()["customer_id"]) == (
        *("440103", customer["customer_id"]),
    )
    shown = (await county.get(f"{path}/divisions")).json()
    assert shown["issued_under"]["division_code"] == "440106"
    assert shown["present"]["code"] == "440103"
    assert [(step["from_division"], step["to_division"]) for step in shown["moves"]] == [
        ("440106", "440103")
    ]
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get(f"{path}/divisions")).status_code == 404
    answer = await stranger.post(f"{path}/move", json=body, headers=seen(moved.json()))
    assert answer.status_code in (403, 404)


async def test_r33_a_director_closes_and_reopens(asking: Asking, approve: Declare) -> None:
    customer = await registered(asking, approve)
    path = f"/v1/customers/{customer['customer_key']}"
    body = {"reason": "企业注销"}
    city = asking(cast.CITY_DIRECTOR)
    forbidden = await asking(cast.COUNTY_MANAGER).post(
        f"{path}/close", json=body, headers=seen(customer)
    )
    assert forbidden.status_code == 403
    closed = await city.post(f"{path}/close", json=body, headers=seen(customer))
    assert closed.json()["state"] == "closed"
    again = await city.post(f"{path}/close", json=body, headers=seen(closed.json()))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-customer-state")
    opened = await city.post(f"{path}/reopen", json=body, headers=seen(closed.json()))
    assert (opened.json()["state"], opened.json()["customer_id"]) == (
        *("registered", customer["customer_id"]),
    )


async def test_r33_a_retired_code_tells_its_years_and_successors(
    asking: Asking, process: Runtime
) -> None:
    async with process.works.begin() as work:
        retired = Correction("440199", "郊区", is_retired=True, successors=("440111", "440106"))
        await correct(work, [Correction("440116", "萝岗区", successors=("440112",)), retired])
    ask = asking(cast.COUNTY_MANAGER)
    one = (await ask.get("/v1/divisions/440116")).json()
    assert (one["is_in_force"], one["years"], one["province"]) == (False, "2005-2014", "广东省")
    assert one["successors"] == [{"code": "440112", "name": "黄埔区"}]
    several = (await ask.get("/v1/divisions/440199")).json()
    assert [each["code"] for each in several["successors"]] == ["440111", "440106"]
    none = (await ask.get("/v1/divisions/440102")).json()
    assert none["successors"] == []
    assert (await ask.get("/v1/divisions/449900")).status_code == 404
    then = (await ask.get("/v1/divisions/440116", params={"on": "2014-06-01"})).json()
    assert then["is_in_force"] is True


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("44011600001000", {"retired-division", "never-issued"}),
        ("4401 0600 0010 00", {"not-a-digit", "wrong-length", "perhaps-meant"}),
        ("４４０１０６００００１０００", {"not-a-digit", "perhaps-meant"}),
        ("4401060000100O", {"not-a-digit", "perhaps-meant"}),
        ("4499000000100", {"wrong-length", "unknown-division"}),
        ("44010600009007", {"never-issued", "branch-never-issued"}),
        ("44010600001000", set()),
    ],
)
async def test_r34_every_slip_of_a_typed_id_is_told(
    asking: Asking, approve: Declare, typed: str, codes: set[str]
) -> None:
    await registered(asking, approve)
    answer = await asking(cast.COUNTY_MANAGER).get(
        "/v1/customers/parse-id", params={"customer_id": typed}
    )
    assert {each["code"] for each in answer.json()["findings"]} == codes
    assert answer.json()["is_valid"] is (not codes)


@pytest.fixture
async def messy(process: Runtime) -> None:
    """Two customers of Guangzhou as a messy register has them."""
    base: dict[str, Any] = {"division_code": "440100", "owner_unit": "GZ", "opening": True}
    said = [
        CustomerOpened(code="K-1", name="一家", unified_credit_code="1234", phone="无", **base),
        CustomerOpened(code="K-2", name="二家", registered_capital="500万元", **base),
    ]
    async with process.works.begin() as work:
        await open_customers.handle(work, [reported(each) for each in said])


@pytest.mark.usefixtures("messy")
async def test_x11_flags_are_seen_listed_and_resolved_with_an_author(asking: Asking) -> None:
    city = asking(cast.CITY_DIRECTOR)
    found = (await city.get("/v1/customers", params={"system": "erp"})).json()["items"]
    first, second = sorted(found, key=lambda each: each["codes"][0]["code"])
    assert sorted(first["flags"]) == ["credit-code-invalid", "phone-unreadable"]
    assert (second["registered_capital"], second["capital_amount"]) == ("500万元", "5000000.00")
    assert second["flags"] == []
    listed = (await city.get("/v1/customers/flags", params={"field": "phone"})).json()["items"]
    assert [(flag["said"], flag["system"], flag["ref"]) for flag in listed] == [
        ("****", "erp", "K-1")
    ]
    whole = f"/v1/customers/{first['customer_key']}/flags/{listed[0]['flag_id']}/said"
    assert (await city.get(whole)).status_code == 422, "for no purpose nothing is shown (R-73)"
    assert (await city.get(whole, params={"purpose": "核对"})).json()["said"] == "无"
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get(whole, params={"purpose": "核对"})
    assert stranger.status_code == 403
    log = (await asking(cast.AUDITOR).get("/v1/archive-audit")).json()["items"]
    assert [(each["action"], each["section"], each["purpose"]) for each in log] == [
        ("refused-read", None, "核对"),
        ("read", "flags", "核对"),
        ("refused-read", None, None),
    ]
    path = f"/v1/customers/{first['customer_key']}/flags/{listed[0]['flag_id']}/resolve"
    body = {"outcome": "corrected", "value": "020-88888888", "reason": "电话核实"}
    done = await city.post(path, json=body, headers=seen(first))
    assert (done.json()["resolved_by"], done.json()["value"]) == (
        *(cast.CITY_DIRECTOR.code, "020****8888"),
    )
    part = f"/v1/archives/{first['customer_key']}/parts/basic"
    kept = (await city.get(part, params={"purpose": "核对更正"})).json()
    assert (kept["version"], kept["reason"]) == (1, "电话核实")
    assert kept["content"]["phone"] == "020****8888", "behind its mask for who has no permission"
    again = (await city.get(f"/v1/customers/{first['customer_key']}")).json()
    assert again["version"] == first["version"] + 1
    by_phone = await city.get("/v1/customers", params={"phone": "020-88888888"})
    assert [each["customer_key"] for each in by_phone.json()["items"]] == [first["customer_key"]]
    still = (await city.get("/v1/customers/flags", params={"is_open": True})).json()["items"]
    assert [flag["finding"] for flag in still] == ["credit-code-invalid"]
    elsewhere = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/customers/flags")
    assert elsewhere.json()["items"] == []
