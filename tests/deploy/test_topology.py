from __future__ import annotations

from collections.abc import Callable

import nats
import pytest

from deploy import topology
from shared.messaging.topology import Topology, permissions
from tests.support.servers import NatsServer

SMALL = Topology(
    streams={"DAKEHU": ["dakehu.>"], "ENTERPRISE": ["enterprise.*.payment_received.*"]},
    durables={"billing": {"ENTERPRISE": ["enterprise.*.payment_received.*"]}},
    publishes={"billing": ["dakehu.billing.payment_applied.v1"]},
    systems={"bank": ["payment_received"]},
)


@pytest.mark.parametrize(
    ("user", "variable"),
    [("billing", "BILLING_NATS_PASSWORD"), ("import-erp", "IMPORT_ERP_NATS_PASSWORD")],
)
def test_a_password_variable_is_named_after_its_user(user: str, variable: str) -> None:
    assert topology.password_variable(user) == variable


async def test_the_broker_takes_the_passwords_from_its_environment(
    new_nats_server: Callable[[str, str], NatsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for user in permissions(SMALL):
        monkeypatch.setenv(topology.password_variable(user), f"password-of-{user}")
    server = new_nats_server("users", topology.users(SMALL))
    for user in permissions(SMALL):
        connection = await nats.connect(server.url_for(user, f"password-of-{user}"))
        await connection.close()
