from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.environment import StartFailed
from deploy.local.processes import is_answering
from deploy.local.servers import EmbeddedNats, EmbeddedPostgres
from deploy.local.suite import SERVICES, TOPOLOGY, Suite
from deploy.topology import password_variable
from shared.messaging.topology import Topology, permissions, server_accounts
from tests.support.databases import PASSWORD


def test_servers_that_the_environment_names_replace_the_embedded_ones(
    server_folder: Path, postgres_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in SERVICES:
        postgres_server.provide(f"{service}_site", PASSWORD)
        url = postgres_server.url(f"{service}_site", f"{service}_site", PASSWORD)
        monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", url)
    topology = Topology.load(TOPOLOGY)
    passwords = {user: f"password-of-{user}" for user in permissions(topology)}
    broker = EmbeddedNats(server_folder / "site-nats", server_accounts(topology, passwords))
    broker.start()
    monkeypatch.setenv("NATS_URL", broker.url)
    for user, password in passwords.items():
        monkeypatch.setenv(password_variable(user), password)
    suite = Suite(server_folder / "external", sweeps="manual", first_port=None)
    try:
        with suite:
            assert all(is_answering(f"{url}/health/ready") for url in suite.urls.values())
            assert (suite.postgres.port, suite.nats.port) == (0, 0)
    finally:
        broker.remove()


def test_what_cannot_start_says_why_and_leaves_nothing_running(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_TIME_ZONE", "Mars/Olympus")
    suite = Suite(server_folder / "mistaken", is_durable=False, first_port=None)
    with pytest.raises(StartFailed, match="Mars/Olympus"):
        suite.start()
    assert not any(child.is_running for child in suite.children.values())
    assert not is_answering(f"{suite.nats.monitor_url}/healthz")
