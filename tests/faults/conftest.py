"""Sites to hurt: the toy, which is nothing but the kit, and billing, whose books must balance."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import MetaData

from deploy.local.servers import EmbeddedPostgres
from services.billing.app import SERVICE as BILLING
from shared.messaging.consumers import Consumers
from shared.messaging.topology import derive, permissions, server_accounts
from shared.service import Runtime, Service, runtime
from shared.settings import Settings
from tests.faults import states, stories, toy_wiring
from tests.faults.billing_story import of_billing
from tests.faults.sites import INTRUDER, Site, Subject
from tests.support.bus import Bus
from tests.support.clocks import SetClock
from tests.support.databases import Databases, settings_of
from tests.support.interleaving import Interleaving, interleaving_of
from tests.support.servers import NatsServer

GRANTS = {
    "erp": ["charge_cancelled", "charge_raised", "customer_observed", "revenue_recorded"],
    "bank": ["payment_received"],
}
SUBJECTS = {
    "toy": Subject("tests.faults.toy_wiring", toy_wiring.SERVICE, "", stories.of_toy, states.TOY),
    "billing": Subject("services.billing.app", BILLING, "BILLING_", of_billing, states.BILLING),
}
_REGISTRY = Service(
    name="registry",
    package="services.registry",
    settings=Settings,
    metadata=MetaData(),
    consumers=Consumers(),
)
"""Publishes what the stories need; nobody listens for it here."""
_NUMBERS = itertools.count()


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> Subject:
    """The service to hurt; tests choose it by name, with `everywhere` and its like."""
    return SUBJECTS[request.param]


@pytest.fixture
def bus(subject: Subject, new_nats_server: Callable[[str, str], NatsServer]) -> Bus:
    """A broker of its own, not provisioned yet, with one user who may publish anything."""
    topology = derive([subject.service, _REGISTRY], GRANTS)
    passwords = {user: f"password-of-{user}" for user in permissions(topology)}
    intruder = f'    {{ user: "{INTRUDER}", password: "password-of-{INTRUDER}" }}\n  ]'
    accounts = server_accounts(topology, passwords).replace("  ]\n", intruder + "\n")
    return Bus(new_nats_server(f"faults-{next(_NUMBERS)}", accounts), topology)


@pytest.fixture
async def site(
    subject: Subject,
    bus: Bus,
    databases: Databases,
    postgres_server: EmbeddedPostgres,
    tmp_path: Path,
    clock: SetClock,
) -> AsyncIterator[Site]:
    """The service with a broker and a database of its own, and no worker yet."""
    await databases.template(subject.service)
    with databases.copy(subject.service) as url:
        _find_deadlocks_soon(postgres_server, url)
        settings = settings_of(subject.service, url)
        async with runtime(subject.service, settings, "tests", clock) as process:
            opened = Site(subject, bus, process, databases, tmp_path)
            await opened.provision()
            yield opened
            opened.end()


def _find_deadlocks_soon(server: EmbeddedPostgres, url: str) -> None:
    """Few customers and many lanes deadlock now and then; a second for each would add up."""
    name = sql.Identifier(url.rpartition("/")[2])
    with psycopg.connect(server.url(), autocommit=True) as connection:
        setting = sql.SQL("ALTER DATABASE {} SET deadlock_timeout = '50ms'")
        connection.execute(setting.format(name))


@pytest.fixture
def interleaving(process: Runtime, monkeypatch: pytest.MonkeyPatch) -> Interleaving:
    """Overlapping transactions on the test's own database."""
    return interleaving_of(process, monkeypatch)
