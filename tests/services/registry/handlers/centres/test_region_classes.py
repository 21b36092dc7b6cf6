"""R-11: a change of class is published on its day, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.registry.handlers.centres import classify_regions
from services.registry.handlers.centres.classify_regions import ReclassifyCity
from shared.contracts.registry import UnitChanged
from shared.work import Work
from tests.services.registry.story import told


async def reclassified(work: Work, days: int) -> None:
    on = work.today + timedelta(days=days)
    await classify_regions.handle(work, ReclassifyCity("440300", 2, on, "P001", "业务发展"))


def classes(work: Work) -> list[tuple[str, int | None, int]]:
    return [(fact.unit, fact.region_class, fact.entity.version) for fact in told(work, UnitChanged)]


async def test_r11_a_change_of_today_is_told_at_once(work: Work) -> None:
    await classify_regions.follow(work, work.today)
    told_before = len(classes(work))
    await reclassified(work, 0)
    assert classes(work)[told_before:] == [("SZ", 2, 3)]
    assert await work.value("SELECT region_class FROM kit.units WHERE unit = 'SZ'") == 2


async def test_r11_a_change_to_come_is_told_by_the_sweep_of_its_day_and_only_once(
    work: Work,
) -> None:
    await classify_regions.follow(work, work.today)
    told_before = len(classes(work))
    await reclassified(work, 10)
    for days in (9, 10, 11):
        await classify_regions.follow(work, work.today + timedelta(days=days))
    assert classes(work)[told_before:] == [("SZ", 2, 3)]


async def test_r11_the_sweep_tells_the_classes_of_cities_that_came_before_them(work: Work) -> None:
    assert await classify_regions.follow(work, work.today) == 2
    assert classes(work) == [("GZ", 1, 2), ("SZ", 1, 2)]
    assert await classify_regions.follow(work, work.today) == 0


async def test_r11_changes_are_never_deleted(work: Work) -> None:
    await reclassified(work, 0)
    with pytest.raises(Exception, match="only ever added"):
        await work.run("DELETE FROM region_classes")
