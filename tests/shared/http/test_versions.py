"""Whoever changes a note proves that he saw it as it is."""

from __future__ import annotations

import httpx
import pytest

from tests.shared.http.conftest import Asking
from tests.support import cast


@pytest.fixture
async def client(asking: Asking) -> httpx.AsyncClient:
    return asking(cast.MANAGER_A)


@pytest.fixture
async def address(client: httpx.AsyncClient, note: dict[str, str]) -> str:
    """Where a new note is."""
    return f"/v1/notes/{(await client.post('/v1/notes', json=note)).json()['note_id']}"


async def test_a_read_shows_the_version_as_etag(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).headers["etag"] == '"1"'


async def test_a_change_of_the_version_that_was_seen_is_made(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.put(address, json={"text": "改"}, headers={"if-match": '"1"'})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["text"] == "改"


async def test_a_change_without_if_match_is_refused(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.put(address, json={"text": "改"})
    assert answer.status_code == 428
    assert answer.json()["type"] == "/problems/version-required"


@pytest.mark.parametrize("tag", ['"2"', '"0"', "*", "1", 'W/"1"', '"x"', '"1", "2"'])
async def test_a_stale_or_foreign_etag_changes_nothing(
    client: httpx.AsyncClient, address: str, tag: str
) -> None:
    answer = await client.put(address, json={"text": "改"}, headers={"if-match": tag})
    assert answer.status_code == 412
    assert answer.json()["type"] == "/problems/stale-version"
    assert (await client.get(address)).json()["version"] == 1


async def test_of_two_who_saw_the_same_version_one_is_stale(
    client: httpx.AsyncClient, address: str
) -> None:
    first = await client.put(address, json={"text": "甲"}, headers={"if-match": '"1"'})
    second = await client.put(address, json={"text": "乙"}, headers={"if-match": '"1"'})
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["facts"] == {"expected": 1, "actual": 2}
