"""Streams in which facts come twice, in any order and among poison."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from shared.messaging import dead_letters
from shared.messaging.cloudevents import Message
from tests.faults.poison import conflict_with, poison
from tests.faults.sites import INTRUDER, Site
from tests.faults.toy_wiring import POISON
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled, clean_run, differences
from tests.support.messages import revenue

on_toy = pytest.mark.parametrize("subject", ["toy"], indirect=True)
on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)


def muddled(messages: list[Message], seed: int) -> list[Message]:
    """Every message once or up to three times, in any order."""
    random = Random(seed)
    repeated = [each for each in messages for _ in range(random.choice((1, 1, 2, 3)))]
    random.shuffle(repeated)
    return repeated


@on_billing
async def test_facts_that_come_twice_and_in_any_order_count_once(site: Site) -> None:
    story = site.subject.tell(31, 400)
    site.start_worker()
    site.start_worker()
    await site.send(muddled(list(story.messages), 31))
    await site.settled()
    await assert_nothing_lost_nothing_doubled(site, story)


@on_billing
async def test_poison_becomes_one_dead_letter_each_and_harms_nobody(site: Site) -> None:
    story = site.subject.tell(32, 200)
    bad = poison()
    mixed = [*story.messages, *(each for _, each in bad)]
    site.start_worker()
    site.start_worker()
    await site.send(muddled(mixed, 32), user=INTRUDER)
    await site.settled()
    expected = await clean_run(site, mixed)
    found = differences(await site.state(), expected)
    assert not found, "\n".join(found)
    async with site.process.works.begin() as work:
        letters = await dead_letters.listing(work)
    assert Counter(each["code"] for each in letters) == Counter(code for code, _ in bad)
    assert all(each["reason"]["zh"] and each["reason"]["en"] for each in letters)


@on_billing
async def test_a_known_number_with_other_content_is_refused_and_the_first_stays(
    site: Site,
) -> None:
    story = site.subject.tell(33, 100)
    site.start_worker()
    await site.send(story.messages)
    await site.settled()
    before = await site.state()
    facts = [each for each in story.messages if "revenue_recorded" in each.subject][:20]
    conflicts = [conflict_with(each) for each in facts]
    await site.send(muddled(conflicts, 33))
    await site.settled()
    after = await site.state()
    assert Counter(code for code, *_ in after["letters"]) == {"ref-conflict": 20}
    unharmed = before.keys() - {"inbox", "letters"}
    assert not differences(
        {name: after[name] for name in unharmed}, {name: before[name] for name in unharmed}
    )


@on_toy
async def test_facts_on_which_our_own_code_fails_are_kept_while_workers_die(site: Site) -> None:
    story = site.subject.tell(34, 200)
    poisonous = [revenue(f"{POISON}-{each}") for each in range(5)]
    await site.send(muddled([*story.messages, *poisonous], 34))
    doomed = site.start_worker("after-commit", time=3)
    await site.died(doomed)
    site.start_worker()
    await site.settled()
    state = await site.state()
    kept = [code for code, *_ in state["letters"] if code == "handler-failed"]
    assert len(kept) == 5
    refused = story.refused | {f"{POISON}-{each}" for each in range(5)}
    mixed = replace(story, messages=[*story.messages, *poisonous], refused=refused)
    await assert_nothing_lost_nothing_doubled(site, mixed)
