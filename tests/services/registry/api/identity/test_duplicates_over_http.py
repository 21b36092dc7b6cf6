"""R-81 through the public surface: asking, declaring, and what others have seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from services.registry.handlers.register import observe_customer
from services.registry.storage.identity import marks, unlinked
from shared.contracts.enterprise import CustomerObserved
from shared.service import Runtime
from tests.services.registry.api.conftest import MECHANICS, Declare, Json
from tests.support import cast
from tests.support.facts import reported
from tests.support.http import Asking

AT_PANYU = {"name": "廣州南方機械有限責任公司", "division_code": "440113"}


async def check(asking: Asking, person: cast.Person, **body: Any) -> httpx.Response:
    """Somebody asks whether the customer exists."""
    return await asking(person).post("/v1/duplicates/check", json=body)


async def test_r81_another_city_learns_whom_to_ask_and_nothing_else(
    asking: Asking, approve: Declare
) -> None:
    customer = await approve()
    stranger = asking(cast.OTHER_CITY_MANAGER)
    hidden = await stranger.get(f"/v1/customers/{customer['customer_key']}")
    assert hidden.status_code == 404
    answer = await check(asking, cast.OTHER_CITY_MANAGER, name=AT_PANYU["name"])
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["exists"] is True
    (found,) = said["alike"]
    assert (found["centre"], found["grade"]) == ("GZ-TH", "likely")
    assert found["reasons"] == ["name-without-form"]
    assert found["customer_key"] is None
    assert customer["customer_key"] not in answer.text
    assert MECHANICS["name"] not in answer.text


async def test_r81_the_centre_itself_is_given_the_key(asking: Asking, approve: Declare) -> None:
    customer = await approve()
    answer = (await check(asking, cast.COUNTY_MANAGER, name=MECHANICS["name"])).json()
    assert [each["customer_key"] for each in answer["alike"]] == [customer["customer_key"]]


async def test_r81_an_auditor_reads_who_asked_for_whom(asking: Asking, approve: Declare) -> None:
    await approve()
    await check(asking, cast.OTHER_CITY_MANAGER, name="某公司", phones=["13800138000"])
    await check(asking, cast.MANAGER_A, name=MECHANICS["name"])
    listed = (await asking(cast.AUDITOR).get("/v1/duplicates/questions")).json()["items"]
    asked = [each for each in listed if each["purpose"] == "question"]
    assert [each["asked_by"] for each in asked] == [
        cast.MANAGER_A.code,
        cast.OTHER_CITY_MANAGER.code,
    ]
    assert asked[1]["asked"]["phones"] == ["13800138000"]
    assert len(asked[0]["answered"]) == 1
    one = await asking(cast.AUDITOR).get(
        "/v1/duplicates/questions", params={"asked_by": cast.OTHER_CITY_MANAGER.code}
    )
    assert len(one.json()["items"]) == 1
    refused = await asking(cast.MANAGER_A).get("/v1/duplicates/questions")
    assert refused.status_code == 403


async def test_r81_asking_too_often_in_a_day_is_429(asking: Asking) -> None:
    policy = (await asking(cast.AUDITOR).get("/v1/policies/duplicate-detection")).json()
    limit = policy["body"]["questions_a_day"]
    for _ in range(limit):
        assert (await check(asking, cast.MANAGER_B, name="某公司")).status_code == 200
    refused = await check(asking, cast.MANAGER_B, name="某公司")
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-questions")
    assert refused.json()["facts"]["limit"] == limit


async def test_r81_a_declaration_warns_and_the_credit_code_alone_blocks(
    asking: Asking, approve: Declare, declare: Declare
) -> None:
    await approve()
    warned = await declare(customer=AT_PANYU)
    assert [each["centre"] for each in warned["alike"]] == ["GZ-TH"]
    unlike = await declare(customer={"name": "广州北方电子有限公司", "division_code": "440106"})
    assert unlike["alike"] == []


async def test_r81_what_others_have_seen_is_compared_like_a_question(
    asking: Asking, approve: Declare, process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By credit code, phone, address and spellings of the name; page after page, few at once."""
    code = "91440106MA5CQ5CX0U"
    ours = await approve(customer={**MECHANICS, "unified_credit_code": code})
    key = UUID(ours["customer_key"])
    seen_elsewhere = [
        CustomerObserved(ref="1", code="A", name="羊城", unified_credit_code=code.lower()),
        CustomerObserved(ref="2", code="B", name="珠江", phone="(020) 3888 1234"),
        CustomerObserved(ref="3", code="C", name="白云", address="广州市天河路1号"),
        CustomerObserved(ref="4", code="D", name=AT_PANYU["name"]),
        CustomerObserved(ref="5", code="E", name=MECHANICS["name"][:-1] + "厂"),
        CustomerObserved(ref="6", code="F", name="云龙", phone="020-38881234", address="天河路1号"),
    ]
    async with process.works.begin() as work:
        await marks.keep(work, key, "base", phones=["020-38881234"], addresses=["广州市天河路1号"])
        for each in seen_elsewhere:
            await observe_customer.handle(work, reported(each))
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    path = "/v1/customers/possible-duplicates"
    for at_once in (1, 2, 500):
        monkeypatch.setattr(unlinked, "_AT_ONCE", at_once)
        found: list[Json] = []
        token = None
        while token is not None or not found:
            more: dict[str, Any] = {} if token is None else {"page_token": token}
            page = (await province.get(path, params={"page_size": 2, **more})).json()
            found += page["items"]
            token = page["next_page_token"]
        told = {each["code"]: each["candidates"][0]["by"] for each in found}
        assert [each["code"] for each in found] == sorted(told)
        assert told == {"B": "phone", "D": "name-without-form", "F": "phone"}, at_once
    (candidate,) = found[-1]["candidates"]
    assert (candidate["customer_key"], candidate["centre"]) == (ours["customer_key"], "GZ-TH")


async def test_r81_a_search_for_duplicates_ends_a_page_before_it_has_seen_all(
    asking: Asking, approve: Declare, process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unlinked, "_AT_ONCE", 2)
    monkeypatch.setattr(unlinked, "_LOOKS", 1)
    await approve(customer=MECHANICS)
    async with process.works.begin() as work:
        for code, name in (("A", "甲"), ("B", "乙"), ("C", "丙"), ("D", MECHANICS["name"])):
            await observe_customer.handle(
                work, reported(CustomerObserved(ref=code, code=code, name=name))
            )
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    path = "/v1/customers/possible-duplicates"
    first = (await province.get(path)).json()
    assert first["items"] == []
    second = await province.get(path, params={"page_token": first["next_page_token"]})
    assert [each["code"] for each in second.json()["items"]] == ["D"]
