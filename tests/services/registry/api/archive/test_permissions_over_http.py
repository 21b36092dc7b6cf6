"""Permissions to read an archive: asked for, decided by another, expired, revoked (R-70, R-73)."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from tests.services.registry.api.archive.conftest import PURPOSE, File
from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.http import Asking

UNTIL = "2026-03-20"


async def asked(asking: Asking, key: str, who: cast.Person, **others: object) -> Json:
    """A request of `who` to read the basic part."""
    body = {
        "customer_key": key,
        "sections": ["basic"],
        "purpose": "处理投诉",
        "until_on": UNTIL,
        **others,
    }
    answer = await asking(who).post("/v1/archive-requests", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def granted(asking: Asking, key: str, who: cast.Person, **others: object) -> Json:
    """As `asked`, and granted by the city's director."""
    request = await asked(asking, key, who, **others)
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/archive-requests/{request['request_id']}/grant", json={}, headers=seen(request)
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def phone(asking: Asking, key: str, who: cast.Person, part: str = "basic") -> str:
    """The phone as `who` sees it."""
    answer = await asking(who).get(f"/v1/archives/{key}/parts/{part}", params=PURPOSE)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["content"]["phone"]
    return found


async def test_r70_a_permission_opens_from_the_decision_to_the_last_day(
    asking: Asking, file: File, clock: SetClock
) -> None:
    key = await file()
    await asked(asking, key, cast.PROVINCE_DIRECTOR)
    assert await phone(asking, key, cast.PROVINCE_DIRECTOR) == "138****5678"
    await granted(asking, key, cast.PROVINCE_DIRECTOR)
    assert await phone(asking, key, cast.PROVINCE_DIRECTOR) == "13800135678"
    clock.advance(timedelta(days=4))
    assert await phone(asking, key, cast.PROVINCE_DIRECTOR) == "13800135678"
    clock.advance(timedelta(days=1))
    assert await phone(asking, key, cast.PROVINCE_DIRECTOR) == "138****5678"


async def test_r73_a_permission_is_for_one_person_and_the_sections_named(
    asking: Asking, file: File
) -> None:
    key = await file()
    await granted(asking, key, cast.FINANCE, sections=["extended", "key-people"])
    assert await phone(asking, key, cast.FINANCE) == "138****5678"
    await granted(asking, key, cast.FINANCE)
    assert await phone(asking, key, cast.FINANCE) == "13800135678"
    assert await phone(asking, key, cast.SUPERVISOR) == "138****5678"


async def test_r70_revoked_is_revoked_at_once(asking: Asking, file: File) -> None:
    key = await file()
    request = await granted(asking, key, cast.FINANCE)
    address = f"/v1/archive-requests/{request['request_id']}/revoke"
    answer = await asking(cast.CITY_DIRECTOR).post(
        address, json={"reason": "用途已结束"}, headers=seen(request)
    )
    assert answer.json()["state"] == "revoked"
    assert await phone(asking, key, cast.FINANCE) == "138****5678"


async def test_r73_nobody_decides_his_own_request(asking: Asking, file: File) -> None:
    key = await file()
    request = await asked(asking, key, cast.CITY_DIRECTOR)
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/archive-requests/{request['request_id']}/grant", json={}, headers=seen(request)
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/own-request")


async def test_r70_the_custodian_decides_and_others_at_the_owner_do_not(
    asking: Asking, file: File
) -> None:
    key = await file()
    request = await asked(asking, key, cast.FINANCE)
    address = f"/v1/archive-requests/{request['request_id']}/grant"
    refused = await asking(cast.MANAGER_A).post(address, json={}, headers=seen(request))
    assert (refused.status_code, refused.json()["rule"]) == (403, "R-70")
    cover = (await asking(cast.CITY_DIRECTOR).get(f"/v1/archives/{key}")).json()
    await asking(cast.CITY_DIRECTOR).put(
        f"/v1/archives/{key}/custodian",
        json={"custodian": cast.MANAGER_A.code, "reason": "专人保管"},
        headers=seen(cover),
    )
    taken = await asking(cast.MANAGER_A).post(address, json={}, headers=seen(request))
    assert taken.status_code == 200, taken.text


async def test_a_request_is_decided_once(asking: Asking, file: File) -> None:
    request = await granted(asking, await file(), cast.FINANCE)
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/archive-requests/{request['request_id']}/refuse", json={}, headers=seen(request)
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/request-settled")


async def test_r70_a_permission_lasts_no_longer_than_the_policy(asking: Asking, file: File) -> None:
    key = await file()
    await asked(asking, key, cast.FINANCE, until_on="2026-06-14")
    for until_on in ("2026-06-15", "2026-03-15"):
        body = {"customer_key": key, "sections": ["basic"], "purpose": "核对"}
        answer = await asking(cast.FINANCE).post(
            "/v1/archive-requests", json={**body, "until_on": until_on}
        )
        assert answer.json()["facts"]["longest_days"] == 90, until_on


async def test_r70_who_may_not_know_of_the_customer_cannot_even_ask(
    asking: Asking, file: File
) -> None:
    body = {"customer_key": await file(), "sections": ["basic"], "purpose": "看看"}
    answer = await asking(cast.OTHER_CITY_DIRECTOR).post(
        "/v1/archive-requests", json={**body, "until_on": UNTIL}
    )
    assert answer.status_code == 403


async def test_r52_r70_who_left_reads_nothing_from_that_day_on(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    await granted(asking, key, cast.FINANCE)
    assert await phone(asking, key, cast.FINANCE) == "13800135678"
    with psycopg.connect(database) as server:
        server.execute(
            "INSERT INTO kit.staff_states (staff_code, version, effective_on, unit, roles, state)"
            " VALUES (%s, 2, '2026-03-16', 'GZ', '{finance}', 'left')",
            [cast.FINANCE.code],
        )
    answer = await asking(cast.FINANCE).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-confirmed")


async def test_r70_who_moves_to_another_unit_asks_again(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    await granted(asking, key, cast.FINANCE)
    moved = cast.Person(cast.FINANCE.code, cast.FINANCE.name, "GD", cast.FINANCE.roles)
    with psycopg.connect(database) as server:
        server.execute(
            "INSERT INTO kit.staff_states (staff_code, version, effective_on, unit, roles, state)"
            " VALUES (%s, 2, '2026-03-16', 'GD', '{finance}', 'active')",
            [cast.FINANCE.code],
        )
    assert await phone(asking, key, moved) == "138****5678"
