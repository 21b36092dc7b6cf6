"""The lanes of a worker: fetch a batch, one transaction, then ack.

Nothing is acknowledged before its effect is committed, and nothing is ever acknowledged on
failure: what passes by itself is delivered again after a while, what does not becomes a dead
letter in the transaction that marks it as received.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared import metrics
from shared.logs import get_logger
from shared.messaging.cloudevents import Message
from shared.messaging.pulling import Pull, put_back
from shared.messaging.receiving import Receiver
from shared.messaging.trouble import MAY_PASS, is_transient

log = get_logger(__name__)

TRIES = 3
"""How often unknown trouble with one message is tried before it becomes a dead letter."""
_WAIT_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 30.0


@dataclass(slots=True)
class Lane:
    """One loop over one durable. Several lanes, in several processes, share a durable."""

    client: Client
    stream: str
    durable: str
    receiver: Receiver
    batch: int
    ack_wait_seconds: float
    stopping: asyncio.Event
    committed: asyncio.Event
    _failures: int = field(default=0)

    async def run(self) -> None:
        """Take batches until `stopping` is set, finishing the batch in hand."""
        pull = Pull(self.client, self.stream, self.durable)
        await pull.open()
        try:
            while not self.stopping.is_set():
                try:
                    messages = await pull.fetch(self.batch, _WAIT_SECONDS)
                    if messages:
                        await self._take(messages)
                except MAY_PASS as error:
                    if not is_transient(error):
                        raise
                    await pull.rest()
                    await self._back_off(error)
        finally:
            await pull.close()

    async def _take(self, messages: Sequence[Msg]) -> None:
        """Take one batch. Raises trouble that passes by itself, with the batch put back before."""
        with metrics.BATCH_SECONDS.labels(self.receiver.service).time():
            async with self._kept_in_progress(messages):
                try:
                    await self.receiver.receive([_message(message) for message in messages])
                except Exception as error:  # whatever it is, the batch has been rolled back
                    await self._recover(messages, error)
                    return
            await _acknowledge(messages)
        self._failures = 0
        self.committed.set()

    async def _recover(self, messages: Sequence[Msg], error: Exception) -> None:
        """The batch rolled back: others may have it if the trouble passes, else find the culprit.

        Put back before we rest, so that a worker without its database keeps facts from nobody.
        """
        transient = is_transient(error)
        kind = "transient" if transient else "isolated"
        metrics.BATCH_RETRIES.labels(self.receiver.service, kind).inc()
        if transient:
            await put_back(messages)
            raise error
        for message in messages:
            await self._take_one(message)
        self.committed.set()

    async def _take_one(self, message: Msg) -> None:
        tries = message.metadata.num_delivered
        try:
            await self.receiver.receive_one(_message(message), give_up=tries >= TRIES)
        except Exception as error:  # whatever it is, this message alone comes back
            log.warning(
                "fact failed",
                subject=message.subject,
                tries=tries,
                error=type(error).__name__,
                exc_info=not is_transient(error),
            )
            await message.nak(delay=self._delay(tries))
            return
        await message.ack()

    async def _back_off(self, error: Exception) -> None:
        self._failures += 1
        delay = self._delay(self._failures)
        log.warning(
            "batch put back",
            durable=self.durable,
            stream=self.stream,
            error=f"{type(error).__name__}: {error}"[:300],
            retry_seconds=round(delay, 2),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self.stopping.wait()

    @staticmethod
    def _delay(failures: int) -> float:
        """Exponential, with jitter, in seconds."""
        longest: float = min(0.1 * 2**failures, _LONGEST_DELAY_SECONDS)
        return random.uniform(0.5, 1.0) * longest

    @asynccontextmanager
    async def _kept_in_progress(self, messages: Sequence[Msg]) -> AsyncIterator[None]:
        """Tell the server that the batch is being worked on, so that nobody else gets it."""
        keeper = asyncio.create_task(self._keep_in_progress(messages))
        try:
            yield
        finally:
            keeper.cancel()

    async def _keep_in_progress(self, messages: Sequence[Msg]) -> None:
        while True:
            await asyncio.sleep(self.ack_wait_seconds / 3)
            for message in messages:
                if not message.is_acked:  # one that was put back is not to wait any longer
                    await message.in_progress()


async def _acknowledge(messages: Sequence[Msg]) -> None:
    for message in messages:
        await message.ack()


def _message(message: Msg) -> Message:
    return Message(message.subject, message.headers or {}, message.data)
