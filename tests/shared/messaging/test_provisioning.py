"""Declaring streams and durables again and again, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from nats.js.api import DiscardPolicy, StorageType

from shared.messaging.provisioning import DestructiveChange, Sizes, provision
from shared.messaging.topology import Topology
from tests.support.bus import Bus

MEGABYTE = 1024**2


async def test_a_second_run_has_nothing_to_do(bus: Bus) -> None:
    assert await bus.provision() == []


async def test_a_full_stream_pushes_back_and_nothing_can_be_deleted_from_it(bus: Bus) -> None:
    async with bus.stream() as stream:
        config = (await stream.stream_info("DAKEHU")).config
    assert config.discard == DiscardPolicy.NEW
    assert config.storage == StorageType.FILE
    assert config.deny_delete and not config.deny_purge and config.allow_atomic


async def test_a_new_limit_is_applied_and_said(bus: Bus) -> None:
    changed = await bus.provision(Sizes(max_bytes=300 * MEGABYTE))
    assert len(changed) == 2 and all("max_bytes" in line for line in changed)


async def test_a_new_event_adds_a_filter_to_the_durable(bus: Bus) -> None:
    durables = {
        "billing": {
            "ENTERPRISE": [
                *bus.topology.durables["billing"]["ENTERPRISE"],
                "enterprise.*.charge_raised.*",
            ]
        }
    }
    wanted = replace(bus.topology, durables=durables)
    async with bus.stream() as stream:
        (line,) = await provision(stream, wanted, Sizes(max_bytes=256 * MEGABYTE))
    assert "charge_raised" in line


async def test_what_would_lose_messages_is_refused(bus: Bus) -> None:
    async with bus.stream("billing") as stream:
        for _ in range(40):
            await stream.publish("dakehu.billing.month_closed.v1", b"x" * 100_000)
    async with bus.stream() as stream:
        with pytest.raises(DestructiveChange):
            await provision(stream, bus.topology, Sizes(max_bytes=2 * MEGABYTE))
        assert (await stream.stream_info("DAKEHU")).state.messages == 40


def test_a_topology_survives_its_file(bus: Bus, tmp_path: Path) -> None:
    file = tmp_path / "topology.yaml"
    file.write_text(bus.topology.as_yaml(), encoding="utf-8")
    assert Topology.load(file) == bus.topology
