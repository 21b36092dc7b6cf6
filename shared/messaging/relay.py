"""Sends the outbox: the only code that talks to the broker inside a transaction.

One relay per service is active. The lock belongs to the relay's own transaction, so any replica
takes over when it ends, and a transaction pooler in between does no harm.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import nats.errors
import nats.js.errors
import orjson
from nats.aio.client import Client
from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared import metrics
from shared.database import in_binary
from shared.logs import get_logger
from shared.messaging.broker import Connection
from shared.messaging.cloudevents import CONTENT_TYPE, CONTENT_TYPE_HEADER
from shared.messaging.trouble import MAY_PASS, is_transient

log = get_logger(__name__)

STREAM = "DAKEHU"
BATCH = 500
TIMEOUT_SECONDS = 5.0
_LOCK = 0x72656C6179  # "relay"
_IDLE_SECONDS = 0.2
_SHORT_SECONDS = 0.02

_OLDEST = """
SELECT position, subject, message_id, body FROM kit.outbox
WHERE parked_at IS NULL ORDER BY position LIMIT %s::int4
"""
_DELETE = "DELETE FROM kit.outbox WHERE position = ANY(%s::int8[])"

_REFUSED_FOR_GOOD = frozenset({10054, 10060, 10123})
"""JetStream errors that a retry cannot mend: too large, wrong stream, malformed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact on its way out."""

    position: int
    subject: str
    message_id: str
    body: bytes

    def headers(self) -> dict[str, str]:
        return {"Nats-Msg-Id": self.message_id, CONTENT_TYPE_HEADER: CONTENT_TYPE}


@dataclass(slots=True)
class Relay:
    """Sends what one service has decided, in the order in which it was stored."""

    service: str
    engine: AsyncEngine
    connection: Connection
    client: Client
    stopping: asyncio.Event
    committed: asyncio.Event
    """Set by this process's lanes after a commit, so that their facts leave at once."""

    async def run(self) -> None:
        """Send until `stopping` is set, then send what is left."""
        failures = 0
        while not self.stopping.is_set():
            try:
                sent = await self.send_once()
                failures = 0
                if sent < BATCH:
                    await self._rest(_SHORT_SECONDS if sent else _IDLE_SECONDS)
            except MAY_PASS as error:
                if not is_transient(error):
                    raise
                failures += 1
                log.warning("relay waits", error=f"{type(error).__name__}: {error}"[:300])
                await self._rest(random.uniform(0.5, 1.0) * min(0.1 * 2**failures, 10.0))
        await self._send_rest()

    async def _send_rest(self) -> None:
        """Send what is left; what cannot leave now stays for the next relay."""
        try:
            while await self.send_once():
                pass
        except MAY_PASS as error:
            if not is_transient(error):
                raise
            log.warning("relay leaves facts", error=f"{type(error).__name__}: {error}"[:300])

    async def send_once(self) -> int:
        """Send the oldest facts, up to BATCH; return how many left the outbox.

        0 when there are none, or when another replica's relay is at work.
        """
        async with self.engine.begin() as connection:
            if not await connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_LOCK})")):
                return 0
            rows = await _oldest(connection)
            if not rows:
                return 0
            with metrics.RELAY_SECONDS.labels(self.service).time():
                sent = await self._send(connection, rows)
            await in_binary(connection, _DELETE, sent)
        metrics.FACTS_SENT.labels(self.service).inc(len(sent))
        return len(sent)

    async def _send(self, connection: AsyncConnection, rows: Sequence[Row]) -> list[int]:
        """Send `rows`; return the positions that the broker has stored."""
        denied = [row for row in rows if row.subject in self.connection.denied]
        for row in denied:
            await _park(connection, row, "the broker's permissions forbid the subject")
        allowed = [row for row in rows if row.subject not in self.connection.denied]
        if not allowed:
            return []
        try:
            await send_atomically(self.client, allowed)
            return [row.position for row in allowed]
        except (nats.js.errors.APIError, nats.errors.TimeoutError, nats.errors.MaxPayloadError):
            return await self._send_one_by_one(connection, allowed)

    async def _send_one_by_one(self, connection: AsyncConnection, rows: Sequence[Row]) -> list[int]:
        """After a lost ack or a refused batch: duplicates count as sent, the culprit is parked.

        Raises what passes by itself, such as a full stream; the rows then stay.
        """
        stream = JetStreamContext(self.client, timeout=TIMEOUT_SECONDS)
        sent: list[int] = []
        for row in rows:
            try:
                await stream.publish(row.subject, row.body, stream=STREAM, headers=row.headers())
                sent.append(row.position)
            except nats.js.errors.APIError as error:
                if error.err_code not in _REFUSED_FOR_GOOD:
                    raise
                await _park(connection, row, error.description or str(error.err_code))
            except nats.errors.TimeoutError:
                if row.subject not in self.connection.denied:
                    raise
                await _park(connection, row, "the broker's permissions forbid the subject")
            except nats.errors.MaxPayloadError as error:
                await _park(connection, row, str(error))
        return sent

    async def _rest(self, seconds: float) -> None:
        self.committed.clear()
        waits = [asyncio.create_task(self.committed.wait())]
        waits.append(asyncio.create_task(self.stopping.wait()))
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


async def send_atomically(client: Client, rows: Sequence[Row]) -> None:
    """Store all of `rows` in the stream, or none: one JetStream batch (ADR-50).

    Raises APIError when the server refuses the batch, TimeoutError when no ack comes.
    """
    batch = uuid4().hex
    last = len(rows)
    for sequence, row in enumerate(rows, start=1):
        headers = row.headers()
        headers["Nats-Batch-Id"] = batch
        headers["Nats-Batch-Sequence"] = str(sequence)
        if sequence < last:
            await client.publish(row.subject, row.body, headers=headers)
            continue
        headers["Nats-Batch-Commit"] = "1"
        reply = await client.request(
            row.subject, row.body, timeout=TIMEOUT_SECONDS, headers=headers
        )
        answer = orjson.loads(reply.data)
        if "error" in answer:
            raise nats.js.errors.APIError.from_error(answer["error"])


async def _oldest(connection: AsyncConnection) -> list[Row]:
    return [Row(*row) for row in await in_binary(connection, _OLDEST, BATCH)]


async def _park(connection: AsyncConnection, row: Row, reason: str) -> None:
    log.error("fact parked", subject=row.subject, message_id=row.message_id, reason=reason)
    await connection.execute(
        text(
            "UPDATE kit.outbox SET parked_at = now(), parked_reason = :reason"
            " WHERE position = :position"
        ),
        {"reason": reason, "position": row.position},
    )
