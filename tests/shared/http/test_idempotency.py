"""A command takes effect once for each Idempotency-Key, whatever is sent again and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared.auth import Caller
from shared.http import idempotency
from tests.shared.http.conftest import Asking
from tests.support import cast
from tests.support.clocks import SetClock

Counting = Callable[[], Awaitable[int]]


@pytest.fixture
async def written(asking: Asking) -> Counting:
    """How many notes were written since the test began."""

    async def count() -> int:
        answer = await asking(cast.MANAGER_A).post("/v1/notes/count")
        return int(answer.json())

    before = await count()

    async def since() -> int:
        return await count() - before

    return since


async def test_a_command_without_a_key_is_refused(
    asking: Asking, note: dict[str, str], written: Counting
) -> None:
    client = asking(cast.MANAGER_A)
    del client.headers["idempotency-key"]
    answer = await client.post("/v1/notes", json=note)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-required"
    assert await written() == 0


async def test_a_command_sent_again_is_answered_from_what_was_stored(
    asking: Asking, note: dict[str, str], written: Counting
) -> None:
    client = asking(cast.MANAGER_A)
    first = await client.post("/v1/notes", json=note)
    again = await client.post("/v1/notes", json=note)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await written() == 1


async def test_another_body_under_the_same_key_is_refused(
    asking: Asking, note: dict[str, str], written: Counting
) -> None:
    client = asking(cast.MANAGER_A)
    await client.post("/v1/notes", json=note)
    other = await client.post("/v1/notes", json=note | {"text": "另一份"})
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert await written() == 1


async def test_the_same_key_of_another_person_is_another_key(
    asking: Asking, note: dict[str, str], written: Counting
) -> None:
    first, second = asking(cast.MANAGER_A), asking(cast.MANAGER_B)
    second.headers["idempotency-key"] = first.headers["idempotency-key"]
    assert (await first.post("/v1/notes", json=note)).status_code == 201
    answer = await second.post("/v1/notes", json=note)
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers
    assert await written() == 2


async def test_a_refused_command_stores_nothing_and_may_be_sent_again(
    asking: Asking, note: dict[str, str], written: Counting
) -> None:
    client = asking(cast.MANAGER_A)
    refused = await client.post("/v1/notes", json=note | {"worth": "1000000"})
    assert refused.status_code == 422
    corrected = await client.post("/v1/notes", json=note)
    assert corrected.status_code == 201
    assert "idempotency-replayed" not in corrected.headers


async def test_a_request_in_flight_is_told_to_come_back(
    app: FastAPI, asking: Asking, note: dict[str, str], written: Counting
) -> None:
    client = asking(cast.MANAGER_A)
    key = idempotency.Key(
        Caller(cast.MANAGER_A.code, "GZ", frozenset()).idempotency_owner,
        "POST /v1/notes",
        client.headers["idempotency-key"],
        b"",
    )
    async with app.state.process.works.begin() as other:
        assert await idempotency.find(other, key) is None
        meanwhile = await client.post("/v1/notes", json=note)
        assert meanwhile.status_code == 409
        assert meanwhile.json()["type"] == "/problems/request-in-flight"
        assert meanwhile.headers["retry-after"] == "1"
    assert (await client.post("/v1/notes", json=note)).status_code == 201
    assert await written() == 1


async def test_a_crash_before_the_commit_leaves_neither_effect_nor_answer(
    app: FastAPI,
    asking: Asking,
    note: dict[str, str],
    written: Counting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def dies(*_: object) -> None:
        raise RuntimeError("the process died here")

    client = asking(cast.MANAGER_A)
    with monkeypatch.context() as dying:
        dying.setattr("shared.work.outbox.store", dies)
        assert (await client.post("/v1/notes", json=note)).status_code == 500
    assert await written() == 0
    answer = await client.post("/v1/notes", json=note)
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers
    assert await written() == 1


async def test_the_stored_answer_is_sealed(
    app: FastAPI, asking: Asking, note: dict[str, str], written: Counting
) -> None:
    await asking(cast.MANAGER_A).post("/v1/notes", json=note)
    async with app.state.process.works.begin() as work:
        body = await work.value(
            "SELECT body FROM kit.idempotency ORDER BY created_at DESC, key DESC LIMIT 1"
        )
        assert "拜访纪要".encode() not in bytes(body)
        assert "拜访纪要".encode() in work.box.open(bytes(body))


async def test_answers_are_forgotten_after_a_week(
    app: FastAPI, asking: Asking, note: dict[str, str], written: Counting, clock: SetClock
) -> None:
    await asking(cast.MANAGER_A).post("/v1/notes", json=note)
    clock.advance(idempotency.RETENTION)
    async with app.state.process.works.begin() as work:
        await idempotency.forget_old(work)
        kept = await work.value("SELECT count(*) FROM kit.idempotency")
    assert kept > 0
    clock.advance(timedelta(seconds=1))
    async with app.state.process.works.begin() as work:
        assert await idempotency.forget_old(work) == kept
