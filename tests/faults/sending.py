"""Publishing that does not give up, as a system does that keeps what was not confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import nats.errors
from nats.js import JetStreamContext

from shared.messaging.cloudevents import CONTENT_TYPE, CONTENT_TYPE_HEADER, Message
from tests.support.bus import Bus

_AT_ONCE = 100
_PAUSE_SECONDS = 0.03


async def send_surely(bus: Bus, messages: Sequence[Message], user: str | None) -> None:
    """Publish `messages` in their order: what is not confirmed is sent again.

    Who sends is the system of the subject, or `user` for all.
    """
    users = {user} if user else {_system(message) for message in messages}
    async with _streams(bus, users) as streams:
        for start in range(0, len(messages), _AT_ONCE):
            part = list(messages[start : start + _AT_ONCE])
            while part:
                results = await asyncio.gather(
                    *(_publish(streams[user or _system(each)], each) for each in part)
                )
                part = [each for each, sent in zip(part, results, strict=True) if not sent]


@asynccontextmanager
async def _streams(bus: Bus, users: set[str]) -> AsyncIterator[dict[str, JetStreamContext]]:
    connections = {user: bus.connection(user) for user in sorted(users)}
    try:
        yield {
            user: JetStreamContext(await connection.open(), timeout=2)
            for user, connection in connections.items()
        }
    finally:
        for connection in connections.values():
            await connection.close()


def _system(message: Message) -> str:
    return message.subject.split(".")[1]


async def _publish(stream: JetStreamContext, message: Message) -> bool:
    headers = {CONTENT_TYPE_HEADER: CONTENT_TYPE, **message.headers}
    name = message.subject.split(".")[0].upper()
    try:
        await stream.publish(message.subject, message.body, stream=name, headers=headers)
    except (nats.errors.Error, TimeoutError, OSError):
        await asyncio.sleep(_PAUSE_SECONDS)
        return False
    return True
