"""Who sees what over HTTP: the fragment in the query, and the second lock behind it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared.contracts.envelope import Entity
from shared.contracts.registry import Aspect, Grant, ScopeChanged
from shared.directory import grants
from tests.shared.http.conftest import Asking
from tests.support import cast
from tests.support.facts import published

WAYS = (
    "/v1/notes",
    "/v1/notes/everything",
    "/v1/notes/everything-in-arrays",
    "/v1/notes/everything-by-statement",
)


@pytest.fixture
async def note_id(asking: Asking, note: dict[str, str]) -> str:
    """A note about a customer of Guangzhou."""
    return str((await asking(cast.MANAGER_A).post("/v1/notes", json=note)).json()["note_id"])


async def _ids(client: httpx.AsyncClient, path: str) -> set[str]:
    answer = await client.get(path, params={} if "every" in path else {"page_size": 200})
    assert answer.status_code == 200, answer.text
    rows: Any = answer.json()
    listed = rows["items"] if isinstance(rows, dict) else rows
    return {row["note_id"] if isinstance(row, dict) else row for row in listed}


@pytest.mark.parametrize("path", WAYS)
async def test_the_owners_unit_and_those_above_see_a_note(
    asking: Asking, note_id: str, path: str
) -> None:
    for person in (cast.MANAGER_A, cast.FINANCE, cast.PROVINCE_DIRECTOR):
        assert note_id in await _ids(asking(person), path), person


@pytest.mark.parametrize("path", WAYS)
async def test_other_units_and_those_below_see_nothing_even_where_a_query_forgot_to_ask(
    asking: Asking, note_id: str, path: str
) -> None:
    for person in (cast.OTHER_CITY_DIRECTOR, cast.COUNTY_MANAGER, cast.SPECIALTY):
        assert await _ids(asking(person), path) == set(), person


async def test_who_asks_is_forgotten_with_the_answer(
    app: FastAPI, asking: Asking, note_id: str
) -> None:
    """A connection that was lent to Guangzhou shows nothing to whoever announces nobody."""
    await asking(cast.MANAGER_A).get("/v1/notes/everything")
    (kept,) = app.state.entrance.readings._idle[-1:]
    answer = await kept.driver.execute(
        "SELECT count(*), current_user, current_setting('dakehu.unit', true) FROM notes"
    )
    assert await answer.fetchone() == (0, "dakehu_reader", "")


async def test_a_read_that_asks_nothing_confirms_the_caller_all_the_same(asking: Asking) -> None:
    assert (await asking(cast.MANAGER_A).get("/v1/notes/nothing")).status_code == 200
    assert (await asking(cast.WHO_LEFT).get("/v1/notes/nothing")).status_code == 403


async def test_a_row_of_another_unit_is_not_found(asking: Asking, note_id: str) -> None:
    answer = await asking(cast.OTHER_CITY_MANAGER).get(f"/v1/notes/{note_id}")
    assert answer.status_code == 404


async def test_a_command_about_a_customer_out_of_scope_is_refused(
    asking: Asking, note: dict[str, str]
) -> None:
    answer = await asking(cast.OTHER_CITY_MANAGER).post("/v1/notes", json=note)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/out-of-scope"
    assert answer.json()["facts"] == {"aspect": "base"}


@pytest.mark.parametrize(
    ("customer_key", "code"),
    [
        (cast.DECLARED.key, "unapproved-customer"),
        (uuid4(), "unapproved-customer"),
        (cast.SUSPENDED.key, "suspended-customer"),
        (cast.CLOSED.key, "closed-customer"),
    ],
)
async def test_no_business_with_a_customer_that_is_not_approved(
    asking: Asking, note: dict[str, str], customer_key: object, code: str
) -> None:
    body = note | {"customer_key": str(customer_key)}
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=body)
    assert answer.status_code == 409
    assert answer.json()["type"] == f"/problems/{code}"


async def test_an_approved_customer_may_be_developed(asking: Asking, note: dict[str, str]) -> None:
    body = note | {"customer_key": str(cast.APPROVED.key)}
    assert (await asking(cast.MANAGER_A).post("/v1/notes", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("from_on", "until_on", "seen"),
    [
        (date(2026, 3, 16), None, True),
        (date(2026, 3, 17), None, False),
        (date(2020, 1, 1), date(2026, 3, 16), True),
        (date(2020, 1, 1), date(2026, 3, 15), False),
    ],
)
async def test_a_grant_holds_from_its_first_to_its_last_day(
    app: FastAPI, asking: Asking, from_on: date, until_on: date | None, seen: bool
) -> None:
    key = uuid4()
    scope = ScopeChanged(
        entity=Entity(type="scope", id=str(key), version=1),
        customer_key=key,
        grants=(Grant(unit="SZ", aspect=Aspect.BASE, from_on=from_on, until_on=until_on),),
    )
    async with app.state.process.works.begin() as work:
        await grants.follow(work, [published(scope)])
        await work.run(
            "INSERT INTO notes VALUES (:id, :key, '', 0, '2026-03-16', 1)",
            {"id": uuid4(), "key": key},
        )
    rows = (await asking(cast.OTHER_CITY_MANAGER).get("/v1/notes/everything")).json()
    assert (str(key) in {row["customer_key"] for row in rows}) is seen
