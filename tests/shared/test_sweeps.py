"""Sweeps: every business date once, in order, whichever replica performs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from shared.service import Runtime
from shared.sweeps import (
    Handler,
    Performed,
    Portion,
    Sweeps,
    daily,
    daily_in_portions,
    keep_up,
    perform,
    report_lag,
)
from shared.work import Work
from tests.support.clocks import TEST_BEGINS_AT, SetClock

MONDAY = date(2026, 3, 16)


def day(number: int) -> date:
    """March 2026."""
    return date(2026, 3, number)


class Diary:
    """Sweeps that note what they were asked, and can be told to fail on a date."""

    def __init__(self, *names: str) -> None:
        self.noted: list[tuple[str, date]] = []
        self.fails_on: date | None = None
        self.slowness = 0.0
        self.sweeps = Sweeps(*(daily(name, self._handler(name)) for name in names))

    def _handler(self, name: str) -> Handler:
        async def handle(work: Work, on: date) -> int:
            assert work.today == on
            await asyncio.sleep(self.slowness)
            if on == self.fails_on:
                raise RuntimeError(f"{name} fails on {on}")
            self.noted.append((name, on))
            return 2

        return handle


async def test_a_sweep_that_never_ran_starts_today(process: Runtime) -> None:
    diary = Diary("expire")
    assert await perform(process.works, diary.sweeps, MONDAY) == [Performed("expire", MONDAY, 2)]
    assert diary.noted == [("expire", MONDAY)]


async def test_a_first_date_can_be_given(process: Runtime) -> None:
    diary = Diary("expire")
    await perform(process.works, diary.sweeps, day(16), day(14))
    assert diary.noted == [("expire", day(14)), ("expire", day(15)), ("expire", day(16))]


async def test_missed_dates_are_performed_in_order_date_by_date(process: Runtime) -> None:
    diary = Diary("expire", "dun")
    await perform(process.works, diary.sweeps, day(10))
    diary.noted.clear()
    await perform(process.works, diary.sweeps, day(12))
    assert diary.noted == [
        ("expire", day(11)),
        ("dun", day(11)),
        ("expire", day(12)),
        ("dun", day(12)),
    ]


async def test_a_date_is_never_performed_twice_nor_left_out(process: Runtime) -> None:
    diary = Diary("expire")
    await perform(process.works, diary.sweeps, day(10))
    diary.noted.clear()
    assert await perform(process.works, diary.sweeps, day(10)) == []
    await perform(process.works, diary.sweeps, day(8), day(5))
    assert diary.noted == []
    await perform(process.works, diary.sweeps, day(13), day(13))
    assert [on for _, on in diary.noted] == [day(11), day(12), day(13)]


async def test_a_new_sweep_starts_where_it_is_told_beside_older_ones(process: Runtime) -> None:
    await perform(process.works, Diary("expire").sweeps, day(10))
    both = Diary("expire", "dun")
    await perform(process.works, both.sweeps, day(11))
    assert both.noted == [("expire", day(11)), ("dun", day(11))]


async def test_a_date_that_fails_leaves_nothing_and_stops_the_run(process: Runtime) -> None:
    diary = Diary("expire")
    diary.fails_on = day(11)
    with pytest.raises(RuntimeError, match="2026-03-11"):
        await perform(process.works, diary.sweeps, day(12), day(10))
    diary.fails_on = None
    await perform(process.works, diary.sweeps, day(12))
    assert [on for _, on in diary.noted] == [day(10), day(11), day(12)]


async def test_two_replicas_share_the_dates_and_none_is_done_twice(process: Runtime) -> None:
    diary = Diary("expire", "dun")
    diary.slowness = 0.01
    done = await asyncio.gather(
        perform(process.works, diary.sweeps, day(16), day(10)),
        perform(process.works, diary.sweeps, day(16), day(10)),
    )
    expected = [(name, day(number)) for number in range(10, 17) for name in ("expire", "dun")]
    assert diary.noted == expected
    assert len(done[0]) + len(done[1]) == len(expected)


async def test_each_date_is_reported_as_it_is_done(process: Runtime) -> None:
    seen: list[Performed] = []
    await perform(process.works, Diary("expire").sweeps, day(11), day(10), report=seen.append)
    assert [each.on for each in seen] == [day(10), day(11)]


class Ledger:
    """Three things to be marked, one in a portion; it can be told to fail on one of them."""

    def __init__(self) -> None:
        self.fails_at: int | None = None
        self.sweeps = Sweeps(daily_in_portions("mark", self.handle))

    async def handle(self, work: Work, on: date, after: UUID | None) -> Portion:
        number = 1 if after is None else after.int + 1
        if number == self.fails_at:
            raise RuntimeError(f"fails at {number}")
        marked = await work.run(
            "INSERT INTO kit.references (kind, key) VALUES ('mark', :key) ON CONFLICT DO NOTHING",
            {"key": f"{on} {number}"},
        )
        return Portion(marked.rowcount, UUID(int=number) if number < 3 else None)


async def test_a_long_date_is_done_portion_by_portion(process: Runtime) -> None:
    seen: list[Performed] = []
    done = await perform(process.works, Ledger().sweeps, day(16), report=seen.append)
    assert done == [Performed("mark", day(16), 3)]
    assert [(each.due, each.is_whole) for each in seen] == [(1, False), (2, False), (3, True)]


async def test_every_portion_is_planned_for_its_own_bounds(process: Runtime) -> None:
    planned: list[int] = []

    async def portion(work: Work, on: date, after: UUID | None) -> Portion:
        number = 0 if after is None else after.int
        await work.bulk("SELECT count(*) FROM generate_series(1, %s::int4)", 9000)
        planned.append(
            await work.value(
                "SELECT coalesce(sum(generic_plans), 0) FROM pg_prepared_statements"
                " WHERE statement LIKE 'SELECT count%'"
            )
        )
        return Portion(1, UUID(int=number + 1) if number < 20 else None)

    await perform(process.works, Sweeps(daily_in_portions("count", portion)), MONDAY)
    assert planned == [0] * 21


async def test_portions_before_a_failure_stay_done(process: Runtime) -> None:
    ledger = Ledger()
    ledger.fails_at = 3
    with pytest.raises(RuntimeError):
        await perform(process.works, ledger.sweeps, day(16))
    ledger.fails_at = None
    assert await perform(process.works, ledger.sweeps, day(16)) == [Performed("mark", day(16), 1)]
    assert await perform(process.works, ledger.sweeps, day(16)) == []


async def test_two_replicas_share_the_portions_of_a_date(process: Runtime) -> None:
    ledger = Ledger()
    done = await asyncio.gather(
        *(perform(process.works, ledger.sweeps, day(18), day(16)) for _ in range(2))
    )
    assert sum(each.due for replica in done for each in replica) <= 9
    async with process.works.begin() as work:
        assert await work.value("SELECT count(*) FROM kit.references WHERE kind = 'mark'") == 9


def test_a_name_may_be_listed_once() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        Diary("expire", "expire")


async def test_the_worker_follows_the_clock_and_the_time_zone(
    process: Runtime, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.sweeps._LOOK_EVERY_SECONDS", 0.01)
    diary, stop = Diary("expire"), asyncio.Event()
    running = asyncio.create_task(keep_up(process.works, diary.sweeps, stop))
    await _until(lambda: len(diary.noted) == 1)
    clock.set(TEST_BEGINS_AT.replace(hour=23, minute=59))
    await asyncio.sleep(0.05)
    assert diary.noted == [("expire", day(16))]
    clock.advance(timedelta(minutes=1))  # midnight at the site, 16:00 in UTC
    await _until(lambda: len(diary.noted) == 2)
    stop.set()
    await running
    assert diary.noted[1] == ("expire", day(17))


async def test_the_worker_tries_a_failed_date_again(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.sweeps._LOOK_EVERY_SECONDS", 0.01)
    diary, stop = Diary("expire"), asyncio.Event()
    diary.fails_on = MONDAY
    running = asyncio.create_task(keep_up(process.works, diary.sweeps, stop))
    await _until(lambda: (_failures("expire") or 0) >= 2)
    diary.fails_on = None
    await _until(lambda: diary.noted == [("expire", MONDAY)])
    stop.set()
    await running


async def test_the_lag_counts_the_dates_still_to_perform(process: Runtime) -> None:
    diary = Diary("lagging")
    await perform(process.works, diary.sweeps, day(10))
    assert _lag("lagging") == 0
    await report_lag(process.works, diary.sweeps, day(14))
    assert _lag("lagging") == 4


async def _until(happened: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it did not happen within ten seconds")


def _lag(sweep: str) -> float | None:
    return REGISTRY.get_sample_value(
        "dakehu_sweep_lag_days", {"service": "billing", "sweep": sweep}
    )


def _failures(sweep: str) -> float | None:
    return REGISTRY.get_sample_value(
        "dakehu_sweep_failures_total", {"service": "billing", "sweep": sweep}
    )
