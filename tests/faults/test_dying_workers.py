"""Workers that are killed (kill -9) with a batch in hand: nothing lost, nothing done twice."""

from __future__ import annotations

import asyncio
import signal
from random import Random

import pytest

from deploy.local.servers import EmbeddedPostgres
from tests.faults.sites import Site
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled

on_toy = pytest.mark.parametrize("subject", ["toy"], indirect=True)
on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)

MOMENTS_OF_A_BATCH = ("before-commit", "after-commit", "amid-acks")


@on_toy
async def test_workers_killed_at_every_moment_of_a_batch_lose_nothing_and_double_nothing(
    site: Site,
) -> None:
    story = site.subject.tell(1, 400)
    await site.send(story.messages)
    doomed = [site.start_worker(moment) for moment in MOMENTS_OF_A_BATCH]
    assert await site.died(*doomed) == [-signal.SIGKILL] * 3
    site.start_worker()
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
@pytest.mark.parametrize("moment", MOMENTS_OF_A_BATCH)
async def test_billing_killed_again_and_again_at_this_moment_keeps_its_books(
    site: Site, moment: str
) -> None:
    story = site.subject.tell(1, 300)
    await site.send(story.messages)
    doomed = [site.start_worker(moment, time=time) for time in (1, 3)]
    assert await site.died(*doomed) == [-signal.SIGKILL] * 2
    site.start_worker()
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_workers_killed_at_any_time_under_load_lose_nothing_and_double_nothing(
    site: Site,
) -> None:
    random = Random(2)
    story = site.subject.tell(2, 700)
    load = asyncio.create_task(site.send(story.messages))
    workers = [site.start_worker(), site.start_worker()]
    for number in sorted(random.sample(range(50, 650), 5)):
        await site.received(number)
        victim = random.randrange(2)
        workers[victim].kill()
        workers[victim] = site.start_worker()
    await load
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(site: Site) -> None:
    story = site.subject.tell(4, 300)
    await site.send(story.messages)
    worker = site.start_worker()
    await site.received(100)
    assert await asyncio.to_thread(worker.end) in (0, -signal.SIGTERM)
    assert await site.value("SELECT count(*) FROM kit.outbox") == 0
    assert "ConnectionClosedError" not in worker.last_words(lines=100)
    site.start_worker()
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_a_worker_that_starts_before_its_servers_waits_for_them(
    site: Site, postgres_server: EmbeddedPostgres
) -> None:
    story = site.subject.tell(5, 100)
    await site.send(story.messages)
    site.bus.server.kill()
    postgres_server.stop()
    worker = site.start_worker()
    await site.logged(worker, "nats error")
    await asyncio.to_thread(site.bus.server.start)
    await site.logged(worker, "batch put back")
    await asyncio.to_thread(postgres_server.start)
    await site.settled()
    assert worker.is_running, site.last_words()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
@pytest.mark.parametrize("moment", ["amid-sending", "after-sending"])
async def test_another_worker_sends_what_a_killed_relay_has_not_sent_for_sure(
    site: Site, moment: str
) -> None:
    story = site.subject.tell(3, 400)
    await site.send(story.messages)
    first, second = site.start_worker(moment), site.start_worker(moment)
    assert await site.died(first, second) == [-signal.SIGKILL] * 2
    assert await site.value("SELECT count(*) FROM kit.outbox") > 0
    site.start_worker()
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)
