"""What tests of archives over HTTP have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.http import Asking

File = Callable[[], Awaitable[str]]
BASIC: Json = {
    "full_name": "广州南方机械有限公司",
    "address": "广州市天河区天河路1号",
    "contact": "王小明",
    "phone": "13800135678",
    "email": "wang@example.cn",
    "main_products": ["数控机床"],
    "postal_use": [
        {"year": 2024, "spend": "100000.00", "volume": 1000},
        {"year": 2025, "spend": "120000.00", "volume": 1100},
    ],
}
PURPOSE = {"purpose": "年度走访准备"}


async def written(
    asking: Asking,
    key: str,
    part: str,
    content: Json,
    version: int = 0,
    by: cast.Person = cast.COUNTY_MANAGER,
    **others: Any,
) -> Json:
    """A part's next version, written by the county's manager."""
    answer = await asking(by).put(
        f"/v1/archives/{key}/parts/{part}",
        json={"content": content, "reason": "走访后更新", **others},
        headers=seen(version),
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def file(asking: Asking, approve: Declare) -> File:
    """Makes a customer of Tianhe with managers A and B and a basic part; gives its key."""

    async def made() -> str:
        key: str = (await approve())["customer_key"]
        assigned = await asking(cast.CITY_DIRECTOR).post(
            f"/v1/customers/{key}/managers/assign",
            json={"a_staff_code": cast.MANAGER_A.code, "b_staff_code": cast.COUNTY_MANAGER.code},
            headers=seen(0),
        )
        assert assigned.status_code == 200, assigned.text
        await written(asking, key, "basic", BASIC)
        return key

    return made
