"""R-37, R-44, R-45: rulings re-state revenue while more of it arrives on two workers.

Registry decides as it does, by its own order of precedence, and publishes what follows; billing
takes it in between the revenue. At every instant the units' totals are the ledger's.
"""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from services.registry.domain.belonging.precedence import (
    Claim,
    DatedPrecedence,
    RuleFamily,
    SplitPrecedence,
    renewed,
)
from services.registry.domain.belonging.splits import (
    Share,
    Shares,
    Split,
    SplitRule,
    Terms,
    everything_to,
)
from services.registry.handlers.publishing import split_changed
from shared.contracts.enterprise import RevenueRecorded
from shared.messaging.cloudevents import Message
from tests.faults.sites import Site
from tests.faults.stories import Story
from tests.faults.verdicts import assert_nothing_lost_nothing_doubled
from tests.services.billing import books
from tests.support.cast import Customer
from tests.support.retelling import message_of

FIRST_DAY, LAST_YEAR = date(2025, 11, 1), date(2025, 1, 1)
RULED_FROM, APPEALED_FROM = date(2025, 12, 15), date(2026, 1, 10)
BASE = Decimal("20000.00")
"""Yuan a calendar year that GZ keeps; what goes beyond is increment."""
DISPUTED = Customer("K-1", "争议客户有限公司", "GZ", "440106")
QUIET = Customer("K-2", "平静客户有限公司", "GZ", "440106")
PRECEDENCE = [DatedPrecedence(1, LAST_YEAR, SplitPrecedence(tuple(RuleFamily)))]
OWNED = Claim(SplitRule.DEFAULT, Terms(everything_to("GZ")), LAST_YEAR)
on_billing = pytest.mark.parametrize("subject", ["billing"], indirect=True)


def shares(**parts: str) -> Shares:
    return tuple(Share(unit, Decimal(part)) for unit, part in parts.items())


AGREED = Claim(
    SplitRule.BASE_INCREMENT,
    Terms(shares(GZ="1"), shares(GZ="0.5", SZ="0.5"), BASE),
    LAST_YEAR,
)
RULED = Claim(
    SplitRule.RULING,
    Terms(shares(GZ="0.7", SZ="0.3"), shares(GZ="0.3333", SZ="0.6667"), BASE),
    RULED_FROM,
    order=1,
    ruling_id=UUID(int=1),
)
APPEALED = Claim(
    SplitRule.RULING, Terms(shares(SZ="1")), APPEALED_FROM, order=2, ruling_id=UUID(int=2)
)


def decided() -> list[list[Split]]:
    """What registry says at first, after the ruling, and after the ruling on appeal."""
    told: list[list[Split]] = []
    claims, history = [OWNED], list[Split]()
    for claim in (AGREED, RULED, APPEALED):
        claims.append(claim)
        told.append(renewed(history, claims, PRECEDENCE, date(2026, 3, 1)))
        history += told[-1]
    return told


def of_splits(splits: Sequence[Split]) -> list[Message]:
    return [message_of(split_changed(DISPUTED.key, split, "CNY")) for split in splits]


def earned(number: int) -> tuple[list[RevenueRecorded], dict[UUID, Decimal]]:
    """Revenue of 80 days around a new year, some of it taken back in the year after."""
    random = Random(45)
    events: list[RevenueRecorded] = []
    totals: dict[UUID, Decimal] = defaultdict(Decimal)
    for each in range(number):
        customer = QUIET if each % 5 == 0 else DISPUTED
        amount = Decimal(random.randrange(1, 60_000)) / 100
        on = FIRST_DAY + timedelta(days=random.randrange(80))
        events.append(books.revenue(customer, f"R-{each}", str(amount), on=on))
        totals[customer.key] += amount
        if each % 11 == 0:
            back = -(amount / 2).quantize(Decimal("0.01"))
            later = on + timedelta(days=40)
            events.append(
                books.revenue(customer, f"RB-{each}", str(back), on=later, reverses=f"R-{each}")
            )
            totals[customer.key] += back
    random.shuffle(events)
    return events, dict(totals)


@on_billing
async def test_r37_rulings_restate_while_revenue_arrives_on_two_workers(site: Site) -> None:
    first, ruling, appeal = (of_splits(splits) for splits in decided())
    events, totals = earned(360)
    known = [DISPUTED.changed(), QUIET.changed(), books.owned(DISPUTED), books.owned(QUIET)]
    revenue = [message_of(event) for event in events]
    start = [message_of(event) for event in known] + first
    await site.send(start)
    workers = [site.start_worker(), site.start_worker("before-commit", time=6)]

    load = asyncio.create_task(site.send(revenue))
    for after, decision in ((110, ruling), (220, appeal)):
        await site.received(after)
        await site.send(decision)
        await books_are_whole(site)
    await load
    assert await site.died(workers[1]) == [-signal.SIGKILL]
    workers.append(site.start_worker())
    await site.settled()

    story = Story([*start, *revenue, *ruling, *appeal], totals)
    await assert_nothing_lost_nothing_doubled(site, story)
    await books_are_whole(site)
    assert await by_year_and_part(site) == expected(events)
    restated = await site.value(
        "SELECT count(DISTINCT posting_id) FROM posting_history"
        f" JOIN postings USING (posting_id) WHERE decided_on >= '{RULED_FROM}'"
    )
    assert restated > 0, "the rulings came after some of the revenue that they are about"


async def books_are_whole(site: Site) -> None:
    """At this very instant the units' totals are those of the ledger and of the postings."""
    async with site.process.works.begin() as work:
        found = await work.row(
            "SELECT (SELECT coalesce(sum(amount), 0) FROM postings) AS posted,"
            " (SELECT coalesce(-sum(balance), 0) FROM entries WHERE account = 'revenue')"
            " AS by_unit, (SELECT coalesce(sum(balance), 0) FROM entries) AS trial_balance"
        )
    assert found is not None
    assert found["posted"] == found["by_unit"]
    assert found["trial_balance"] == 0


async def by_year_and_part(site: Site) -> dict[tuple[int, str], Decimal]:
    """Of the disputed customer: what was shared as base, and as increment, of each year (yuan)."""
    async with site.process.works.begin() as work:
        rows = await work.rows(
            "SELECT CAST(extract(year FROM decided_on) AS int) AS year,"
            " CASE WHEN is_increment THEN 'increment' ELSE 'base' END AS part,"
            " -sum(balance) AS amount FROM entries JOIN postings ON posting_id = source_id"
            " WHERE account = 'revenue' AND postings.customer_key = :key AND decided_on < :until"
            " GROUP BY 1, 2 HAVING sum(balance) <> 0",
            key=DISPUTED.key,
            until=APPEALED_FROM,
        )
    return {(row["year"], row["part"]): row["amount"] for row in rows}


def expected(events: Sequence[RevenueRecorded]) -> dict[tuple[int, str], Decimal]:
    """The base of a year is filled by that year's revenue, whoever ruled what about it."""
    days = {each.ref: each.occurred_on for each in events}
    by_year: dict[int, Decimal] = defaultdict(Decimal)
    for each in events:
        on = each.occurred_on if each.reverses is None else days[each.reverses.ref]
        if each.customer == books.named(DISPUTED) and on < APPEALED_FROM:
            by_year[on.year] += each.amount.amount
    parts = {
        (year, part): amount
        for year, total in by_year.items()
        for part, amount in (("base", min(total, BASE)), ("increment", total - min(total, BASE)))
    }
    return {key: amount for key, amount in parts.items() if amount}
