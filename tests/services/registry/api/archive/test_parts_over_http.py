"""Parts of an archive over HTTP: written, read under permission, masked, audited."""

from __future__ import annotations

import psycopg
import pytest

from tests.services.registry.api.archive.conftest import BASIC, PURPOSE, File, written
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking


async def read(asking: Asking, key: str, who: cast.Person, part: str = "basic", **how: str) -> Json:
    """The part as `who` sees it."""
    answer = await asking(who).get(f"/v1/archives/{key}/parts/{part}", params={**PURPOSE, **how})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_r61_the_manager_reads_what_was_written(asking: Asking, file: File) -> None:
    seen_by_manager = await read(asking, await file(), cast.MANAGER_A)
    assert seen_by_manager["content"]["phone"] == "13800135678"
    assert seen_by_manager["content"]["contact"] == "王小明"
    assert seen_by_manager["permission"] == "standing:manager"
    assert seen_by_manager["is_masked"] is False
    assert seen_by_manager["postal_changes"] == [{"year": 2025, "spend": "20000.00", "volume": 100}]


@pytest.mark.parametrize(
    "who", [cast.CITY_DIRECTOR, cast.PROVINCE_DIRECTOR, cast.COUNTY_DIRECTOR, cast.FINANCE]
)
async def test_r70_without_permission_everybody_sees_masks_the_province_included(
    asking: Asking, file: File, who: cast.Person
) -> None:
    shown = await read(asking, await file(), who)
    content = shown["content"]
    assert (content["phone"], content["contact"]) == ("138****5678", "王*")
    assert content["email"] == "w***@example.cn"
    assert content["full_name"] == BASIC["full_name"]
    assert (shown["is_masked"], shown["permission"]) == (True, "none")
    assert shown["masked"] == ["/contact", "/email", "/phone"]


async def test_r70_who_may_not_know_of_the_customer_sees_nothing(
    asking: Asking, file: File
) -> None:
    answer = await asking(cast.OTHER_CITY_DIRECTOR).get(
        f"/v1/archives/{await file()}/parts/basic", params=PURPOSE
    )
    assert answer.status_code == 403
    assert "王" not in answer.text


async def test_r73_a_read_states_its_purpose(asking: Asking, file: File) -> None:
    key = await file()
    for purpose in ({}, {"purpose": ""}, {"purpose": "  "}):
        answer = await asking(cast.MANAGER_A).get(f"/v1/archives/{key}/parts/basic", params=purpose)
        assert answer.status_code == 422, purpose


async def test_r68_every_version_stays_and_is_read_by_number_and_by_day(
    asking: Asking, file: File
) -> None:
    key = await file()
    second = await written(
        asking, key, "basic", {**BASIC, "phone": "13911112222"}, 1, on="2026-03-10"
    )
    assert second["version"] == 2
    manager = cast.MANAGER_A
    assert (await read(asking, key, manager, version="1"))["content"]["phone"] == "13800135678"
    assert (await read(asking, key, manager, version="2"))["content"]["phone"] == "13911112222"
    assert (await read(asking, key, manager, on="2026-03-09"))["version"] == 0
    assert (await read(asking, key, manager, on="2026-03-10"))["version"] == 2
    listed = (await asking(manager).get(f"/v1/archives/{key}/parts/basic/versions")).json()
    assert [each["version"] for each in listed["items"]] == [2, 1]
    assert listed["items"][0]["author"] == cast.COUNTY_MANAGER.code
    assert listed["items"][0]["reason"] == "走访后更新"


async def test_two_who_write_at_once_do_not_overwrite_each_other(
    asking: Asking, file: File
) -> None:
    key = await file()
    body = {"content": BASIC, "reason": "更新"}
    address = f"/v1/archives/{key}/parts/basic"
    stale = await asking(cast.COUNTY_MANAGER).put(address, json=body, headers=seen(0))
    assert stale.status_code == 412


async def test_r70_who_sees_masks_cannot_write_them_back(asking: Asking, file: File) -> None:
    key = await file()
    body = {"content": {**BASIC, "phone": None}, "reason": "更新"}
    address = f"/v1/archives/{key}/parts/basic"
    answer = await asking(cast.COUNTY_DIRECTOR).put(address, json=body, headers=seen(1))
    assert answer.json()["type"] == "/problems/archive-permission-missing"
    body = {"content": {**BASIC, "phone": "138****5678"}, "reason": "更新"}
    answer = await asking(cast.COUNTY_MANAGER).put(address, json=body, headers=seen(1))
    assert answer.status_code == 422


async def test_r74_nothing_confidential_stands_in_the_database_in_clear(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    await written(
        asking,
        key,
        "key-people",
        {"people": [{"person_id": "1", "name": "欧阳兰", "hobbies": ["钓鱼"]}]},
    )
    secrets = ("王小明", "13800135678", "wang@example.cn", "欧阳兰", "钓鱼")
    with psycopg.connect(database) as server:
        tables = server.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'kit')"
        ).fetchall()
        for (table,) in tables:
            found = server.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE ANY (%s)",
                [[f"%{secret}%" for secret in secrets]],
            ).fetchone()
            assert found == (0,), table


async def test_r62_r63_the_network_and_the_six_models_are_kept_as_typed_sections(
    asking: Asking, file: File
) -> None:
    key = await file()
    network = {
        "industry": "机械制造",
        "customer": "广州南方机械有限公司",
        "department": "采购部",
        "decision_maker": "赵强",
        "intermediary": "钱进",
        "contact": "13800135678",
        "our_owner": "G004",
        "cases": "2024年样本册邮寄",
    }
    content = {
        "relationships": [network],
        "definition": {"criteria": "年用邮额十万元以上", "evidence": "账单", "kind": "工业"},
        "channel": {
            "channels": ["展会", "老客户介绍"],
            "preferred": "电话",
            "purchasing_path": "采购部报总经理",
        },
        "needs": {
            "service_type": "次日达",
            "quality": "零破损",
            "time": "17点前",
            "place": "厂区",
            "price": "月结",
            "route": "广深线",
            "value_added": "代收货款",
        },
        "behaviour": {
            "purchase_rhythm": "每周",
            "peak_periods": "第四季度",
            "payment_habits": "月底付款",
            "switching": "两家比价",
        },
        "lifecycle": {"stage": "growth", "since_on": "2025-06-01", "signs": "新线投产"},
        "value": {
            "historical": "90000.00",
            "current": "120000.00",
            "potential": "500000.00",
            "grounds": "产能翻番",
        },
    }
    await written(asking, key, "extended", content)
    shown = (await read(asking, key, cast.MANAGER_A, "extended"))["content"]
    for model, fields in content.items():
        assert shown[model] == ([network] if model == "relationships" else fields), model
    masked = (await read(asking, key, cast.CITY_DIRECTOR, "extended"))["content"]
    assert masked["relationships"][0]["decision_maker"] == "赵*"
    assert masked["value"]["grounds"] == "***"
    wrong = await asking(cast.COUNTY_MANAGER).put(
        f"/v1/archives/{key}/parts/extended",
        json={"content": {"lifecycle": {"stage": "immortal"}}, "reason": "更新"},
        headers=seen(1),
    )
    assert wrong.status_code == 422


async def test_r61_competitors_facts_from_inside_are_confidential(
    asking: Asking, file: File
) -> None:
    key = await file()
    rival = {
        "name": "某快递",
        "share": "0.35",
        "inside_facts": "合同六月到期",
        "prices": "首重六元",
    }
    await written(asking, key, "competitors", {"competitors": [rival]})
    open_ = (await read(asking, key, cast.MANAGER_A, "competitors"))["content"]["competitors"][0]
    assert (open_["inside_facts"], open_["share"]) == ("合同六月到期", "0.35")
    masked = (await read(asking, key, cast.CITY_DIRECTOR, "competitors"))["content"]
    assert masked["competitors"][0]["inside_facts"] == "***"
    assert masked["competitors"][0]["name"] == "某快递"


async def test_r64_a_step_of_somebody_unknown_is_refused_with_its_place(
    asking: Asking, file: File
) -> None:
    key = await file()
    content = {"people": [{"person_id": "1"}], "steps": [{"what": "签批", "participants": ["9"]}]}
    answer = await asking(cast.COUNTY_MANAGER).put(
        f"/v1/archives/{key}/parts/key-people",
        json={"content": content, "reason": "更新"},
        headers=seen(0),
    )
    assert (answer.status_code, answer.json()["rule"]) == (422, "R-64")
    assert answer.json()["errors"][0]["pointer"] == "/content/steps/0/participants"


async def test_r60_the_archive_begins_with_the_approval(asking: Asking, declare: Declare) -> None:
    key = (await declare())["customer_key"]
    answer = await asking(cast.COUNTY_MANAGER).put(
        f"/v1/archives/{key}/parts/basic",
        json={"content": BASIC, "reason": "建档"},
        headers=seen(0),
    )
    assert (answer.status_code, answer.json()["rule"]) == (409, "R-20")


async def test_r69_the_cover_shows_completeness_custodian_and_confirmation(
    asking: Asking, file: File
) -> None:
    key = await file()
    cover = (await asking(cast.PROVINCE_DIRECTOR).get(f"/v1/archives/{key}")).json()
    parts = {part["section"]: part for part in cover["parts"]}
    assert list(parts) == ["basic", "extended", "key-people", "competitors"]
    assert parts["competitors"]["completeness"] == "0.0000"
    assert "/industry" in parts["basic"]["missing"]
    assert cover["custodian"] is None
    entrusted = await asking(cast.CITY_DIRECTOR).put(
        f"/v1/archives/{key}/custodian",
        json={"custodian": cast.COUNTY_MANAGER.code, "reason": "专人保管"},
        headers=seen(cover["version"]),
    )
    assert entrusted.status_code == 200, entrusted.text
    assert entrusted.json()["custodian"] == cast.COUNTY_MANAGER.code
    confirmed = await asking(cast.COUNTY_MANAGER).post(
        f"/v1/archives/{key}/parts/basic/confirm", json={"version": 1}
    )
    assert confirmed.status_code == 200, confirmed.text
    cover = (await asking(cast.CITY_DIRECTOR).get(f"/v1/archives/{key}")).json()
    assert cover["parts"][0]["confirmed_on"] == "2026-03-16"


async def test_r69_the_custodian_works_where_the_archive_may_be_seen(
    asking: Asking, file: File
) -> None:
    answer = await asking(cast.CITY_DIRECTOR).put(
        f"/v1/archives/{await file()}/custodian",
        json={"custodian": cast.OTHER_CITY_MANAGER.code, "reason": "专人保管"},
        headers=seen(2),
    )
    assert (answer.status_code, answer.json()["rule"]) == (409, "R-69")


async def test_r69_only_the_newest_version_is_confirmed_and_by_who_may_read_it(
    asking: Asking, file: File
) -> None:
    key = await file()
    address = f"/v1/archives/{key}/parts/basic/confirm"
    stale = await asking(cast.COUNTY_MANAGER).post(address, json={"version": 2})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/nothing-to-confirm")
    blind = await asking(cast.COUNTY_DIRECTOR).post(address, json={"version": 1})
    assert (blind.status_code, blind.json()["rule"]) == (403, "R-70")
