"""Two transactions that depend on each other, forced to overlap in every order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from services.billing.app import SERVICE as BILLING
from shared.contracts.envelope import Event
from shared.messaging.cloudevents import Message
from shared.service import Runtime, Service, runtime
from tests.faults import states
from tests.faults.states import state_of
from tests.faults.verdicts import differences
from tests.services.billing import books
from tests.support.cast import ELECTRONICS, Customer
from tests.support.databases import Databases
from tests.support.interleaving import Interleaving, Moment
from tests.support.retelling import State, message_of

NEWCOMER = Customer("K-1", "广州新客户有限公司", "GZ", "440106")
NEW_YEAR = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facts that must find each other, after what is known before."""

    known: Sequence[Event]
    one: Event
    other: Event


PAIRS = {
    "revenue and its customer": Pair(
        [books.owned(NEWCOMER)], books.revenue(NEWCOMER, "R-1", 100), NEWCOMER.changed()
    ),
    "revenue and its owner": Pair(
        [], books.revenue(ELECTRONICS, "R-1", 100), books.owned(ELECTRONICS)
    ),
    "a reversal and its original": Pair(
        [books.owned(ELECTRONICS)],
        books.revenue(ELECTRONICS, "R-2", -40, reverses="R-1"),
        books.revenue(ELECTRONICS, "R-1", 100),
    ),
    "revenue and the split that re-states it": Pair(
        [books.owned(ELECTRONICS)],
        books.revenue(ELECTRONICS, "R-1", 100),
        books.split(ELECTRONICS, {"GZ": "0.3", "SZ": "0.7"}),
    ),
    "revenue and the split that tells base from increment": Pair(
        [books.owned(ELECTRONICS), books.revenue(ELECTRONICS, "R-0", 80, on=NEW_YEAR)],
        books.revenue(ELECTRONICS, "R-1", 100),
        books.split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="120.00"),
    ),
    "two revenues that use up the same base": Pair(
        [
            books.owned(ELECTRONICS),
            books.split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="120.00"),
        ],
        books.revenue(ELECTRONICS, "R-1", 100),
        books.revenue(ELECTRONICS, "R-2", 100),
    ),
    "two reversals of the same original": Pair(
        [books.owned(ELECTRONICS), books.revenue(ELECTRONICS, "R-0", 100)],
        books.revenue(ELECTRONICS, "R-1", -60, reverses="R-0"),
        books.revenue(ELECTRONICS, "R-2", -40, reverses="R-0"),
    ),
}


@pytest.fixture
def service() -> Service:
    """The service under test."""
    return BILLING


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("is_reversed", [False, True])
async def test_facts_that_depend_on_each_other_never_miss_each_other(
    process: Runtime,
    databases: Databases,
    interleaving: Interleaving,
    pair: Pair,
    moment: Moment,
    is_reversed: bool,
) -> None:
    known = [message_of(event) for event in pair.known]
    one, other = [message_of(pair.one)], [message_of(pair.other)]
    await process.receiver.receive(known)
    if is_reversed:
        await interleaving.overlap(other, one, moment)
    else:
        await interleaving.overlap(one, other, moment)
    one_by_one = await sequentially(process, databases, [known, one, other])
    assert not differences(await state_of(process, states.BILLING), one_by_one)
    assert not one_by_one["waiting"]


async def sequentially(
    process: Runtime, databases: Databases, batches: Sequence[Sequence[Message]]
) -> State:
    """The state of a clean database after `batches`, one after the other."""
    with databases.copy(process.service) as url:
        settings = process.settings.model_copy(update={"database_url": url})
        async with runtime(process.service, settings, "clean", process.works.clock) as clean:
            for batch in batches:
                await clean.receiver.receive(batch)
            return await state_of(clean, states.BILLING)
