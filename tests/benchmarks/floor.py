"""The bare loop that every figure is compared with: fetch, one insert of 500, ack."""

from __future__ import annotations

import time

import orjson
import psycopg
from nats.js import JetStreamContext

from tests.benchmarks.site import Site

_BATCH = 500


async def floor_rate(site: Site, number: int) -> float:
    """Messages a second of nats-py's own fetch and one `unnest` insert per batch, then ack.

    Takes `number` messages from billing's durable, so billing's worker must not run.
    """
    async with site.client("billing") as client:
        subscription = await JetStreamContext(client).pull_subscribe_bind(
            durable="billing", stream="ENTERPRISE"
        )
        url = site.database_url("billing")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS bench_floor (id text, ref text, amount numeric, d date)"
            )
            await connection.commit()
            begun = time.perf_counter()
            taken = 0
            while taken < number:
                messages = await subscription.fetch(_BATCH, timeout=5)
                facts = [orjson.loads(message.data) for message in messages]
                data = [fact["data"] for fact in facts]
                async with connection.cursor(binary=True) as cursor:
                    await cursor.execute(
                        "INSERT INTO bench_floor SELECT * FROM unnest"
                        "(%b::text[], %b::text[], %b::text[]::numeric[], %b::text[]::date[])",
                        (
                            [fact["id"] for fact in facts],
                            [each["ref"] for each in data],
                            [each["amount"]["amount"] for each in data],
                            [each["occurred_on"] for each in data],
                        ),
                    )
                await connection.commit()
                for message in messages:
                    await message.ack()
                taken += len(messages)
            return number / (time.perf_counter() - begun)
