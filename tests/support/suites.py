"""The whole suite as a local start has it: four services, their workers, a broker, a PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.suite import Suite
from tests.support.servers import NatsServer, nats_in


@pytest.fixture(scope="session")
def new_suite(server_folder: Path, new_nats_server: object) -> Iterator[Callable[[str], Suite]]:
    """Starts suites: `new_suite(name)`, each with data of its own; all are stopped in the end."""
    started: list[tuple[Suite, NatsServer]] = []

    def start(name: str) -> Suite:
        var = server_folder / name
        var.mkdir(mode=0o755)
        broker = nats_in(var / "nats", "")
        suite = Suite(var, sweeps="manual", is_durable=False, nats=broker, first_port=None)
        suite.start()
        started.append((suite, broker))
        return suite

    yield start
    for suite, broker in started:
        suite.stop()
        broker.remove()


@pytest.fixture(scope="session")
def suite(new_suite: Callable[[str], Suite]) -> Suite:
    """A suite that tests share; sweeps are played by the test. Use `new_suite` to break one."""
    return new_suite("suite")
