"""Sends the events of an import to the bus, in confirmed batches, as any other system would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.errors import Forbidden
from shared.importing.progress import Progress
from shared.importing.sinks import Outgoing, Ready, Taken
from shared.logs import get_logger
from shared.messaging.relay import Row, send_atomically
from shared.telemetry import span

log = get_logger(__name__)

STREAM = "ENTERPRISE"
_ALREADY_STORED = 10201
_TIMEOUT_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 15.0


class MayNotSend(Forbidden):
    """The NATS user of the import may not publish the subject."""

    code = "may-not-send"
    title_zh = "无权发送"
    title_en = "May not send"


class Publisher:
    """Sends batches and remembers how far it came.

    `denied` tells the subjects that the server refused to take from us. A full stream or a lost
    connection is waited out: what is repeated then has the same id and is stored once.
    """

    def __init__(
        self,
        client: Client,
        denied: Callable[[], set[str]],
        system: str,
        progress: Progress,
    ) -> None:
        self._client = client
        self._denied = denied
        self._system = system
        self._progress = progress
        self._position = 0

    async def take(self, batch: Sequence[Ready]) -> Taken:
        """Send what an earlier run has not sent; returns when the stream has stored it."""
        skip = min(max(self._progress.sent - self._position, 0), len(batch))
        events = [ready.outgoing for ready in batch[skip:] if ready.outgoing is not None]
        self._position += len(batch)
        there = 0
        if events:
            with span("import batch", kind="producer", attributes={"events": len(events)}):
                there = await self._send(events)
            self._progress.save(self._position)
        return Taken(now=len(events) - there, before=skip + there)

    async def _send(self, events: Sequence[Outgoing]) -> int:
        """Send until all are stored; return how many the stream had already."""
        rows = [Row(0, e.subject, f"{self._system}/{e.event_id}", e.body) for e in events]
        pause = 0.2
        while True:
            try:
                await send_atomically(self._client, rows)
                return 0
            except nats.js.errors.APIError as error:
                if error.err_code == _ALREADY_STORED:
                    return await self._send_one_by_one(rows)
                log.warning("the stream takes nothing now", code=error.err_code, again_in=pause)
            except (nats.errors.Error, TimeoutError, OSError) as error:
                self._demand_permission(rows)
                log.warning("no answer from the broker", error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _send_one_by_one(self, rows: Sequence[Row]) -> int:
        """After a lost answer, or in a second run: what is stored already is left alone."""
        stream = JetStreamContext(self._client, timeout=_TIMEOUT_SECONDS)
        there = 0
        for row in rows:
            ack = await stream.publish(row.subject, row.body, stream=STREAM, headers=row.headers())
            there += bool(ack.duplicate)
        return there

    def _demand_permission(self, rows: Sequence[Row]) -> None:
        for subject in sorted({row.subject for row in rows} & self._denied()):
            raise MayNotSend(
                f"用户 import-{self._system} 不得发布 {subject}",
                f"the user import-{self._system} may not publish {subject}",
            )
