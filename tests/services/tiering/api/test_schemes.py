"""Schemes over HTTP: draft, validate, revise, activate (T-28, C4)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import httpx
import pytest

from services.tiering.handlers.schemes import adopt_schemes
from shared.service import Runtime
from tests.support import cast
from tests.support.http import Asking

NAME = "guangdong-post-2005"
V1 = f"/v1/schemes/{NAME}/versions/1"
V2 = f"/v1/schemes/{NAME}/versions/2"


@pytest.fixture
def caller() -> cast.Person:
    return cast.MARKET_DEPARTMENT


@pytest.fixture
async def shipped(client: httpx.AsyncClient, process: Runtime) -> dict[str, Any]:
    """The body of the shipped scheme of 2005."""
    async with process.works.begin() as work:
        await adopt_schemes.handle(work, work.today)
    body: dict[str, Any] = (await client.get(V1)).json()["body"]
    return body


def with_credit(body: dict[str, Any], revenue_weight: str) -> dict[str, Any]:
    """The scheme with credit counted at ten per cent."""
    changed = deepcopy(body)
    changed["factors"][0]["weight"] = revenue_weight
    changed["factors"][2] |= {"weight": "10", "full_at": "100"}
    return changed


async def test_shipped_schemes_are_listed_as_active(
    client: httpx.AsyncClient, shipped: dict[str, Any]
) -> None:
    listed = (await client.get("/v1/schemes", params={"active_on": "2025-12-31"})).json()
    assert [(s["scheme"], s["state"]) for s in listed["items"]] == [
        ("city-post-2012", "active"),
        (NAME, "active"),
    ]
    before_2012 = await client.get("/v1/schemes", params={"active_on": "2011-12-31"})
    assert [s["scheme"] for s in before_2012.json()["items"]] == [NAME]


async def test_a_version_is_drafted_validated_revised_and_activated(
    client: httpx.AsyncClient, shipped: dict[str, Any]
) -> None:
    drafted = await client.post("/v1/schemes", json={"body": with_credit(shipped, "60")})
    assert drafted.status_code == 201, drafted.text
    assert (drafted.json()["scheme_version"], drafted.json()["state"]) == (2, "draft")

    found = (await client.get(f"{V2}/validation")).json()
    assert found["is_valid"] is False
    assert [f["code"] for f in found["findings"]] == ["weights-do-not-sum"]

    activation = {"effective_on": "2026-01-01", "reason": "信用度计入"}
    match = {"if-match": drafted.headers["etag"]}
    refused = await client.post(f"{V2}/activate", json=activation, headers=match)
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/scheme-not-valid"

    revised = await client.put(V2, json={"body": with_credit(shipped, "50")}, headers=match)
    assert revised.status_code == 200, revised.text
    stale = await client.post(f"{V2}/activate", json=activation, headers=match)
    assert stale.status_code == 412

    match = {"if-match": revised.headers["etag"]}
    active = await client.post(f"{V2}/activate", json=activation, headers=match)
    assert active.status_code == 200, active.text
    assert (active.json()["state"], active.json()["activated_by"]) == ("active", "P006")

    for day, version in (("2025-12-31", 1), ("2026-01-01", 2)):
        listed = await client.get("/v1/schemes", params={"active_on": day, "scheme": NAME})
        assert [s["scheme_version"] for s in listed.json()["items"]] == [version]


async def test_a_version_from_the_same_day_retires_the_one_before(
    client: httpx.AsyncClient, shipped: dict[str, Any]
) -> None:
    for version in (2, 3):
        drafted = await client.post("/v1/schemes", json={"body": shipped})
        await client.post(
            f"/v1/schemes/{NAME}/versions/{version}/activate",
            json={"effective_on": "2026-01-01", "reason": "重发"},
            headers={"if-match": drafted.headers["etag"]},
        )
    listed = (await client.get("/v1/schemes", params={"scheme": NAME})).json()["items"]
    assert [s["state"] for s in listed] == ["active", "retired", "active"]


async def test_a_version_starts_with_a_period(
    client: httpx.AsyncClient, shipped: dict[str, Any]
) -> None:
    drafted = await client.post("/v1/schemes", json={"body": shipped})
    answer = await client.post(
        f"{V2}/activate",
        json={"effective_on": "2026-02-01", "reason": "年中"},
        headers={"if-match": drafted.headers["etag"]},
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/not-a-period-start"


async def test_an_active_version_is_never_changed(
    client: httpx.AsyncClient, shipped: dict[str, Any]
) -> None:
    etag = (await client.get(V1)).headers["etag"]
    answer = await client.put(V1, json={"body": shipped}, headers={"if-match": etag})
    assert answer.status_code == 409
    unseen = await client.put(V1, json={"body": shipped})
    assert unseen.status_code == 428


async def test_a_draft_keeps_its_name(client: httpx.AsyncClient, shipped: dict[str, Any]) -> None:
    drafted = await client.post("/v1/schemes", json={"body": shipped})
    renamed = shipped | {"name": "another"}
    answer = await client.put(
        V2, json={"body": renamed}, headers={"if-match": drafted.headers["etag"]}
    )
    assert answer.json()["type"] == "/problems/scheme-renamed"


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        (("shown_places",), False, "/body/shown_places"),
        (("factors", 0, "weight"), 60, "/body/factors/0/weight"),
        (("name",), "", "/body/name"),
        (("factors", 0, "weight"), "sixty", "/body/factors/0/weight"),
        (("kind",), "guess", "/body/kind"),
        (("colour",), "red", "/body/colour"),
    ],
)
async def test_a_malformed_scheme_is_refused_with_its_place(
    client: httpx.AsyncClient,
    shipped: dict[str, Any],
    path: tuple[str | int, ...],
    value: object,
    pointer: str,
) -> None:
    body: Any = deepcopy(shipped)
    place = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    answer = await client.post("/v1/schemes", json={"body": body})
    assert answer.status_code == 422, answer.text
    assert pointer in answer.text


async def test_only_some_roles_draft_schemes(asking: Asking, shipped: dict[str, Any]) -> None:
    answer = await asking(cast.MANAGER_A).post("/v1/schemes", json={"body": shipped})
    assert answer.status_code == 403
