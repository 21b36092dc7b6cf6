"""A worker that kills itself at a chosen moment: the product's own, with that one step wrapped.

    python -m tests.faults.dying_worker services.billing.app before-commit SIGKILL 3

dies the third time that it is about to commit a batch (with SIGSTOP it freezes there until
SIGCONT). `never` never dies.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, cast

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared import worker
from shared.cli.session import read_settings
from shared.messaging import consuming, relay
from shared.messaging.cloudevents import Message
from shared.messaging.receiving import Receiver
from shared.messaging.relay import Row
from shared.service import Service
from shared.work import Work

_is_batch: ContextVar[bool] = ContextVar("is_batch", default=False)


class Doom:
    """Counts the times that the moment came, and strikes the process at the chosen one."""

    def __init__(self, blow: signal.Signals, time: int) -> None:
        self._blow = blow
        self._times_left = time

    @property
    def has_come(self) -> bool:
        self._times_left -= 1
        return self._times_left == 0

    def die(self) -> None:
        """kill -9, by our own hand: no handler, no clean-up, no farewell to any server."""
        os.kill(os.getpid(), self._blow)


def before_commit(doom: Doom) -> None:
    """Everything of a batch is written, nothing of it committed."""
    receive, finish = Receiver.receive, Work.finish

    async def receive_marked(receiver: Receiver, messages: Sequence[Message]) -> None:
        _is_batch.set(True)
        try:
            await receive(receiver, messages)
        finally:
            _is_batch.set(False)

    async def finish_and_die(work: Work) -> None:
        await finish(work)
        if _is_batch.get() and doom.has_come:
            doom.die()

    _replace(Receiver, "receive", receive_marked)
    _replace(Work, "finish", finish_and_die)


def after_commit(doom: Doom) -> None:
    """A batch is committed, none of it acknowledged."""
    acknowledge = consuming._acknowledge

    async def die_or_acknowledge(messages: Sequence[Msg]) -> None:
        if doom.has_come:
            doom.die()
        await acknowledge(messages)

    _replace(consuming, "_acknowledge", die_or_acknowledge)


def amid_acks(doom: Doom) -> None:
    """A batch is committed and half of it acknowledged."""
    acknowledge = consuming._acknowledge

    async def acknowledge_half_and_die(messages: Sequence[Msg]) -> None:
        if not doom.has_come:
            await acknowledge(messages)
            return
        await acknowledge(messages[: len(messages) // 2])
        await messages[0]._client.flush()
        doom.die()

    _replace(consuming, "_acknowledge", acknowledge_half_and_die)


def amid_sending(doom: Doom) -> None:
    """The relay has sent half of an atomic batch to the broker."""
    send = relay.send_atomically

    async def send_half_and_die(client: Client, rows: Sequence[Row]) -> None:
        if doom.has_come:
            await send(cast(Client, _DyingClient(client, doom, len(rows) // 2)), rows)
        else:
            await send(client, rows)

    _replace(relay, "send_atomically", send_half_and_die)


def after_sending(doom: Doom) -> None:
    """The broker has stored a batch, the outbox still holds it."""
    send = relay.send_atomically

    async def send_and_die(client: Client, rows: Sequence[Row]) -> None:
        await send(client, rows)
        if doom.has_come:
            doom.die()

    _replace(relay, "send_atomically", send_and_die)


def never(doom: Doom) -> None:
    """Not at all."""


MOMENTS: dict[str, Callable[[Doom], None]] = {
    "before-commit": before_commit,
    "after-commit": after_commit,
    "amid-acks": amid_acks,
    "amid-sending": amid_sending,
    "after-sending": after_sending,
    "never": never,
}


class _DyingClient:
    """A broker's client that sends `messages` messages, then dies."""

    def __init__(self, client: Client, doom: Doom, messages: int) -> None:
        self._client = client
        self._doom = doom
        self._messages_left = messages

    async def publish(self, *arguments: Any, **options: Any) -> None:
        await self._client.publish(*arguments, **options)
        self._messages_left -= 1
        if self._messages_left <= 0:
            await self._client.flush()
            self._doom.die()

    async def request(self, *arguments: Any, **options: Any) -> None:
        self._doom.die()


def _replace(owner: object, name: str, step: Callable[..., Awaitable[None]]) -> None:
    assert callable(getattr(owner, name)), f"{name} is no step of a worker any more"
    setattr(owner, name, step)


def main(wiring: str, moment: str, blow: str, time: str) -> None:
    """Run a worker of the service that the module `wiring` exports, doomed to die."""
    MOMENTS[moment](Doom(signal.Signals[blow], int(time)))
    service = importlib.import_module(wiring).SERVICE
    assert isinstance(service, Service)
    asyncio.run(worker.run(service, read_settings(service, "worker")))


if __name__ == "__main__":
    main(*sys.argv[1:])
