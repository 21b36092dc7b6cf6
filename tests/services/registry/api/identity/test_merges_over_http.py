"""R-81 through the public surface: two customers are merged, and what is said of them then."""

from __future__ import annotations

import json

import pytest

from tests.services.registry.api.conftest import Declare, Json, seen
from tests.services.registry.api.identity.test_duplicates_over_http import AT_PANYU
from tests.support import cast
from tests.support.http import Asking

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
