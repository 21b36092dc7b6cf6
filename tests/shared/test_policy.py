"""Policies: versions that are only ever added, valid from their day."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError

from shared import policy
from shared.errors import NotFound
from shared.policy import NoPolicyInForce, Versioned
from shared.service import Runtime
from shared.work import Work
from tests.shared.conftest import Band, Interest, interest

NEW_YEAR = date(2026, 1, 1)
SPRING = date(2026, 4, 1)


async def _record(work: Work, per_mille: str, on: date) -> Versioned[Interest]:
    return await policy.record(
        work, Interest, interest(per_mille), on, author="S001", reason="试行", source="ours"
    )


async def test_the_first_version_is_1_and_holds_from_its_day_on(work: Work) -> None:
    recorded = await _record(work, "1.5", NEW_YEAR)
    assert recorded.version == 1
    assert recorded == await policy.in_force(work, Interest, NEW_YEAR)
    assert recorded.body == Interest(3, (Band(Decimal(0), Decimal("1.5")),))
    assert recorded.reference.model_dump() == {"name": "interest", "version": 1}


async def test_nothing_is_in_force_the_day_before(work: Work) -> None:
    await _record(work, "1.5", NEW_YEAR)
    with pytest.raises(NoPolicyInForce) as caught:
        await policy.in_force(work, Interest, date(2025, 12, 31))
    assert "2025-12-31" in caught.value.detail_zh
    assert "interest is not in force" in caught.value.detail_en


async def test_the_highest_version_that_is_effective_wins(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    await _record(work, "2", SPRING)
    await _record(work, "3", NEW_YEAR)  # a correction of the first, recorded last
    march = await policy.in_force(work, Interest, date(2026, 3, 31))
    april = await policy.in_force(work, Interest, SPRING)
    assert (march.version, april.version) == (3, 3)


async def test_a_version_of_the_future_does_not_hold_yet(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    await _record(work, "2", SPRING)
    assert (await policy.in_force(work, Interest, date(2026, 3, 31))).version == 1
    assert (await policy.in_force(work, Interest, SPRING)).version == 2


async def test_a_timeline_answers_for_every_day_and_tells_the_changes(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    await _record(work, "2", SPRING)
    timeline = await policy.timeline(work, Interest)
    assert timeline.on(date(2026, 3, 31)).version == 1
    changes = timeline.changes(date(2026, 3, 1), date(2026, 5, 1))
    assert [(on, version.version) for on, version in changes] == [
        (date(2026, 3, 1), 1),
        (SPRING, 2),
    ]
    assert [on for on, _ in timeline.changes(SPRING, date(2026, 5, 1))] == [SPRING]
    with pytest.raises(NoPolicyInForce):
        timeline.on(date(2025, 1, 1))


async def test_the_version_of_an_old_decision_can_be_read_again(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    await _record(work, "2", NEW_YEAR)
    first = await policy.of_version(work, Interest, 1)
    assert first.body.bands[0].per_mille == Decimal(1)
    with pytest.raises(NotFound):
        await policy.of_version(work, Interest, 3)


async def test_history_says_who_when_and_why(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    (row,) = await policy.history(work, "interest")
    assert (row.author, row.reason, row.source) == ("S001", "试行", "ours")
    assert row.recorded_at == work.now
    assert row.body["bands"] == [{"from_amount": "0", "per_mille": "1"}]
    assert await policy.history(work, "never-recorded") == []


async def test_the_database_refuses_to_change_a_version(work: Work) -> None:
    await _record(work, "1", NEW_YEAR)
    with pytest.raises(DBAPIError, match="only ever added"):
        async with work.savepoint():
            await work.run("UPDATE kit.policies SET reason = 'x'")
    with pytest.raises(DBAPIError, match="only ever added"):
        async with work.savepoint():
            await work.run("DELETE FROM kit.policies")


async def test_two_who_record_at_once_get_two_versions(process: Runtime) -> None:
    async def one(per_mille: str) -> int:
        async with process.works.begin() as work:
            return (await _record(work, per_mille, NEW_YEAR)).version

    assert sorted(await asyncio.gather(*(one(str(n)) for n in range(1, 5)))) == [1, 2, 3, 4]


async def test_a_change_elsewhere_is_seen_by_the_next_unit_of_work(process: Runtime) -> None:
    async with process.works.begin() as work:
        await _record(work, "1", NEW_YEAR)
        assert (await policy.in_force(work, Interest, NEW_YEAR)).body.bands[0].per_mille == 1
    async with process.works.begin() as work:
        await _record(work, "2", NEW_YEAR)
    async with process.works.begin() as work:
        assert (await policy.in_force(work, Interest, NEW_YEAR)).body.bands[0].per_mille == 2
