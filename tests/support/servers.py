"""The real PostgreSQL and the real NATS that tests talk to: one of each per test process."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.servers import EmbeddedNats, EmbeddedPostgres, NatsServer

__all__ = ["NatsServer"]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder for server data that every account may pass through (PostgreSQL is not root)."""
    folder = Path(tempfile.mkdtemp(prefix="dakehu-tests-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of its own for this test process; fault tests may kill and restart it."""
    server = EmbeddedPostgres(server_folder / "postgres", is_durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_nats_server(server_folder: Path) -> Iterator[Callable[[str, str], NatsServer]]:
    """Starts NATS servers: `new_nats_server(name, accounts)`; all are stopped in the end."""
    started: list[NatsServer] = []

    def start(name: str, accounts: str = "") -> NatsServer:
        server = nats_in(server_folder / name, accounts)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.remove()


def nats_in(data: Path, accounts: str) -> NatsServer:
    """A broker that is not started yet: embedded, or in a container where that is asked for."""
    if os.environ.get("DAKEHU_TEST_NATS") == "container":
        from tests.support.containers import ContainerNats

        return ContainerNats(data, accounts)
    return EmbeddedNats(data, accounts)


@pytest.fixture(scope="session")
def nats_server(new_nats_server: Callable[[str, str], NatsServer]) -> NatsServer:
    """A NATS with JetStream for this test process."""
    return new_nats_server("nats", "")
