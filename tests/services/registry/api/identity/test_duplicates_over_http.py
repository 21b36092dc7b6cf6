"""R-81 through the public surface: asking, declaring, merging, undoing."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.registry.handlers.register import observe_customer
from services.registry.storage.identity import marks, unlinked
from shared.contracts.enterprise import CustomerObserved
from shared.service import Runtime
from tests.services.registry.api.conftest import MECHANICS, Declare, Json, seen
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


async def merged(asking: Asking, approve: Declare) -> tuple[Json, Json, Json]:
    """Two customers, the first now part of the second, and the decision."""
    one, other = await approve(customer=AT_PANYU), await approve()
    director = asking(cast.CITY_DIRECTOR)
    keys = {"merged": one["customer_key"], "survivor": other["customer_key"]}
    preview = await director.get("/v1/duplicates/merge-preview", params=keys)
    assert preview.status_code == 200, preview.text
    both = preview.json()
    assert (both["is_mergeable"], both["remarks"]) == (True, ["different-names"])
    body = {**keys, "reason": "同一客户", "preview": both["preview"]}
    answer = await director.post("/v1/duplicates/merges", json=body)
    assert answer.status_code == 201, answer.text
    decided: Json = answer.json()
    return one, other, decided


async def test_r81_a_merged_customer_says_what_it_is_part_of(
    asking: Asking, approve: Declare
) -> None:
    one, other, _ = await merged(asking, approve)
    manager = asking(cast.COUNTY_MANAGER)
    shown = (await manager.get(f"/v1/customers/{one['customer_key']}")).json()
    assert shown["survivor_key"] == other["customer_key"]
    stays = (await manager.get(f"/v1/customers/{other['customer_key']}")).json()
    assert stays["survivor_key"] is None
    refused = await manager.patch(
        f"/v1/customers/{one['customer_key']}", json={"industry": "机械"}, headers=seen(shown)
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/merged-customer")
    assert refused.json()["facts"]["survivor"] == other["customer_key"]
    owners = (await asking(cast.CITY_DIRECTOR).get("/v1/reports/owners")).json()["items"]
    assert [each["customers"] for each in owners] == [1]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("close", {"reason": "停业"}),
        ("route", {"effective_on": "2026-03-01", "reason": "快递"}),
        ("journal", {"kind": "dealing", "subject": "来访", "department": "市场部"}),
    ],
)
async def test_r81_what_is_done_is_done_on_the_survivor(
    asking: Asking, approve: Declare, what: str, body: Json
) -> None:
    one, _, _ = await merged(asking, approve)
    address = f"/v1/customers/{one['customer_key']}/{what}"
    if what == "journal":
        address = f"/v1/archives/{one['customer_key']}/journal"
    answer = await asking(cast.CITY_DIRECTOR).post(address, json=body, headers=seen(3))
    assert answer.json()["type"] == "/problems/merged-customer", answer.text


_WHY = "补录"
ON_THE_SURVIVOR = {
    "a document": ("post", "/v1/customers/{key}/documents", {"kind": "licence", "kept_at": "柜"}),
    "a change": (
        "post",
        "/v1/customers/{key}/changes",
        {
            "kind": "name",
            "name": "新名",
            "effective_on": "2026-04-01",
            "proof": {"kind": "licence", "digest": "0" * 64, "kept_at": "柜"},
            "reason": _WHY,
        },
    ),
    "a flag": (
        "post",
        "/v1/customers/{key}/flags/{key}/resolve",
        {"outcome": "confirmed", "reason": _WHY},
    ),
    "a dispute": ("post", "/v1/disputes", {"claimants": ["SZ"], "statement": _WHY}),
    "a contract": (
        "post",
        "/v1/contracts",
        {"signed_at_unit": "GZ-TH", "signed_on": "2026-02-02"},
    ),
    "an original": (
        "post",
        "/v1/archive-assets",
        {"kind": "original", "label": "合同", "keeper": "T001"},
    ),
    "a custodian": (
        "put",
        "/v1/archives/{key}/custodian",
        {"custodian": "T001", "reason": _WHY},
    ),
    "a part": (
        "put",
        "/v1/archives/{key}/parts/basic",
        {"content": {"size": "大型"}, "reason": _WHY},
    ),
    "a confirmation": ("post", "/v1/archives/{key}/parts/basic/confirm", {"version": 1}),
    "a hand-over": (
        "post",
        "/v1/handovers",
        {"from_staff_code": "T001", "customers": [{"customer_key": "{key}"}], "reason": _WHY},
    ),
}


@pytest.mark.parametrize(
    ("method", "path", "body"), ON_THE_SURVIVOR.values(), ids=ON_THE_SURVIVOR.keys()
)
async def test_r81_nothing_new_is_begun_on_a_customer_that_is_part_of_another(
    asking: Asking, approve: Declare, method: str, path: str, body: Json
) -> None:
    """R-81: refused with the survivor, so that nobody works on what nobody looks at any more."""
    one, other, _ = await merged(asking, approve)
    key = one["customer_key"]
    said = json.loads(json.dumps(body).replace("{key}", key))
    if "{key}" not in path and "customers" not in body:
        said["customer_key"] = key
    answer = await asking(cast.CITY_DIRECTOR).request(
        method.upper(), path.replace("{key}", key), json=said, headers=seen(0)
    )
    assert answer.json()["type"] == "/problems/merged-customer", answer.text
    assert answer.json()["facts"]["survivor"] == other["customer_key"]


async def test_r81_r70_what_lies_under_the_old_key_can_still_be_asked_for(
    asking: Asking, approve: Declare
) -> None:
    """R-70: the file of a merged customer stays under its key, and is read by permission."""
    one, _, _ = await merged(asking, approve)
    asked = await asking(cast.MANAGER_B).post(
        "/v1/archive-requests",
        json={
            "customer_key": one["customer_key"],
            "sections": ["basic"],
            "purpose": "核对合并前的资料",
            "until_on": "2026-03-31",
        },
    )
    assert asked.status_code == 201, asked.text


async def test_r81_the_id_of_a_merged_customer_still_parses_and_explains_itself(
    asking: Asking, approve: Declare
) -> None:
    one, other = await approve(customer=AT_PANYU), await approve()
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    ids = []
    for each in (one, other):
        answer = await province.post(
            f"/v1/customers/{each['customer_key']}/register",
            json={"on": "2026-01-20"},
            headers=seen(each),
        )
        ids.append(answer.json()["customer_id"])
    director = asking(cast.CITY_DIRECTOR)
    keys = {"merged": one["customer_key"], "survivor": other["customer_key"]}
    stamp = (await director.get("/v1/duplicates/merge-preview", params=keys)).json()["preview"]
    body = {**keys, "reason": "同一客户", "preview": stamp}
    assert (await director.post("/v1/duplicates/merges", json=body)).status_code == 201
    parsed = (await province.get("/v1/customers/parse-id", params={"customer_id": ids[0]})).json()
    assert parsed["is_valid"] is True
    (finding,) = [each for each in parsed["findings"] if each["code"] == "part-of"]
    assert ids[1] in finding["zh"]
    assert ids[1] in finding["en"]
    whole = (await province.get("/v1/customers/parse-id", params={"customer_id": ids[1]})).json()
    assert "part-of" not in [each["code"] for each in whole["findings"]]


async def test_r81_the_journal_shows_the_merge_and_its_undoing(
    asking: Asking, approve: Declare
) -> None:
    one, _, decided = await merged(asking, approve)
    director = asking(cast.CITY_DIRECTOR)
    undone = await director.post(
        f"/v1/duplicates/merges/{decided['merge_id']}/undo", json={"reason": "误判"}
    )
    assert undone.status_code == 200, undone.text
    assert (undone.json()["survivor"], undone.json()["version"]) == (None, 2)
    shown = (await director.get(f"/v1/customers/{one['customer_key']}")).json()
    assert shown["survivor_key"] is None
    journal = (await director.get("/v1/duplicates/merges")).json()["items"]
    assert sorted(each["version"] for each in journal) == [1, 2]
    of_one = await director.get(
        "/v1/duplicates/merges", params={"customer_key": one["customer_key"]}
    )
    assert len(of_one.json()["items"]) == 2
    elsewhere = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/duplicates/merges")
    assert elsewhere.json()["items"] == []


async def test_r81_a_stale_preview_is_409(asking: Asking, approve: Declare) -> None:
    one, other = await approve(customer=AT_PANYU), await approve()
    director = asking(cast.CITY_DIRECTOR)
    keys = {"merged": one["customer_key"], "survivor": other["customer_key"]}
    body = {**keys, "reason": "同一客户", "preview": "0" * 32}
    refused = await director.post("/v1/duplicates/merges", json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/stale-preview")


async def test_r81_an_unknown_merge_is_404(asking: Asking) -> None:
    answer = await asking(cast.CITY_DIRECTOR).post(
        "/v1/duplicates/merges/0190a0a0-0000-7000-8000-000000000000/undo", json={"reason": "误判"}
    )
    assert answer.status_code == 404


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
