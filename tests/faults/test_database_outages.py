"""The database dies, restarts or is out of reach while facts come in and go out."""

from __future__ import annotations

import asyncio
import signal

import psycopg
import pytest

from deploy.local.servers import EmbeddedPostgres
from tests.faults.sites import Site
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled
from tests.support.proxy import Proxy

on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)

_END_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'billing-worker'
"""


@on_billing
async def test_a_database_killed_and_restarted_under_load_keeps_what_it_has_committed(
    site: Site, postgres_server: EmbeddedPostgres
) -> None:
    story = site.subject.tell(21, 700)
    load = asyncio.create_task(site.send(story.messages))
    workers = [site.start_worker(), site.start_worker()]
    for number in (100, 300):
        await site.received(number)
        postgres_server.kill()
        await asyncio.to_thread(postgres_server.start)
    await site.received(550)
    await asyncio.to_thread(postgres_server.restart)
    await load
    await site.settled()
    assert all(worker.is_running for worker in workers), site.last_words()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_connections_to_the_database_that_are_cut_under_load_harm_nothing(
    site: Site, postgres_server: EmbeddedPostgres
) -> None:
    story = site.subject.tell(22, 600)
    await site.send(story.messages)
    with Proxy(site.database_port) as line, psycopg.connect(postgres_server.url()) as server:
        worker = site.start_worker(database_port=line.port)
        for number in (50, 170, 290):
            await site.received(number)
            line.drop()
            await site.received(number + 50)
            server.execute(_END_CONNECTIONS)
        line.stall()
        line.cut()
        site.start_worker()
        await site.settled()
        line.heal()
        await site.settled()
        assert worker.is_running, site.last_words()
        await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_a_commit_whose_answer_got_lost_counts_once(site: Site) -> None:
    story = site.subject.tell(23, 400)
    with Proxy(site.database_port) as line:
        site.start_worker(database_port=line.port)
        await site.send(story.messages[:100])
        await site.settled()
        for start in (100, 200, 300):
            line.lose_answer_to(b"COMMIT")
            await site.send(story.messages[start : start + 100])
            await line.answer_was_lost()
        await site.send(story.messages[400:])
        await site.settled()
        await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_two_workers_that_hold_the_same_batch_at_once_let_it_count_once(site: Site) -> None:
    story = site.subject.tell(24, 300)
    await site.send(story.messages)
    frozen = site.start_worker("before-commit", signal.SIGSTOP)
    await site.froze(frozen)
    site.start_worker()
    await site.blocked()
    frozen.send(signal.SIGCONT)
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)
