"""The bare loop that every figure is compared with: fetch, one insert of 500, ack."""

from __future__ import annotations

import time

import orjson
import psycopg
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from tests.benchmarks.passes import Pass, Start
from tests.benchmarks.site import Site

_BATCH = 500
_TABLE = "CREATE TABLE IF NOT EXISTS bench_floor (id text, ref text, amount numeric, d date)"
_INSERT = (
    "INSERT INTO bench_floor SELECT * FROM unnest"
    "(%b::text[], %b::text[], %b::text[]::numeric[], %b::text[]::date[])"
)


async def take_barely(site: Site, number: int) -> Pass:
    """nats-py's own fetch and one `unnest` insert per batch, then ack.

    Takes `number` messages from billing's durable, so billing's worker must not run.
    """
    connecting = psycopg.AsyncConnection.connect(site.database_url("billing"))
    async with site.client("billing") as client, await connecting as connection:
        subscription = await JetStreamContext(client).pull_subscribe_bind(
            durable="billing", stream="ENTERPRISE"
        )
        await connection.execute(_TABLE)
        await connection.commit()
        start = Start.now()
        taken = 0
        while taken < number:
            messages = await subscription.fetch(_BATCH, timeout=5)
            await _insert(connection, messages)
            for message in messages:
                await message.ack()
            taken += len(messages)
        return start.passed(number, time.perf_counter())


async def _insert(
    connection: psycopg.AsyncConnection[tuple[object, ...]], messages: list[Msg]
) -> None:
    facts = [orjson.loads(message.data) for message in messages]
    data = [fact["data"] for fact in facts]
    columns = (
        [fact["id"] for fact in facts],
        [each["ref"] for each in data],
        [each["amount"]["amount"] for each in data],
        [each.get("occurred_on") or each["received_on"] for each in data],
    )
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(_INSERT, columns)
    await connection.commit()
