from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import nats
import psycopg
import pytest

from deploy.local.binaries import ServerFailed
from deploy.local.processes import Child, free_port
from deploy.local.servers import EmbeddedPostgres
from tests.support.servers import NatsServer

NewNatsServer = Callable[[str, str], NatsServer]


async def test_what_nats_acknowledged_survives_its_death(new_nats_server: NewNatsServer) -> None:
    server = new_nats_server("killed-nats", "")
    connection = await nats.connect(server.url)
    await connection.jetstream().add_stream(name="KEPT", subjects=["kept"])
    await connection.jetstream().publish("kept", b"told once")
    await connection.close()

    server.kill()
    server.start()

    connection = await nats.connect(server.url)
    stream = await connection.jetstream().stream_info("KEPT")
    await connection.close()
    assert stream.state.messages == 1


async def test_a_user_of_the_configuration_needs_the_password(
    new_nats_server: NewNatsServer,
) -> None:
    server = new_nats_server(
        "guarded-nats", 'authorization { users = [ {user: "billing", password: "secret-1"} ] }'
    )
    connection = await nats.connect(server.url_for("billing", "secret-1"))
    await connection.close()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stranger:
        stranger.sendall(b'CONNECT {"user":"billing","pass":"wrong","verbose":true}\r\nPING\r\n')
        with stranger.makefile("rb") as answers:
            assert any(b"Authorization Violation" in answer for answer in answers)


def test_what_postgres_committed_survives_its_death(server_folder: Path) -> None:
    server = EmbeddedPostgres(server_folder / "killed-postgres", is_durable=False)
    server.start()
    port = server.port
    try:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

        server.kill()
        server.start()

        assert server.port == port
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    finally:
        server.stop()


def test_a_second_server_on_the_same_data_is_refused_in_words(server_folder: Path) -> None:
    first = EmbeddedPostgres(server_folder / "shared-postgres", is_durable=False)
    first.start()
    try:
        with pytest.raises(ServerFailed, match=r"postmaster\.pid"):
            EmbeddedPostgres(first.data).start()
    finally:
        first.stop()


def test_a_child_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    child = Child.start(
        ["sh", "-c", "trap '' TERM; echo stubborn; while :; do sleep 0.05; done"],
        log=tmp_path / "log",
    )
    while "stubborn" not in child.last_words():
        assert child.is_running
    assert child.end(within_seconds=0.2) < 0


def test_a_preferred_port_that_is_taken_gives_way_to_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_no_port_is_given_twice_although_nobody_uses_it_yet() -> None:
    assert len({free_port() for _ in range(100)}) == 100
