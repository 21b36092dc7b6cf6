"""Searching as a clerk does: parts of names, initials, IDs, codes, phones, people; page by page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.registry.storage.identity import marks
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking

SOUTH = {"name": "广州南方机械有限公司", "division_code": "440106"}
NORTH = {"name": "北方电子（天河）股份有限公司", "division_code": "440106", "short_name": "北电子"}
CODE = "91440106MA5CQ5CX0U"


async def names(asking: Asking, by: cast.Person = cast.COUNTY_MANAGER, /, **how: Any) -> list[str]:
    """The names that somebody finds, in order."""
    answer = await asking(by).get("/v1/customers", params=how)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


@pytest.fixture
async def two(approve: Declare) -> list[Json]:
    """Two customers of Tianhe."""
    south = await approve(
        customer={**SOUTH, "unified_credit_code": CODE, "codes": [{"system": "erp", "code": "C1"}]}
    )
    return [south, await approve(customer=NORTH)]


@pytest.mark.parametrize(
    "text",
    [
        *("南方", "方机", "廣州南方機械", "械", "广州 南方", "公司", "广州南方机械有限公司"),
        *("gznf", "GZNFJX", "nfj", "guangzhounan"),
    ],
)
async def test_a_part_of_the_name_its_initials_or_its_pinyin_find_a_customer(
    asking: Asking, two: list[Json], text: str
) -> None:
    assert SOUTH["name"] in await names(asking, name=text)


@pytest.mark.parametrize("text", ["北京", "gznb", "zhounan", "南机", "——", "南方%", "_方"])
async def test_what_is_in_no_name_finds_nobody(asking: Asking, two: list[Json], text: str) -> None:
    found = await names(asking, name=text)
    assert SOUTH["name"] not in found or text in ("南方%", "_方")
    assert NORTH["name"] not in found or text == "_方"


async def test_short_names_and_former_ones_find_a_customer(asking: Asking, two: list[Json]) -> None:
    assert await names(asking, name="北电子") == [NORTH["name"]]
    north = two[1]
    answer = await asking(cast.COUNTY_MANAGER).patch(
        f"/v1/customers/{north['customer_key']}",
        json={"short_name": "华北电"},
        headers=seen(north),
    )
    assert answer.status_code == 200, answer.text
    for name in ("华北电", "北电子", "hbd"):
        assert await names(asking, name=name) == [NORTH["name"]], name


async def test_an_id_a_code_and_a_credit_code_find_a_customer(
    asking: Asking, two: list[Json]
) -> None:
    await asking(cast.PROVINCE_ADMINISTRATOR).post(
        f"/v1/customers/{two[0]['customer_key']}/register",
        json={"on": "2026-01-20"},
        headers=seen(two[0]),
    )
    for how in (
        {"customer_id": "4401"},
        {"customer_id": "44010600001000"},
        {"code": "C1"},
        {"system": "erp", "code": "C1"},
        {"unified_credit_code": CODE.lower()},
        {"customer_id": "4401", "name": "gznf"},
        {"state": "registered"},
    ):
        assert await names(asking, **how) == [SOUTH["name"]], how
    for how in (
        {"customer_id": "4402"},
        {"code": "C2"},
        {"system": "crm", "code": "C1"},
        {"customer_id": "4401", "name": "beifang"},
        {"owner_unit": "SZ"},
    ):
        assert await names(asking, **how) == [], how


async def test_r60_a_phone_and_a_person_find_a_customer_and_are_not_shown(
    asking: Asking, two: list[Json], process: Runtime
) -> None:
    async with process.works.begin() as work:
        await marks.keep(
            work, UUID(two[0]["customer_key"]), "base", phones=["020-38881234"], people=["陳小明"]
        )
    for how in ({"phone": "(020) 3888 1234"}, {"person": "陈小明"}):
        assert await names(asking, **how) == [SOUTH["name"]]
        assert await names(asking, cast.OTHER_CITY_MANAGER, **how) == []
    assert await names(asking, phone="020-38881235") == []
    refused = await asking(cast.COUNTY_MANAGER).get("/v1/customers", params={"phone": "王先生"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-a-contact")


@pytest.mark.parametrize("how", [{}, {"name": "公司"}, {"name": "gs"}, {"state": "approved"}])
async def test_pages_follow_each_other_without_gap_or_double(
    asking: Asking, two: list[Json], how: dict[str, str]
) -> None:
    manager = asking(cast.COUNTY_MANAGER)
    found: list[str] = []
    token = None
    for _ in range(4):
        more: dict[str, str] = {} if token is None else {"page_token": token}
        page = (await manager.get("/v1/customers", params={**how, "page_size": 1, **more})).json()
        found += [each["name"] for each in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert found == await names(asking, **how)
    assert sorted(found) == sorted([SOUTH["name"], NORTH["name"]])


@pytest.mark.parametrize("how", [{}, {"name": "广州"}, {"name": "gznf"}, {"name": "guangzhou"}])
async def test_nobody_finds_what_is_out_of_his_sight(
    asking: Asking, two: list[Json], how: dict[str, str]
) -> None:
    assert await names(asking, cast.OTHER_CITY_MANAGER, **how) == []
    assert SOUTH["name"] in await names(asking, cast.PROVINCE_DIRECTOR, **how)
