"""Policies over HTTP: in force on a day, every version kept, new ones by those who may.

The tests tell one story, from top to bottom.
"""

from __future__ import annotations

import httpx

from tests.shared.http.conftest import Asking
from tests.support import cast

PRICES = {"effective_on": "2026-03-01", "body": {"dearest": "100.00"}, "reason": "开业"}


async def _record(client: httpx.AsyncClient, **changes: object) -> httpx.Response:
    return await client.post("/v1/policies/prices", json=PRICES | changes)


async def test_what_was_never_recorded_is_not_in_force(asking: Asking) -> None:
    client = asking(cast.MANAGER_A)
    assert (await client.get("/v1/policies")).json() == []
    assert (await client.get("/v1/policies/prices")).status_code == 404
    assert (await client.get("/v1/policies/no-such")).status_code == 404


async def test_only_directors_and_the_province_record_a_policy(asking: Asking) -> None:
    assert (await _record(asking(cast.MANAGER_A))).status_code == 403
    assert (await _record(asking(cast.OPERATOR))).status_code == 403


async def test_a_director_records_a_version_under_his_name(asking: Asking) -> None:
    answer = await _record(asking(cast.CITY_DIRECTOR))
    assert answer.status_code == 201
    recorded = answer.json()
    assert (recorded["version"], recorded["author"]) == (1, cast.CITY_DIRECTOR.code)
    assert recorded["body"] == {"dearest": "100.00"}
    assert (recorded["reason"], recorded["source"]) == ("开业", "ours")


async def test_a_later_version_takes_over_on_its_day_and_the_earlier_one_stays(
    asking: Asking,
) -> None:
    administrator = asking(cast.PROVINCE_ADMINISTRATOR)
    later = {"effective_on": "2026-04-01", "body": {"dearest": "200.00"}}
    assert (await _record(administrator, **later)).json()["version"] == 2
    client = asking(cast.MANAGER_A)
    for day, version in (("2026-03-01", 1), ("2026-03-31", 1), ("2026-04-01", 2)):
        answer = await client.get("/v1/policies/prices", params={"on": day})
        assert answer.json()["version"] == version, day
    answer = await client.get("/v1/policies/prices", params={"on": "2026-02-28"})
    assert answer.status_code == 404
    assert [each["version"] for each in (await client.get("/v1/policies")).json()] == [1]
    versions = (await client.get("/v1/policies/prices/versions")).json()
    assert [each["version"] for each in versions] == [1, 2]


async def test_a_body_of_another_form_is_refused_by_field(asking: Asking) -> None:
    answer = await _record(asking(cast.CITY_DIRECTOR), body={"dearest": 100.0})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-policy"
    assert answer.json()["errors"][0]["pointer"] == "/dearest"
    unknown = await asking(cast.CITY_DIRECTOR).post("/v1/policies/no-such", json=PRICES)
    assert unknown.status_code == 404
