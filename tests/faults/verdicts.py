"""What must be true of a site in the end, whatever it went through."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import orjson

from shared.messaging.cloudevents import Message
from shared.service import Runtime, runtime
from tests.faults import states
from tests.faults.sites import BATCH, Site
from tests.faults.stories import Story
from tests.services.billing.books import check_books
from tests.support.clocks import TEST_BEGINS_AT, SetClock
from tests.support.retelling import State, take

_SHOWN = 5


async def assert_nothing_lost_nothing_doubled(site: Site, story: Story) -> None:
    """The state is that of a run without any fault, and every fact left once."""
    state = await site.state()
    found = differences(state, await clean_run(site, story.messages))
    assert not found, "\n".join(found)
    published = await site.published()
    assert _repeated(published) == []
    assert _gaps(published) == []
    assert await site.value("SELECT count(*) FROM kit.outbox") == 0
    if "postings" in state:
        await _assert_books_balance(site, state, story)
        assert _newest_shares(published) == _shares_of_the_ledger(state)
    else:
        assert sorted(row[0] for row in state["taken"]) == _effects_of_toy(story)
    refused = {fact["data"]["ref"] for fact in published if "refused" in fact["type"]}
    assert refused == story.refused


async def clean_run(site: Site, messages: Sequence[Message]) -> State:
    """The state of a clean database after `messages`, taken in their order and without trouble."""
    async with clean_process(site) as process:
        for start in range(0, len(messages), BATCH):
            await take(process.receiver, messages[start : start + BATCH])
        return await states.state_of(process, site.subject.queries)


@asynccontextmanager
async def clean_process(site: Site) -> AsyncIterator[Runtime]:
    """A look into a clean database of the same service."""
    with site.databases.copy(site.service) as url:
        settings = site.process.settings.model_copy(update={"database_url": url})
        clock = SetClock(TEST_BEGINS_AT)
        async with runtime(site.service, settings, "clean", clock) as process:
            yield process


def differences(state: State, clean: State) -> list[str]:
    """How `state` differs from `clean`: some of the rows that are missing, too many or changed."""
    found = []
    for name, rows in clean.items():
        lost, added = Counter(rows) - Counter(state[name]), Counter(state[name]) - Counter(rows)
        found += [f"{name}: lost {row}" for row in list(lost)[:_SHOWN]]
        found += [f"{name}: added {row}" for row in list(added)[:_SHOWN]]
    return found


def _repeated(facts: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Versions of entities that were published more than once."""
    versions = Counter(orjson.dumps(fact["data"]["entity"]) for fact in facts)
    return [entity for entity, times in versions.items() if times > 1]


def _gaps(facts: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Entities of which a version between the first and the last was not published."""
    versions: dict[tuple[str, str], set[int]] = defaultdict(set)
    for fact in facts:
        entity = fact["data"]["entity"]
        versions[entity["type"], entity["id"]].add(entity["version"])
    return [entity for entity, known in versions.items() if max(known) != len(known)]


async def _assert_books_balance(site: Site, state: State, story: Story) -> None:
    async with site.process.works.begin() as work:
        await check_books(work)
    by_account: dict[str, Decimal] = defaultdict(Decimal)
    for account, _, total in state["balances"]:
        by_account[account] += total
    revenue = {key: -total for account, key, total in state["balances"] if account == "revenue"}
    assert revenue == story.revenue
    assert by_account["bank"] == story.paid
    owed = by_account["receivable"] + by_account["late_fee_income"]
    assert owed + by_account["unapplied_cash"] == story.billed - story.paid


def _newest_shares(published: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Decimal]:
    """By ref and unit: what whoever keeps the newest version of every posting knows (yuan)."""
    newest: dict[str, dict[str, Any]] = {}
    for fact in published:
        if fact["type"] == "dakehu.billing.revenue_posted.v1":
            data = fact["data"]
            held = newest.setdefault(data["posting_id"], data)
            if data["entity"]["version"] > held["entity"]["version"]:
                newest[data["posting_id"]] = data
    return _added_up(
        (data["source"]["ref"], share["unit"], Decimal(share["amount"]["amount"]))
        for data in newest.values()
        for share in data["shares"]
    )


def _shares_of_the_ledger(state: State) -> dict[tuple[str, str], Decimal]:
    return _added_up((ref, unit, amount) for _, ref, unit, _, amount in state["shares"])


def _added_up(parts: Any) -> dict[tuple[str, str], Decimal]:
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for ref, unit, amount in parts:
        totals[ref, unit] += amount
    return {key: total for key, total in totals.items() if total}


def _effects_of_toy(story: Story) -> list[str]:
    data = [orjson.loads(message.body)["data"] for message in story.messages]
    numbers = [each.get("ref") or each["code"] for each in data]
    return sorted(number for number in numbers if number not in story.refused)
