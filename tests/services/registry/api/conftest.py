"""What tests of registry's routes have in common: a customer on its way through the stages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support import cast
from tests.support.http import Asking

Json = dict[str, Any]
Declare = Callable[..., Awaitable[Json]]
MECHANICS = {"name": "广州南方机械有限公司", "division_code": "440106"}


def seen(answer: Json | int) -> dict[str, str]:
    """The header that says which version was seen."""
    version = answer if isinstance(answer, int) else answer["version"]
    return {"if-match": f'"{version}"'}


async def propose(asking: Asking, declaration: Json) -> Json:
    """The declaration once the province's administrator proposed what it says (R-09)."""
    answer = await asking(cast.PROVINCE_ADMINISTRATOR).post(
        f"/v1/declarations/{declaration['declaration_id']}/propose",
        json={
            "development_unit": declaration["development_unit"],
            "joint_units": declaration["joint_units"],
            "reason": "属地",
            "on": declaration["declared_on"],
        },
        headers=seen(declaration),
    )
    assert answer.status_code == 200, answer.text
    return {**declaration, **answer.json()}


@pytest.fixture
async def declare(asking: Asking) -> Declare:
    """Declares a customer of Tianhe; `customer` and other fields replace the usual ones."""

    async def declared(*, customer: Json | None = None, **others: object) -> Json:
        body = {"customer": {**MECHANICS, **(customer or {})}, "on": "2026-01-05", **others}
        answer = await asking(cast.COUNTY_MANAGER).post("/v1/declarations", json=body)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    return declared


@pytest.fixture
async def approve(asking: Asking, declare: Declare) -> Declare:
    """Declares and approves a customer; gives the customer as the approving centre sees it."""

    async def approved(**how: Any) -> Json:
        declaration = await propose(asking, await declare(**how))
        is_local = "development_unit" not in how
        director = asking(cast.CITY_DIRECTOR if is_local else cast.PROVINCE_DIRECTOR)
        answer = await director.post(
            f"/v1/declarations/{declaration['declaration_id']}/approve",
            json={"on": "2026-01-12"},
            headers=seen(declaration),
        )
        assert answer.status_code == 200, answer.text
        found: Json = (await director.get(f"/v1/customers/{declaration['customer_key']}")).json()
        return found

    return approved
