"""R-01, R-04, R-08: the province administers units and people."""

from __future__ import annotations

import pytest

from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.http import Asking

DONGGUAN = {
    "unit": "DG",
    "name": "东莞市邮政局大客户中心",
    "level": "city",
    "parent": "GD",
    "division_code": "441900",
}


async def test_r01_a_unit_is_founded_and_renamed(asking: Asking) -> None:
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    founded = await province.post("/v1/units", json=DONGGUAN)
    assert (founded.status_code, founded.headers["etag"]) == (201, '"1"')
    again = await province.post("/v1/units", json=DONGGUAN)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/unit-exists")
    renamed = await province.patch(
        "/v1/units/DG", json={"name": "东莞邮政局大客户中心"}, headers=seen(founded.json())
    )
    assert (renamed.json()["name"], renamed.json()["version"]) == ("东莞邮政局大客户中心", 2)
    cities = (await province.get("/v1/units", params={"level": "city"})).json()["items"]
    assert [unit["unit"] for unit in cities] == ["DG", "GD-EMS", "GZ", "SZ"]


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"level": "county"}, 422, "/parent"),
        ({"level": "planet"}, 422, "/level"),
        ({"parent": "XX"}, 422, None),
        ({"kind": "branch"}, 422, "/level"),
        ({"division_code": "449999"}, 422, "/division_code"),
    ],
)
async def test_r01_a_unit_out_of_place_is_refused(
    asking: Asking, change: Json, status: int, pointer: str | None
) -> None:
    answer = await asking(cast.PROVINCE_ADMINISTRATOR).post(
        "/v1/units", json={**DONGGUAN, **change}
    )
    assert answer.status_code == status, answer.text
    assert pointer is None or pointer in answer.text


async def test_only_the_province_administers(asking: Asking) -> None:
    answer = await asking(cast.CITY_DIRECTOR).post("/v1/units", json=DONGGUAN)
    assert answer.status_code == 403


async def test_r08_somebody_joins_moves_and_leaves_and_the_token_dies_with_it(
    asking: Asking,
) -> None:
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    person = {"staff_code": "N1", "name": "刘洋", "unit": "GZ", "roles": ["director", "finance"]}
    joined = await province.post("/v1/staff", json={**person, "on": "2026-01-05"})
    assert joined.status_code == 201, joined.text
    newcomer = asking(cast.Person("N1", "刘洋", "GZ", ("director",)))
    assert (await newcomer.get("/v1/units")).status_code == 200
    moved = await province.post(
        "/v1/staff/N1/assign", json={"unit": "SZ", "roles": ["director"], "on": "2026-03-01"}
    )
    assert (moved.json()["unit"], moved.json()["version"]) == ("SZ", 2)
    assert (await newcomer.get("/v1/units")).status_code == 403
    gone = await province.post("/v1/staff/N1/leave", json={})
    assert gone.json()["state"] == "left"
    moved_person = asking(cast.Person("N1", "刘洋", "SZ", ("director",)))
    assert (await moved_person.get("/v1/units")).status_code == 403


async def test_names_are_shown_to_the_own_unit_and_those_above(asking: Asking) -> None:
    city = await asking(cast.CITY_DIRECTOR).get("/v1/staff", params={"page_size": 200})
    units = {person["unit"] for person in city.json()["items"]}
    assert units == {"GZ", "GZ-TH", "GZ-TH-01"}
    managers = await asking(cast.CITY_DIRECTOR).get(
        "/v1/staff", params={"role": "account_manager", "unit": "GZ"}
    )
    assert {each["staff_code"] for each in managers.json()["items"]} == {"G004", "G005", "G011"}
    assert (await asking(cast.CITY_DIRECTOR).get("/v1/staff/S001")).status_code == 404


async def test_possible_duplicates_are_for_the_province(asking: Asking) -> None:
    path = "/v1/customers/possible-duplicates"
    assert (await asking(cast.PROVINCE_ADMINISTRATOR).get(path)).json()["items"] == []
    assert (await asking(cast.CITY_DIRECTOR).get(path)).status_code == 403
