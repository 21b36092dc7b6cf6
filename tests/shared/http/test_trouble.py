"""Trouble that passes by itself is survived or said to pass; what the database refuses is said."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy.exc
from fastapi import FastAPI
from psycopg import errors

from deploy.local.servers import EmbeddedPostgres
from shared.http import entrance
from shared.http.database_errors import AlreadyExists, NotStorable, refusal_of
from shared.work import Work
from tests.shared.http.conftest import Asking
from tests.support import cast


def _cut_all_connections(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.url(), autocommit=True) as operator:
        cut = operator.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname LIKE 'notebook_%' AND pid <> pg_backend_pid()"
        ).fetchone()
    assert cut is not None
    return int(cut[0])


async def test_reads_and_commands_outlive_their_connections(
    asking: Asking, note: dict[str, str], postgres_server: EmbeddedPostgres
) -> None:
    client = asking(cast.MANAGER_A)
    address = f"/v1/notes/{(await client.post('/v1/notes', json=note)).json()['note_id']}"
    assert (await client.get(address)).status_code == 200
    assert _cut_all_connections(postgres_server) >= 2
    assert (await client.get(address)).status_code == 200
    assert (await client.post("/v1/notes/count")).status_code == 200


async def test_a_read_that_fails_leaves_its_connection_clean(asking: Asking) -> None:
    client = asking(cast.MANAGER_A)
    for _ in range(30):
        assert (await client.get("/v1/notes/writing")).status_code == 500
    assert (await client.get("/v1/notes")).status_code == 200
    assert (await asking(cast.WHO_LEFT).get("/v1/notes")).status_code == 403
    assert (await client.get("/v1/notes")).status_code == 200


async def test_a_command_that_deadlocks_is_tried_again_and_takes_effect_once(
    app: FastAPI, asking: Asking, note: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter, tries = entrance._enter, 0

    async def deadlocks_twice(work: Work) -> None:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise errors.DeadlockDetected
        await enter(work)

    client = asking(cast.MANAGER_A)
    before = (await client.post("/v1/notes/count")).json()
    monkeypatch.setattr(entrance, "_enter", deadlocks_twice)
    assert (await client.post("/v1/notes", json=note)).status_code == 201
    assert tries == 3
    assert (await client.post("/v1/notes/count")).json() == before + 1


async def test_trouble_that_stays_is_said_to_pass(
    asking: Asking, note: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deadlocks(_: Work) -> None:
        raise errors.DeadlockDetected

    monkeypatch.setattr(entrance, "_enter", deadlocks)
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=note)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["retry-after"] == "2"


async def test_a_number_beyond_what_is_stored_is_a_refusal(
    asking: Asking, note: dict[str, str]
) -> None:
    answer = await asking(cast.MANAGER_A).post(
        "/v1/notes", json=note | {"written_on": "9999-12-31"}
    )
    assert answer.status_code == 201
    answer = await asking(cast.MANAGER_A).get("/v1/notes", params={"written_on": "0001-01-01"})
    assert answer.status_code == 200


def test_only_what_a_caller_can_mend_becomes_a_refusal() -> None:
    assert isinstance(refusal_of(errors.UniqueViolation()), AlreadyExists)
    assert isinstance(refusal_of(errors.NumericValueOutOfRange()), NotStorable)
    wrapped = sqlalchemy.exc.IntegrityError("", {}, errors.UniqueViolation())
    assert isinstance(refusal_of(wrapped), AlreadyExists)
    for mistake in (errors.NotNullViolation(), errors.UndefinedTable(), errors.DeadlockDetected()):
        assert refusal_of(mistake) is None
