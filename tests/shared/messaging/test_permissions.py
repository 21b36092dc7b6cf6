"""Every NATS user may do what it needs, and nothing else."""

from __future__ import annotations

import asyncio

import nats.errors
import pytest
from nats.js import JetStreamContext

from shared.messaging.topology import derive, permissions
from tests.support.bus import GRANTS, Bus
from tests.support.messages import revenue
from tests.support.toy import Toy

USERS = sorted(permissions(derive([Toy().service()], GRANTS)))


@pytest.mark.parametrize("user", USERS)
async def test_a_forbidden_subject_is_refused(bus: Bus, user: str) -> None:
    connection = bus.connection(user)
    client = await connection.open()
    try:
        await client.publish("enterprise.hr.staff_joined.v1", b"{}")
        await client.publish("dakehu.registry.customer_changed.v1", b"{}")
        await client.flush()
        await asyncio.sleep(0.05)
        assert connection.denied == {
            "enterprise.hr.staff_joined.v1",
            "dakehu.registry.customer_changed.v1",
        }
    finally:
        await connection.close()
    assert await bus.stored("ENTERPRISE") == 0


@pytest.mark.parametrize("user", ["erp", "import-erp"])
async def test_a_system_and_its_importer_may_send_what_is_granted(bus: Bus, user: str) -> None:
    async with bus.stream(user) as stream:
        message = revenue("r-1")
        ack = await stream.publish(message.subject, message.body, stream="ENTERPRISE")
    assert ack.seq == 1


async def test_a_system_may_not_send_as_another(bus: Bus) -> None:
    async with bus.client("bank") as client:
        stream = JetStreamContext(client, timeout=0.3)
        with pytest.raises(nats.errors.TimeoutError):
            await stream.publish("enterprise.erp.revenue_recorded.v1", b"{}")


@pytest.mark.parametrize("user", [user for user in USERS if user != "provisioner"])
async def test_nobody_but_the_provisioner_may_change_a_stream(bus: Bus, user: str) -> None:
    async with bus.client(user) as client:
        stream = JetStreamContext(client, timeout=0.3)
        with pytest.raises(nats.errors.TimeoutError):
            await stream.purge_stream("ENTERPRISE")


async def test_one_user_cannot_read_the_replies_of_another(bus: Bus) -> None:
    seen: list[bytes] = []

    async def note(message: object) -> None:
        seen.append(b"")

    async with bus.client("bank") as spy:
        await spy.subscribe("_INBOX_erp.>", cb=note)
        await bus.send([revenue("r-1")])
        await asyncio.sleep(0.1)
    assert seen == []


async def test_an_event_that_nobody_knows_finds_no_stream(bus: Bus) -> None:
    async with bus.client("provisioner") as client:
        info = await JetStreamContext(client, timeout=5).stream_info("ENTERPRISE")
    assert info.config.subjects is not None
    assert "enterprise.*.revenue_recorded.*" in info.config.subjects
    assert not any(subject.endswith(">") for subject in info.config.subjects)
