"""The streams are played again from their start: into the same books, and into clean ones."""

from __future__ import annotations

import pytest

from tests.faults.sites import Site
from tests.faults.states import state_of
from tests.faults.verdicts import (
    assert_nothing_lost_nothing_doubled,
    clean_process,
    differences,
)

on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)


@on_billing
async def test_a_replay_from_the_start_is_recognised_and_one_into_clean_books_gives_the_same(
    site: Site,
) -> None:
    story = site.subject.tell(51, 300)
    await site.send([*story.messages, *story.messages[:50]])
    worker = site.start_worker()
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)
    before, published = await site.state(), await site.published()

    await site.rewind()
    await site.settled()
    assert not differences(await site.state(), before)
    assert await site.published() == published

    worker.end()
    async with clean_process(site) as clean:
        await site.rewind()
        site.start_worker(database_url=clean.settings.database_url)
        await site.settled(clean)
        assert not differences(await state_of(clean, site.subject.queries), before)
