"""Who calls is confirmed by registry, on every request."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from shared.contracts.envelope import Entity
from shared.contracts.registry import StaffChanged, StaffState
from shared.directory import staff
from tests.shared.http.conftest import Asking
from tests.support import cast
from tests.support.facts import published


def _refused(answer: httpx.Response, status: int, code: str, reason: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{code}"
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer ", "Bearer a.b.c", "Bearer 中文"])
async def test_a_request_without_a_readable_token_is_not_answered(
    asking: Asking, header: str | None
) -> None:
    headers = {} if header is None else {"authorization": header.encode()}
    answer = await asking().get("/v1/notes", headers=headers)  # type: ignore[arg-type]
    _refused(answer, 401, "unauthorized", "")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_who_left_is_refused_on_reads_and_on_commands(
    asking: Asking, note: dict[str, str]
) -> None:
    client = asking(cast.WHO_LEFT)
    _refused(await client.get("/v1/notes"), 403, "not-confirmed", "has left")
    _refused(await client.post("/v1/notes", json=note), 403, "not-confirmed", "has left")


async def test_a_person_whom_registry_does_not_know_is_refused(asking: Asking) -> None:
    stranger = cast.Person("X999", "无名", "GZ", ("director",))
    _refused(await asking(stranger).get("/v1/notes"), 403, "not-confirmed", "no member of staff")


async def test_a_unit_that_registry_does_not_confirm_is_refused(asking: Asking) -> None:
    client = asking(cast.MANAGER_A, unit="GD")
    _refused(await client.get("/v1/notes"), 403, "not-confirmed", "belong to the unit GD")


async def test_a_role_that_registry_does_not_confirm_is_refused(asking: Asking) -> None:
    client = asking(cast.MANAGER_A, roles="account_manager director")
    _refused(await client.get("/v1/notes"), 403, "not-confirmed", "the roles director")


async def test_fewer_roles_than_registry_knows_are_fewer_rights(
    asking: Asking, note: dict[str, str]
) -> None:
    client = asking(cast.MANAGER_A, roles="")
    assert (await client.get("/v1/notes")).status_code == 200
    _refused(await client.post("/v1/notes", json=note), 403, "role-missing", "account_manager")


async def test_a_route_takes_only_its_roles(asking: Asking, note: dict[str, str]) -> None:
    answer = await asking(cast.FINANCE).post("/v1/notes", json=note)
    _refused(answer, 403, "role-missing", "account_manager")


@pytest.mark.parametrize(
    ("person", "day", "status"),
    [(cast.MANAGER_B, date(2026, 3, 17), 200), (cast.BACK_OFFICE, date(2026, 3, 16), 403)],
)
async def test_a_departure_counts_from_its_day_on(
    app: FastAPI, asking: Asking, person: cast.Person, day: date, status: int
) -> None:
    leaving = StaffChanged(
        entity=Entity(type="staff", id=person.code, version=2),
        staff_code=person.code,
        unit=person.unit,
        roles=(),
        state=StaffState.LEFT,
        on=day,
    )
    async with app.state.process.works.begin() as work:
        await staff.follow(work, [published(leaving)])
    answer = await asking(person).get("/v1/notes")
    assert answer.status_code == status
