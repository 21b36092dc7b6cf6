"""R-02, R-04, R-06, R-08, R-11 over HTTP: centres, bureaus, posts and region classes."""

from __future__ import annotations

import httpx
import pytest

from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.http import Asking

BUREAU = {
    "unit": "GZ-EMS",
    "name": "广州市速递物流局",
    "level": "city",
    "kind": "specialty",
    "parent": "GZ",
    "division_code": "440100",
    "specialty": "express-logistics",
}
FIGURES = {
    "year": 2025,
    "specialty_revenue": "40000000.00",
    "total_revenue": "200000000.00",
    "operates_directly": True,
    "on": "2026-01-05",
}
DIRECTOR = {"director_staff_code": "G001", "reason": "市局任命", "on": "2026-01-05"}


@pytest.fixture
async def province(asking: Asking) -> httpx.AsyncClient:
    return asking(cast.PROVINCE_ADMINISTRATOR)


async def made(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def test_r02_a_name_outside_the_pattern_is_refused_when_founded_and_when_renamed(
    province: httpx.AsyncClient,
) -> None:
    city = {"unit": "DG", "name": "东莞市邮政局", "level": "city", "parent": "GD"}
    refused = await province.post("/v1/units", json=city)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/centre-misnamed")
    assert "***邮政局大客户中心" in refused.text
    renamed = await province.patch("/v1/units/GZ", json={"name": "广州中心"}, headers=seen(1))
    assert renamed.json()["type"] == "/problems/centre-misnamed"


async def test_r02_a_centre_belongs_to_the_market_department_and_keeps_its_history(
    asking: Asking, province: httpx.AsyncClient
) -> None:
    centre = await made(province, "/v1/units/GZ/centre", DIRECTOR)
    assert (centre["department"], centre["director_post"]) == ("市场部", "市场部副总经理")
    assert centre["has_director"] is True
    other = await province.post("/v1/units/GZ/centre", json={**DIRECTOR, "department": "办公室"})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/wrong-department")
    moving = {"unit": "SZ", "roles": ["director"]}
    assert (await province.post("/v1/staff/G001/assign", json=moving)).status_code == 200
    (listed,) = (await province.get("/v1/centres")).json()["items"]
    assert (listed["unit"], listed["has_director"]) == ("GZ", False)
    assert (await province.get("/v1/centres?on=2026-01-04")).json()["items"] == []
    again = {"director_staff_code": "G002", "reason": "接任"}
    assert (await province.post("/v1/units/GZ/centre", json=again)).status_code == 409
    history = (await province.get("/v1/units/GZ/centre")).json()["items"]
    assert [each["director_staff_code"] for each in history] == ["G001"]
    unseen = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/units/GZ/centre")
    assert unseen.json()["items"] == []


async def test_r04_a_branch_has_no_centre_but_files_a_lead_and_owns_nothing(
    asking: Asking, province: httpx.AsyncClient
) -> None:
    refused = await province.post("/v1/units/GZ-TH-01/centre", json=DIRECTOR)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/unit-has-no-centre")
    branch = asking(cast.BRANCH_STAFF)
    lead = {"customer": {"name": "广州体育用品有限公司", "division_code": "440106"}}
    declared = await made(branch, "/v1/declarations", lead)
    assert (declared["reporting_branch"], declared["development_unit"]) == ("GZ-TH-01", "GZ-TH")
    owning = {
        "customer": {"name": "广州另一家有限公司", "division_code": "440106"},
        "development_unit": "GZ-TH-01",
    }
    answer = await branch.post("/v1/declarations", json=owning)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/unit-has-no-centre")


async def test_r06_a_bureau_gets_its_centre_by_a_decision_with_inputs_and_policy_version(
    asking: Asking, province: httpx.AsyncClient
) -> None:
    assert (await made(province, "/v1/units", BUREAU))["specialty"] == "express-logistics"
    person = {"staff_code": "E1", "name": "马超", "unit": "GZ-EMS", "roles": ["director"]}
    await made(province, "/v1/staff", {**person, "on": "2026-01-05"})
    centre = {**DIRECTOR, "director_staff_code": "E1"}
    early = await province.post("/v1/units/GZ-EMS/centre", json=centre)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/centre-not-granted")

    city = asking(cast.CITY_DIRECTOR)
    path = "/v1/units/GZ-EMS/centre-decisions"
    refused = await made(city, path, {**FIGURES, "specialty_revenue": "30000000.00"})
    assert refused["is_granted"] is False
    granted = await made(city, path, FIGURES)
    assert (granted["is_granted"], granted["policy_version"]) == (True, 1)
    assert granted["inputs"]["specialty_revenue"] == "40000000.00"
    assert {each["ground"] for each in granted["findings"]} == {
        *("previous-year-revenue", "share-of-revenue", "direct-operations", "listed-city")
    }
    kept = (await city.get(path)).json()["items"]
    assert [each["is_granted"] for each in kept] == [True, False]
    assert (await made(province, "/v1/units/GZ-EMS/centre", centre))["unit"] == "GZ-EMS"


async def test_r06_the_bureau_itself_and_another_city_decide_nothing(
    asking: Asking, province: httpx.AsyncClient
) -> None:
    await made(province, "/v1/units", BUREAU)
    path = "/v1/units/GZ-EMS/centre-decisions"
    other = await asking(cast.OTHER_CITY_DIRECTOR).post(path, json=FIGURES)
    assert (other.status_code, other.json()["type"]) == (403, "/problems/out-of-scope")
    person = {"staff_code": "E1", "name": "马超", "unit": "GZ-EMS", "roles": ["director"]}
    await made(province, "/v1/staff", {**person, "on": "2026-01-05"})
    own = asking(cast.Person("E1", "马超", "GZ-EMS", ("director",)))
    answer = await own.post(path, json=FIGURES)
    assert answer.json()["type"] == "/problems/not-above-the-bureau"


async def test_r06_bureaus_that_lack_an_account_manager_or_a_decision_are_reported(
    province: httpx.AsyncClient,
) -> None:
    await made(province, "/v1/units", BUREAU)
    path = "/v1/reports/specialty-bureaus"
    lacking = (await province.get(path, params={"lacking_only": True})).json()["items"]
    assert {each["unit"]: each["lacks"] for each in lacking} == {
        "GD-EMS": ["account-manager"],
        "GZ-EMS": ["account-manager"],
    }
    person = {"staff_code": "E2", "name": "韩梅", "unit": "GZ-EMS", "roles": ["account_manager"]}
    await made(province, "/v1/staff", {**person, "on": "2026-01-05"})
    everything = (await province.get(path)).json()["items"]
    found = {each["unit"]: (each["account_managers"], each["lacks"]) for each in everything}
    assert found == {"GD-EMS": (0, ["account-manager"]), "GZ-EMS": (1, [])}
    lacking = (await province.get(path, params={"lacking_only": True})).json()["items"]
    assert [each["unit"] for each in lacking] == ["GD-EMS"]


async def test_r06_a_trade_is_for_professional_bureaus(province: httpx.AsyncClient) -> None:
    city = {
        "unit": "DG",
        "name": "东莞市邮政局大客户中心",
        "level": "city",
        "parent": "GD",
        "specialty": "express-logistics",
    }
    answer = await province.post("/v1/units", json=city)
    assert answer.json()["type"] == "/problems/not-a-specialty-bureau"


async def test_r08_posts_that_are_empty_or_misplaced_are_reported(
    province: httpx.AsyncClient,
) -> None:
    person = {"staff_code": "B9", "name": "钱多", "unit": "GZ-TH-02", "roles": ["director"]}
    await made(province, "/v1/staff", {**person, "on": "2026-01-05"})
    units = {
        each["unit"]: {post["post"]: post["is_misplaced"] for post in each["posts"]}
        for each in (await province.get("/v1/reports/centre-posts")).json()["items"]
    }
    assert units["GZ"] == {}
    assert units["GZ-TH"] == {"customer-administrator": False}
    assert units["GZ-TH-01"] == {}
    assert units["GZ-TH-02"] == {"director": True}


async def test_r11_a_city_has_the_class_of_the_preset_until_it_is_reclassified(
    asking: Asking, province: httpx.AsyncClient
) -> None:
    city = {
        "unit": "DG",
        "name": "东莞市邮政局大客户中心",
        "level": "city",
        "parent": "GD",
        "division_code": "441900",
    }
    assert (await made(province, "/v1/units", city))["region_class"] == 2
    change = {
        "division_code": "441900",
        "region_class": 1,
        "effective_on": "2026-01-05",
        "reason": "业务发展",
    }
    changed = await made(province, "/v1/region-classes", change)
    assert changed["region_class"] == 1
    assert [
        (each["effective_on"], each["region_class"], each["by_policy"], each["author"])
        for each in changed["history"]
    ][-1] == ("2026-01-05", 1, False, "P001")
    unit = (await province.get("/v1/units/DG")).json()
    assert (unit["region_class"], unit["version"]) == (1, 2)

    reader = asking(cast.COUNTY_MANAGER)
    for on, expected in (("2026-01-04", 2), ("2026-01-05", 1)):
        cities = (await reader.get("/v1/region-classes", params={"on": on})).json()["cities"]
        assert len(cities) == 21
        (found,) = [each for each in cities if each["division_code"] == "441900"]
        assert found == {"division_code": "441900", "name": "东莞市", "region_class": expected}
    for wrong in ({"region_class": 5}, {"division_code": "449999"}):
        answer = await province.post("/v1/region-classes", json={**change, **wrong})
        assert answer.status_code == 422, answer.text
    answer = await asking(cast.CITY_DIRECTOR).post("/v1/region-classes", json=change)
    assert answer.status_code == 403
    assert (await reader.get("/v1/region-classes/110000")).status_code == 404
