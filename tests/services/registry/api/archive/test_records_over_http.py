"""Dealings, yearly figures, legal erasures and everyday questions over HTTP."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.services.registry.api.archive.conftest import BASIC, PURPOSE, File, written
from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.http import Asking

PEOPLE: Json = {
    "people": [
        {"person_id": "p1", "name": "王小明", "phone": "13800135678", "is_main_contact": True},
        {"person_id": "p2", "name": "欧阳兰", "hobbies": ["钓鱼"], "influence": "decides"},
    ]
}
PROVINCE = cast.PROVINCE_ADMINISTRATOR


async def got(asking: Asking, who: cast.Person, path: str, **asked: str) -> Any:
    """What `who` is answered."""
    answer = await asking(who).get(path, params={**PURPOSE, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_r66_every_department_reports_its_dealings_and_reads_them_behind_masks(
    asking: Asking, file: File
) -> None:
    key = await file()
    address = f"/v1/archives/{key}/journal"
    dealing = {"subject": "合同谈判", "department": "财务部", "people": ["赵强"]}
    for on, kind in (("2026-03-02", "major-event"), ("2026-03-09", "important-contact")):
        body = {**dealing, "kind": kind, "account": "对方要求月结", "on": on}
        answer = await asking(cast.FINANCE).post(address, json=body)
        assert answer.status_code == 201, answer.text
    first = await got(asking, cast.MANAGER_A, address, page_size="1")
    assert [each["on"] for each in first["items"]] == ["2026-03-09"]
    rest = await got(
        asking, cast.MANAGER_A, address, page_size="1", page_token=first["next_page_token"]
    )
    assert [each["content"]["account"] for each in rest["items"]] == ["对方要求月结"]
    assert rest["next_page_token"] is None
    (masked,) = (await got(asking, cast.FINANCE, address, kind="major-event"))["items"]
    assert masked["content"]["people"] == ["赵*"]
    assert masked["content"]["account"] == "***"
    assert masked["content"]["subject"] == "合同谈判"
    future = await asking(cast.FINANCE).post(
        address, json={**dealing, "kind": "dealing", "on": "2026-03-17"}
    )
    assert future.json()["type"] == "/problems/in-the-future"


async def test_r65_yearly_figures_accumulate_and_corrections_are_versions(
    asking: Asking, file: File
) -> None:
    key = await file()
    for year, version, turnover in ((2024, 0, "90.00"), (2025, 0, "100.00"), (2025, 1, "110.00")):
        content = {"postal_spend": "12.00", "turnover": turnover}
        answer = await asking(cast.COUNTY_MANAGER).put(
            f"/v1/archives/{key}/annual/{year}",
            json={"content": content, "reason": "年报"},
            headers=seen(version),
        )
        assert answer.status_code == 200, answer.text
    years = await got(asking, cast.MANAGER_A, f"/v1/archives/{key}/annual")
    assert [(each["year"], each["version"], each["content"]["turnover"]) for each in years] == [
        (2024, 1, "90.00"),
        (2025, 2, "110.00"),
    ]
    masked = await got(asking, cast.CITY_DIRECTOR, f"/v1/archives/{key}/annual")
    assert [each["content"]["turnover"] for each in masked] == [None, None]
    assert masked[0]["masked"] == ["/turnover"]
    assert masked[0]["content"]["postal_spend"] == "12.00"


async def test_r68_a_person_is_erased_from_every_version_and_that_it_was_stays(
    asking: Asking, file: File
) -> None:
    key = await file()
    await written(asking, key, "key-people", PEOPLE)
    await written(asking, key, "key-people", {"people": PEOPLE["people"][::-1]}, 1)
    address = f"/v1/archives/{key}/erasures"
    order = {"legal_basis": "个人信息保护法第四十七条", "document_reference": "粤法函〔2026〕12号"}
    body = {**order, "section": "key-people", "person_id": "p2"}
    refused = await asking(cast.CITY_DIRECTOR).post(address, json=body)
    assert (refused.status_code, refused.json()["rule"]) == (403, "R-68")
    answer = await asking(PROVINCE).post(address, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["erased"] == {
        "1": ["/people/1/hobbies", "/people/1/name"],
        "2": ["/people/0/hobbies", "/people/0/name"],
    }
    for version, place in (("1", 1), ("2", 0)):
        shown = await got(
            asking, cast.MANAGER_A, f"/v1/archives/{key}/parts/key-people", version=version
        )
        assert shown["content"]["people"][place]["name"] is None
        assert shown["content"]["people"][1 - place]["name"] == "王小明"
        assert shown["erased"] == [f"/people/{place}/hobbies", f"/people/{place}/name"]
    listed = (await asking(cast.CITY_DIRECTOR).get(address)).json()["items"]
    assert listed[0]["document_reference"] == order["document_reference"]
    again = await asking(PROVINCE).post(address, json=body)
    assert again.json()["type"] == "/problems/nothing-to-erase"


async def test_r68_a_field_is_erased_alone_and_nobody_is_found_by_it_any_more(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    order = {"legal_basis": "本人要求", "document_reference": "2026-03"}
    body = {**order, "section": "basic", "pointers": ["/phone"]}
    with psycopg.connect(database) as server:
        count = "SELECT count(*) FROM contact_marks WHERE source = 'archive/basic'"
        assert server.execute(count).fetchone() == (2,), "the contact and the phone"
        answer = await asking(PROVINCE).post(f"/v1/archives/{key}/erasures", json=body)
        assert answer.json()["erased"] == {"1": ["/phone"]}
        server.rollback()
        assert server.execute(count).fetchone() == (1,)
    shown = await got(asking, cast.MANAGER_A, f"/v1/archives/{key}/parts/basic")
    assert (shown["content"]["phone"], shown["content"]["contact"]) == (None, "王小明")


async def test_r68_without_a_legal_procedure_nothing_can_be_deleted(
    asking: Asking, file: File, database: str
) -> None:
    await file()
    with psycopg.connect(database, autocommit=True) as server:
        for statement in (
            "DELETE FROM archive_versions",
            "UPDATE archive_versions SET content = '{}'",
            "DELETE FROM archive_secrets",
            "UPDATE archive_secrets SET customer_key = gen_random_uuid()",
            "DELETE FROM archives",
        ):
            try:
                server.execute(statement)
            except psycopg.Error:
                continue
            raise AssertionError(statement)


async def test_x01_the_everyday_questions_are_answered_behind_masks_and_whole(
    asking: Asking, file: File
) -> None:
    key = await file()
    await written(asking, key, "key-people", PEOPLE)
    address = f"/v1/archives/{key}"
    company = await got(asking, cast.CITY_DIRECTOR, f"{address}/company")
    assert (company["name"], company["address"]) == (BASIC["full_name"], BASIC["address"])
    assert company["main_products"] == ["数控机床"]
    ways = await got(asking, cast.MANAGER_A, f"{address}/contact-ways")
    assert [(each["name"], each["phone"]) for each in ways] == [
        ("王小明", "13800135678"),
        ("王小明", "13800135678"),
    ]
    masked = await got(asking, cast.CITY_DIRECTOR, f"{address}/contact-ways")
    assert {each["phone"] for each in masked} == {"138****5678"}
    contacts = await got(asking, cast.MANAGER_A, f"{address}/main-contacts")
    assert [each["person_id"] for each in contacts] == [None, "p1"]


async def test_x01_contracts_and_visits_are_listed(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    with psycopg.connect(database) as server:
        server.execute(
            "INSERT INTO contracts (contract_id, customer_key, signed_at_unit, signed_on,"
            " valid_until_on, business_lines, business_at_units, recorded_at)"
            " VALUES (gen_random_uuid(), %(key)s, 'GZ-TH', '2026-01-01', '2026-03-16', '{}',"
            " '{}', now()), (gen_random_uuid(), %(key)s, 'GZ-TH', '2025-01-01', '2026-03-15',"
            " '{}', '{}', now())",
            {"key": key},
        )
        server.execute(
            "INSERT INTO visit_places (visit_id, version, customer_key, unit, visited_on)"
            " VALUES (gen_random_uuid(), 1, %s, 'GZ-TH', '2026-02-02')",
            [key],
        )
    manager = asking(cast.MANAGER_A)
    contracts = (await manager.get(f"/v1/archives/{key}/contracts")).json()["items"]
    assert [each["is_in_force"] for each in contracts] == [True, False]
    visits = (await manager.get(f"/v1/archives/{key}/visits")).json()["items"]
    assert [(each["unit"], each["visited_on"]) for each in visits] == [("GZ-TH", "2026-02-02")]
    stranger = asking(cast.OTHER_CITY_MANAGER)
    assert (await stranger.get(f"/v1/archives/{key}/visits")).json()["items"] == []


async def test_r69_quality_is_measured_per_owner(asking: Asking, file: File) -> None:
    key = await file()
    await asking(cast.COUNTY_MANAGER).post(
        f"/v1/archives/{key}/parts/basic/confirm", json={"version": 1}
    )
    (row,) = (await asking(cast.CITY_DIRECTOR).get("/v1/archive-quality")).json()["items"]
    assert (row["unit"], row["archives"], row["with_custodian"]) == ("GZ-TH", 1, 0)
    assert (row["custody"], row["confirmed"]) == ("0.0000", "1.0000")
    cover = (await asking(cast.CITY_DIRECTOR).get(f"/v1/archives/{key}")).json()
    basic = cover["parts"][0]
    filled = 14 - len(basic["missing"])
    assert 0 < filled < 14
    assert row["completeness"] == f"{int(filled * 10000 / 30) / 10000:.4f}"
    elsewhere = (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/archive-quality")).json()
    assert elsewhere["items"] == []


async def test_r67_files_in_sight_are_listed_by_freshness(asking: Asking, file: File) -> None:
    key = await file()
    director = asking(cast.CITY_DIRECTOR)
    (listed,) = (await director.get("/v1/archives", params={"state": "no-rule"})).json()["items"]
    assert (listed["customer_key"], listed["updated_on"]) == (key, "2026-03-16")
    assert (await director.get("/v1/archives", params={"state": "overdue"})).json()["items"] == []
