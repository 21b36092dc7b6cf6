"""Declares streams and durables: idempotent, shows what it changes, refuses what destroys.

    python -m shared.messaging.provisioning --topology deploy/nats/topology.yaml

Services declare nothing: what they may do is consume from a durable that is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import nats.js.errors
import typer
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)

from shared.messaging.broker import Connection
from shared.messaging.topology import Topology

DAY_SECONDS = 24 * 60 * 60
MAX_AGE_SECONDS = 30 * DAY_SECONDS
DUPLICATE_WINDOW_SECONDS = 10 * 60
MAX_MESSAGE_BYTES = 1024 * 1024
"""What the server takes; the services refuse more than 512 KB with a reason, so that it is seen."""
MAX_ACK_PENDING = 10_000

_FIXED = ("retention", "storage", "deny_delete", "allow_atomic")
"""What may not change under messages that are already there."""


class DestructiveChange(Exception):
    """The server has something that cannot be turned into what is wanted without losing data."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much the streams keep (twice the peak of 30 days), in how many copies; time to ack."""

    max_bytes: int = 8 * 1024**3
    replicas: int = 1
    ack_wait_seconds: int = 30


async def provision(stream: JetStreamContext, topology: Topology, sizes: Sizes) -> list[str]:
    """Make streams and durables as `topology` says; return what was done, one line each.

    Raises DestructiveChange and then has changed nothing of that stream or durable.
    """
    done: list[str] = []
    for name, subjects in topology.streams.items():
        done += await _stream(stream, stream_config(name, subjects, sizes))
    for service, streams in topology.durables.items():
        for name, filters in streams.items():
            config = durable_config(service, filters, sizes)
            done += await _durable(stream, name, config)
    return done


def stream_config(name: str, subjects: list[str], sizes: Sizes) -> StreamConfig:
    """What a stream of ours is: a full one pushes back, and nothing is silently lost."""
    return StreamConfig(
        name=name,
        subjects=subjects,
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=MAX_AGE_SECONDS,
        max_bytes=sizes.max_bytes,
        max_msg_size=MAX_MESSAGE_BYTES,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        num_replicas=sizes.replicas,
        deny_delete=True,
        deny_purge=False,
        allow_atomic=True,
        allow_direct=True,
    )


def durable_config(service: str, filters: list[str], sizes: Sizes) -> ConsumerConfig:
    """One durable per service and stream; replicas compete on it."""
    return ConsumerConfig(
        durable_name=service,
        name=service,
        filter_subjects=filters,
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=sizes.ack_wait_seconds,
        max_deliver=-1,
        max_ack_pending=MAX_ACK_PENDING,
    )


async def _stream(stream: JetStreamContext, wanted: StreamConfig) -> list[str]:
    assert wanted.name is not None
    try:
        info = await stream.stream_info(wanted.name)
    except nats.js.errors.NotFoundError:
        await stream.add_stream(wanted)
        return [f"stream {wanted.name}: made"]
    changes = list(_changes(info.config, wanted))
    wanted_bytes = wanted.max_bytes or 0
    for name, before, after in changes:
        if name in _FIXED or (name == "max_bytes" and info.state.bytes > wanted_bytes):
            raise DestructiveChange(
                f"流 {wanted.name} 的 {name} 不能从 {before} 改为 {after} / "
                f"{name} of stream {wanted.name} cannot change from {before} to {after}"
            )
    if changes:
        await stream.update_stream(wanted)
    return [f"stream {wanted.name}: {name} {before} -> {after}" for name, before, after in changes]


async def _durable(stream: JetStreamContext, name: str, wanted: ConsumerConfig) -> list[str]:
    assert wanted.durable_name is not None
    label = f"durable {name}/{wanted.durable_name}"
    try:
        info = await stream.consumer_info(name, wanted.durable_name)
    except nats.js.errors.NotFoundError:
        await stream.add_consumer(name, wanted)
        return [f"{label}: made"]
    changes = list(_changes(info.config, wanted))
    if any(field in ("ack_policy", "deliver_policy") for field, _, _ in changes):
        raise DestructiveChange(f"{label}: {changes}")
    if changes:
        await stream.add_consumer(name, wanted)
    return [f"{label}: {field} {before} -> {after}" for field, before, after in changes]


def _changes(actual: Any, wanted: Any) -> Iterator[tuple[str, object, object]]:
    for field in fields(wanted):
        before, after = getattr(actual, field.name), getattr(wanted, field.name)
        if isinstance(after, list):
            before, after = sorted(before or []), sorted(after)
        if after is not None and before != after:
            yield field.name, before, after


def main(
    topology: Annotated[Path, typer.Option(help="deploy/nats/topology.yaml")],
    nats_url: Annotated[str, typer.Option(envvar="NATS_URL")],
    password: Annotated[str, typer.Option(envvar="PROVISIONER_NATS_PASSWORD")],
    max_bytes: Annotated[int, typer.Option(envvar="STREAM_MAX_BYTES")] = Sizes().max_bytes,
    replicas: Annotated[int, typer.Option(envvar="STREAM_REPLICAS")] = Sizes().replicas,
) -> None:
    """Declare streams and durables; run it again at any time."""

    async def run() -> list[str]:
        connection = Connection(nats_url, "provisioner", password, exit_when_closed=False)
        client = await connection.open()
        try:
            sizes = Sizes(max_bytes=max_bytes, replicas=replicas)
            wanted = Topology.load(topology)
            return await provision(JetStreamContext(client, timeout=10), wanted, sizes)
        finally:
            await connection.close()

    for line in asyncio.run(run()) or ["nothing to do"]:
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
