"""Waits until a service has nothing left to send, to take or to acknowledge."""

from __future__ import annotations

import asyncio

from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging.consumers import Consumers
from shared.messaging.topology import STREAMS

_PAUSE_SECONDS = 0.05


async def is_idle(
    service: str, consumers: Consumers, engine: AsyncEngine, stream: JetStreamContext
) -> bool:
    """True when the outbox is empty and the durables have nothing pending or unacknowledged."""
    for each in STREAMS:
        if consumers.subjects(each):
            info = await stream.consumer_info(each, service)
            if info.num_pending or info.num_ack_pending:
                return False
    async with engine.connect() as connection:
        held = await connection.scalar(
            text("SELECT EXISTS (SELECT FROM kit.outbox WHERE parked_at IS NULL)")
        )
    return not held


async def drain(
    service: str, consumers: Consumers, engine: AsyncEngine, stream: JetStreamContext
) -> None:
    """Return when the service was idle twice in a row.

    A story with several services drains them in turn until none had anything to do.
    """
    idle = 0
    while idle < 2:
        is_done = await is_idle(service, consumers, engine, stream)
        idle = idle + 1 if is_done else 0
        await asyncio.sleep(_PAUSE_SECONDS)
