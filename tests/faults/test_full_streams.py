"""A stream that is full pushes back: nobody loses a fact, and all goes on once it is larger."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import nats.errors
import pytest
from nats.js import JetStreamContext

from deploy.local.folders import ROOT
from shared.messaging.cloudevents import Message
from tests.faults.sites import INTRUDER, Site
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled

SMALL_BYTES = 150_000
"""Holds some hundred facts."""
LARGE_BYTES = 64 * 1024**2

pytestmark = pytest.mark.parametrize("subject", ["billing"], indirect=True)


async def test_a_full_stream_pushes_back_and_goes_on_when_an_operator_raises_its_limit(
    site: Site, tmp_path: Path
) -> None:
    story = site.subject.tell(41, 400)
    await site.provision(max_bytes=SMALL_BYTES)
    refused = await send_until_refused(site, list(story.messages))
    assert 0 < len(refused) < len(story.messages), "the stream takes some, then refuses"
    worker = site.start_worker()
    await site.received(len(story.messages) - len(refused))
    await site.logged(worker, "maximum bytes exceeded")
    assert await site.value("SELECT count(*) FROM kit.outbox") > 0
    assert await site.value("SELECT count(*) FROM kit.outbox WHERE parked_at IS NOT NULL") == 0
    said = await raise_limit(site, tmp_path / "topology.yaml")
    assert f"stream DAKEHU: max_bytes {SMALL_BYTES} -> {LARGE_BYTES}" in said
    await site.send(refused)
    await site.settled()
    assert worker.is_running, site.last_words()
    await assert_nothing_lost_nothing_doubled(site, story)


async def send_until_refused(site: Site, messages: list[Message]) -> list[Message]:
    """Send one by one; what the broker refused because the stream is full, in order."""
    refused = []
    async with site.bus.stream(INTRUDER) as stream:
        for message in messages:
            if not await is_stored(stream, message):
                refused.append(message)
    return refused


async def is_stored(stream: JetStreamContext, message: Message) -> bool:
    try:
        await stream.publish(message.subject, message.body)
    except nats.errors.Error as error:
        assert "maximum bytes exceeded" in str(error)
        return False
    return True


async def raise_limit(site: Site, topology: Path) -> str:
    """What the operators' command says that raises both streams to LARGE_BYTES."""
    await asyncio.to_thread(topology.write_text, site.bus.topology.as_yaml(), encoding="utf-8")
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.messaging.provisioning", "--topology", topology),
        *("--max-bytes", str(LARGE_BYTES), "--nats-url", site.bus.server.url),
        *("--password", site.bus.password("provisioner")),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await command.communicate()
    assert command.returncode == 0, said.decode()
    return said.decode()
