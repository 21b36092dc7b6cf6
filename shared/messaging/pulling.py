"""Takes batches from a durable pull consumer, without ever dropping what was delivered.

One request is outstanding at a time. A message that arrives late (for a request that was given up)
stays in the buffer for the next fetch.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

_LINGER_SECONDS = 0.003
_GRACE_SECONDS = 1.0
_PUT_BACK_SECONDS = (0.1, 1.0)
_NONE_NOW = frozenset({"404", "408"})
"""Statuses that say that nothing came in time."""


class PullRefused(nats.errors.Error):
    """The broker cannot serve the durable: it is gone, or JetStream is not up (yet)."""


class Pull:
    """One lane's pull on `durable` of `stream`; several may share the durable."""

    def __init__(self, client: Client, stream: str, durable: str) -> None:
        self._client = client
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._buffer: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._outstanding = 0
        self._deadline = 0.0
        self._refused: str | None = None
        self._is_resting = False

    async def open(self) -> None:
        """Subscribe to this lane's own inbox."""
        self._subscription = await self._client.subscribe(
            self._inbox, cb=self._receive, pending_msgs_limit=0, pending_bytes_limit=0
        )

    async def close(self) -> None:
        """Put back what waits here and give up the inbox."""
        if self._subscription is not None and not self._client.is_closed:
            await self.rest()
            await self._subscription.unsubscribe()

    async def fetch(self, batch: int, wait_seconds: float) -> list[Msg]:
        """Up to `batch` messages; an empty list when none came within `wait_seconds`.

        Raises PullRefused when the broker says that none can come.
        """
        self._is_resting = False
        if not self._buffer:
            if not self._client.is_connected:
                # Whatever is asked now would be sent with the reconnection, all of it at once.
                await asyncio.sleep(wait_seconds)
                return []
            self._arrived.clear()
            await self._request(batch, wait_seconds)
            try:
                async with asyncio.timeout(wait_seconds + _GRACE_SECONDS):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        if self._refused is not None and not self._buffer:
            refused, self._refused = self._refused, None
            raise PullRefused(refused)
        await self._gather(batch)
        return [self._buffer.popleft() for _ in range(min(batch, len(self._buffer)))]

    async def rest(self) -> None:
        """Put back what waits here, and what still comes before the next fetch: others may have it.

        What cannot be put back comes back by itself after `ack_wait`.
        """
        self._is_resting = True
        held = list(self._buffer)
        self._buffer.clear()
        with suppress(nats.errors.Error):
            await put_back(held)

    async def _request(self, batch: int, wait_seconds: float) -> None:
        if self._outstanding > 0 and time.monotonic() < self._deadline:
            return
        self._outstanding = batch
        self._deadline = time.monotonic() + wait_seconds + _GRACE_SECONDS
        request = {"batch": batch, "expires": int(wait_seconds * 1_000_000_000)}
        await self._client.publish(self._next, orjson.dumps(request), reply=self._inbox)

    async def _gather(self, batch: int) -> None:
        """Wait a moment for more of the same request, as long as more keeps coming."""
        held = -1
        while held < len(self._buffer) < batch and self._outstanding > 0:
            held = len(self._buffer)
            await asyncio.sleep(_LINGER_SECONDS)

    async def _receive(self, message: Msg) -> None:
        headers = message.headers
        # What the stream delivers is to be acknowledged; what the broker says itself is not.
        if not message.reply and headers is not None and "Status" in headers:
            self._outstanding = 0
            if headers["Status"] not in _NONE_NOW:
                self._refused = f"{headers['Status']} {headers.get('Description', '')}".strip()
        else:
            self._outstanding -= 1
            if self._is_resting:
                with suppress(nats.errors.Error):
                    await put_back([message])
                return
            self._buffer.append(message)
        self._arrived.set()


async def put_back(messages: Sequence[Msg]) -> None:
    """Let `messages` be delivered again in a moment, to anybody."""
    for message in messages:
        await message.nak(delay=random.uniform(*_PUT_BACK_SECONDS))
