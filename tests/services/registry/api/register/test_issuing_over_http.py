"""R-33: two hundred registrations at once over HTTP, each on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import httpx
import pytest

from services.registry.handlers.register import open_customers
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.handlers.register.move_customer import handle as move
from shared.contracts.enterprise import CustomerOpened
from shared.identifiers import derived_id
from shared.service import Runtime
from tests.services.registry.api.conftest import seen
from tests.services.registry.story import acting
from tests.support import cast
from tests.support.facts import reported
from tests.support.http import Asking

AT_ONCE = 200
HEADS, BRANCHES = AT_ONCE // 2, AT_ONCE // 2
RETIRED, PRESENT = "440116", "440112"


def opening(code: str, head: str | None = None) -> CustomerOpened:
    """A customer in a division that is no longer in force: approved, without an ID."""
    return CustomerOpened(
        code=code,
        name=f"客户{code}",
        division_code=RETIRED,
        owner_unit="GZ",
        opening=True,
        head_office_code=head,
    )


@pytest.fixture
async def approved(process: Runtime) -> tuple[list[UUID], list[UUID]]:
    """Customers whose turn to get an ID has come: head offices, and branches below the first."""
    heads, branches = [f"H-{n}" for n in range(HEADS + 1)], [f"B-{n}" for n in range(BRANCHES)]
    async with process.works.begin() as work:
        said = [opening(code) for code in heads] + [opening(code, heads[0]) for code in branches]
        await open_customers.handle(work, [reported(each) for each in said])
    keys = [derived_id("customer", "erp", code) for code in heads]
    async with process.works.begin() as work:
        for key in keys:
            by = acting(cast.CITY_DIRECTOR)
            await move(work, MoveCustomer(key, by, 1, PRESENT, "撤区并入"))
    return keys, [derived_id("customer", "erp", code) for code in branches]


async def registered(client: httpx.AsyncClient, key: UUID, version: int) -> httpx.Response:
    return await client.post(f"/v1/customers/{key}/register", json={}, headers=seen(version))


def numbers(answers: Sequence[httpx.Response]) -> list[str]:
    assert {answer.status_code for answer in answers} == {200}, answers[0].text
    return sorted(answer.json()["customer_id"] for answer in answers)


async def test_r33_two_hundred_requests_at_once_leave_no_gap_and_no_double(
    asking: Asking, approved: tuple[list[UUID], list[UUID]]
) -> None:
    (first, *heads), branches = approved
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    assert numbers([await registered(province, first, 2)]) == [f"{PRESENT}00001000"]
    answers = await asyncio.gather(
        *(registered(province, key, 2) for key in heads),
        *(registered(province, key, 1) for key in branches),
    )
    assert numbers(answers[:HEADS]) == [f"{PRESENT}{n:05d}000" for n in range(2, HEADS + 2)]
    assert numbers(answers[HEADS:]) == [f"{PRESENT}00001{n:03d}" for n in range(1, BRANCHES + 1)]


async def test_r33_one_customer_registered_by_many_at_once_gets_one_id(
    asking: Asking, approved: tuple[list[UUID], list[UUID]]
) -> None:
    (_, head, *_), _ = approved
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    answers = await asyncio.gather(*(registered(province, head, 2) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    used = (await province.get("/v1/reports/numbers")).json()["items"]
    assert [(each["below"], each["last_number"]) for each in used] == [(PRESENT, 1)]
