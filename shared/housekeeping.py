"""What a worker does beside its work: forgets what is old enough and measures what is waiting."""

from __future__ import annotations

import asyncio

from nats.aio.client import Client
from nats.js import JetStreamContext

from shared import metrics
from shared.http import idempotency
from shared.logs import get_logger
from shared.messaging import dead_letters, inbox
from shared.messaging.topology import STREAMS
from shared.messaging.trouble import MAY_PASS, is_transient
from shared.service import Runtime

log = get_logger(__name__)

_MEASURE_SECONDS = 10.0
_FORGET_EVERY = 360  # measurements: once an hour

_HELD = """
SELECT
    (SELECT count(*) FROM kit.outbox WHERE parked_at IS NULL) AS outbox_rows,
    (SELECT extract(epoch FROM now() - min(stored_at)) FROM kit.outbox
     WHERE parked_at IS NULL) AS outbox_age,
    (SELECT count(*) FROM kit.outbox WHERE parked_at IS NOT NULL) AS outbox_parked,
    (SELECT count(*) FROM kit.dead_letters WHERE state = 'open') AS dead_letters
"""


async def keep_house(process: Runtime, client: Client, stopping: asyncio.Event) -> None:
    """Measure every few seconds and forget once an hour, until `stopping` is set."""
    stream = JetStreamContext(client, timeout=5)
    rounds = 0
    while not stopping.is_set():
        try:
            await measure(process)
            await _measure_durables(process, stream)
            if rounds % _FORGET_EVERY == 0:
                await _forget(process)
        except MAY_PASS as error:
            if not is_transient(error):
                raise
            log.warning("housekeeping waits", error=type(error).__name__)
        rounds += 1
        try:
            async with asyncio.timeout(_MEASURE_SECONDS):
                await stopping.wait()
        except TimeoutError:
            continue


async def measure(process: Runtime) -> None:
    """Set the metrics of what lies in the database: on its way out, refused, waiting."""
    name = process.service.name
    async with process.works.begin() as work:
        held = await work.row(_HELD)
        waiting = await work.rows("SELECT kind, count(*) AS facts FROM kit.waiting GROUP BY kind")
    assert held is not None
    metrics.OUTBOX_ROWS.labels(name).set(held["outbox_rows"])
    metrics.OUTBOX_AGE.labels(name).set(held["outbox_age"] or 0)
    metrics.OUTBOX_PARKED.labels(name).set(held["outbox_parked"])
    metrics.DEAD_LETTERS.labels(name).set(held["dead_letters"])
    metrics.WAITING.clear()
    for row in waiting:
        metrics.WAITING.labels(name, row["kind"]).set(row["facts"])


async def _measure_durables(process: Runtime, stream: JetStreamContext) -> None:
    name = process.service.name
    for each in STREAMS:
        if process.service.consumers.subjects(each):
            info = await stream.consumer_info(each, name)
            metrics.CONSUMER_LAG.labels(name, each).set(info.num_pending or 0)
            metrics.CONSUMER_UNACKNOWLEDGED.labels(name, each).set(info.num_ack_pending or 0)


async def _forget(process: Runtime) -> None:
    async with process.works.begin() as work:
        forgotten = await inbox.forget_old(work)
        purged = await dead_letters.purge_old(work)
        answers = await idempotency.forget_old(work)
    log.info("forgot what is old", inbox=forgotten, dead_letters=purged, answers=answers)
