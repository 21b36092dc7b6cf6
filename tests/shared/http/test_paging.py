"""A page starts after the last row of the one before, whatever came in since."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from shared.http.paging import Keyset
from tests.shared.http.conftest import Asking
from tests.support import cast


@pytest.fixture
async def client(asking: Asking) -> httpx.AsyncClient:
    return asking(cast.MANAGER_A)


async def _write(client: httpx.AsyncClient, note: dict[str, str], day: int) -> str:
    body = note | {"written_on": date(2025, 1, day).isoformat()}
    headers = {"idempotency-key": str(uuid4())}
    return str((await client.post("/v1/notes", json=body, headers=headers)).json()["note_id"])


async def _pages(client: httpx.AsyncClient, size: int) -> list[list[dict[str, Any]]]:
    pages, token = [], None
    while True:
        params = {"page_size": str(size)} | ({"page_token": token} if token else {})
        answer = (await client.get("/v1/notes", params=params)).json()
        pages.append(answer["items"])
        token = answer["next_page_token"]
        if token is None:
            return pages


async def test_pages_together_are_the_list_in_its_order_with_every_row_once(
    client: httpx.AsyncClient, note: dict[str, str]
) -> None:
    written = {await _write(client, note, day) for day in (3, 1, 2, 2, 2)}
    pages = await _pages(client, 2)
    rows = [(row["written_on"], row["note_id"]) for page in pages for row in page]
    assert rows == sorted(rows, reverse=True)
    assert written <= {note_id for _, note_id in rows}
    assert len(rows) == len(set(rows))
    assert all(len(page) == 2 for page in pages[:-1])
    assert 1 <= len(pages[-1]) <= 2


async def test_what_comes_in_meanwhile_moves_no_row_to_another_page(
    client: httpx.AsyncClient, note: dict[str, str]
) -> None:
    for day in (10, 11, 12, 13):
        await _write(client, note, day)
    first = (await client.get("/v1/notes", params={"page_size": 2})).json()
    await _write(client, note, 31)
    params = {"page_size": "2", "page_token": str(first["next_page_token"])}
    second = (await client.get("/v1/notes", params=params)).json()
    shown = [row["note_id"] for row in first["items"] + second["items"]]
    assert len(set(shown)) == 4
    days = [row["written_on"] for row in first["items"] + second["items"]]
    assert days == sorted(days, reverse=True)
    assert "2025-01-31" not in days[2:]


async def test_a_last_page_that_is_exactly_full_has_no_successor(
    client: httpx.AsyncClient, note: dict[str, str]
) -> None:
    for _ in range(2):
        await _write(client, note, 20)
    params = {"page_size": "2", "written_on": "2025-01-20"}
    answer = (await client.get("/v1/notes", params=params)).json()
    assert len(answer["items"]) == 2
    assert answer["next_page_token"] is None


@pytest.mark.parametrize(("size", "status"), [(0, 422), (1, 200), (200, 200), (201, 422)])
async def test_a_page_has_between_1_and_200_rows(
    client: httpx.AsyncClient, size: int, status: int
) -> None:
    answer = await client.get("/v1/notes", params={"page_size": size})
    assert answer.status_code == status


async def test_a_token_serves_only_the_question_that_it_was_given_out_for(
    client: httpx.AsyncClient, note: dict[str, str]
) -> None:
    for _ in range(2):
        await _write(client, note, 21)
    params = {"page_size": "1", "written_on": "2025-01-21"}
    token = (await client.get("/v1/notes", params=params)).json()["next_page_token"]
    other_size = params | {"page_token": token, "page_size": "2"}
    assert (await client.get("/v1/notes", params=other_size)).status_code == 200
    other_day = params | {"page_token": token, "written_on": "2025-01-22"}
    answer = await client.get("/v1/notes", params=other_day)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-page-token"


async def test_a_forged_token_is_a_problem_and_no_crash(
    client: httpx.AsyncClient, note: dict[str, str]
) -> None:
    for _ in range(2):
        await _write(client, note, 22)
    answer = (await client.get("/v1/notes", params={"page_size": 1})).json()
    fingerprint, day, note_id = orjson.loads(base64.urlsafe_b64decode(answer["next_page_token"]))
    forged = [
        [fingerprint, "not a date", note_id],
        [fingerprint, day, "not a uuid"],
        [fingerprint, day],
        [fingerprint, day, note_id, note_id],
        [fingerprint, day, None],
        ["", day, note_id],
        [],
        {"fingerprint": fingerprint},
        7,
    ]
    tokens = [base64.urlsafe_b64encode(orjson.dumps(each)).decode() for each in forged]
    for token in (*tokens, "!", "", "a", "中"):
        answer = await client.get("/v1/notes", params={"page_size": 1, "page_token": token})
        assert answer.status_code == 422, token
        assert answer.json()["type"] == "/problems/invalid-page-token"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("a text", "x\x00"),
        ("a text", "\ud800"),
        ("a integer", str(2**63)),
        ("a numeric", "NaN"),
        ("a numeric", "Infinity"),
        ("a instant", "2026-03-16T10:00:00"),
        ("a date", "2026-02-30"),
    ],
)
def test_a_value_that_the_database_could_not_compare_is_no_page_token(
    column: str, text: str
) -> None:
    with pytest.raises(ValueError):  # whatever says it, it is one
        Keyset(column).values([text])
