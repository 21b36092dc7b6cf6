"""The broker dies, restarts or is out of reach while facts come in and go out."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.sites import BATCH, Site
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled
from tests.support.proxy import Proxy

on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)


@on_billing
async def test_a_broker_killed_and_restarted_under_load_loses_nothing_that_it_acknowledged(
    site: Site,
) -> None:
    story = site.subject.tell(11, 700)
    load = asyncio.create_task(site.send(story.messages))
    workers = [site.start_worker(), site.start_worker()]
    for number in (100, 300):
        await site.received(number)
        site.bus.server.kill()
        await asyncio.to_thread(site.bus.server.start)
    await site.received(550)
    await asyncio.to_thread(site.bus.server.restart)
    await load
    await site.settled()
    assert all(worker.is_running for worker in workers), site.last_words()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_connections_to_the_broker_that_are_cut_under_load_harm_nothing(site: Site) -> None:
    story = site.subject.tell(12, 600)
    await site.send(story.messages)
    with Proxy(site.nats_port) as line:
        worker = site.start_worker(nats_port=line.port)
        for number in (50, 150, 250):
            await site.received(number)
            line.drop()
        await site.received(350)
        line.cut()
        site.start_worker()
        await site.settled()
        line.heal()
        await site.settled()
        assert worker.is_running, site.last_words()
        await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_facts_whose_acknowledgement_got_lost_are_not_stored_twice(site: Site) -> None:
    story = site.subject.tell(13, 200)
    with Proxy(site.nats_port) as line:
        line.lose_answer_to(b"Nats-Batch-Commit", answer=b'"batch"')
        site.start_worker(nats_port=line.port)
        await site.send(story.messages)
        await line.answer_was_lost()
        await site.settled()
        await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_what_stalls_on_its_way_is_taken_by_another_worker_and_counts_once(
    site: Site,
) -> None:
    story = site.subject.tell(14, 300)
    await site.send(story.messages)
    with Proxy(site.nats_port) as line:
        site.start_worker(nats_port=line.port)
        await site.received(BATCH)
        line.stall()
        site.start_worker()
        await site.settled()
        line.heal()
        await site.settled()
        await assert_nothing_lost_nothing_doubled(site, story)
