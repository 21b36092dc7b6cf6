"""Grants: the unit and those above it, one aspect, its days; archives stay with their unit."""

from __future__ import annotations

import dataclasses

import pytest

from shared.auth import Caller
from shared.contracts.registry import Aspect
from shared.directory import grants, scope, units
from shared.directory.customers import UnapprovedCustomer
from shared.work import Work
from tests.shared.directory.conftest import Tell
from tests.shared.directory.facts import customer, key, merged, unit
from tests.shared.directory.facts import scope as granted

ORGANISATION = (unit("GD", None), unit("GZ", "GD"), unit("TH", "GZ"), unit("SZ", "GD"))


async def _as(work: Work, code: str) -> Work:
    await work.run("SELECT kit.enter('S1', :unit, :today)", {"unit": code, "today": work.today})
    return dataclasses.replace(work, caller=Caller("S1", code, frozenset()))


async def _sees(work: Work, code: str, name: str, aspect: str) -> bool:
    await _as(work, code)
    return bool(await work.value("SELECT kit.may_see(:key, :aspect)", key=key(name), aspect=aspect))


async def test_a_grant_reaches_its_unit_and_those_above_and_one_aspect(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION, granted("a", 1, ("GZ", Aspect.MONEY)))
    for code, seen in (("GD", True), ("GZ", True), ("TH", False), ("SZ", False), ("??", False)):
        assert await _sees(work, code, "a", "money") is seen, code
        assert await _sees(work, code, "a", "base") is False, code


async def test_an_archive_is_seen_by_the_very_unit_of_its_grant_alone(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION, granted("a", 1, ("GZ", Aspect.ARCHIVE)))
    for code, seen in (("GD", False), ("GZ", True), ("TH", False)):
        assert await _sees(work, code, "a", "archive") is seen, code


async def test_a_unit_that_moves_takes_the_sight_of_those_above_with_it(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION, granted("a", 1, ("TH", Aspect.BASE)))
    assert await _sees(work, "GZ", "a", "base")
    await tell(unit("TH", "SZ", 2))
    assert not await _sees(work, "GZ", "a", "base")
    assert await _sees(work, "SZ", "a", "base")
    assert await units.above(work, "TH") == ["TH", "SZ", "GD"]


async def test_units_below_each_other_in_a_ring_do_not_hang(work: Work, tell: Tell) -> None:
    await tell(unit("X", "Y"), unit("Y", "X"))
    assert set(await units.above(work, "X")) == {"X", "Y"}


async def test_who_sees_the_survivor_sees_the_merged_customer_and_not_the_reverse(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION, granted("a", 1, ("GZ", Aspect.BASE)))
    await tell(granted("b", 1, ("SZ", Aspect.BASE)), merged("a", "b"))
    assert await _sees(work, "SZ", "a", "base")
    assert await _sees(work, "GZ", "a", "base")
    assert not await _sees(work, "GZ", "b", "base")
    await tell(merged("a", None, 2))
    assert not await _sees(work, "SZ", "a", "base")


async def test_without_a_caller_nothing_is_visible(work: Work, tell: Tell) -> None:
    await tell(*ORGANISATION, granted("a", 1, ("GD", Aspect.BASE)))
    rows = await work.rows(
        f"SELECT customer_key FROM kit.grants WHERE {grants.visible('base', 'grants.customer_key')}"
    )
    assert rows == []


async def test_a_command_needs_the_grant_and_a_customer_that_somebody_knows(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION, customer("a"), granted("a", 1, ("GZ", Aspect.BASE)))
    await scope.require(await _as(work, "GZ"), key("a"), "base")
    with pytest.raises(scope.OutOfScope):
        await scope.require(await _as(work, "GZ"), key("a"), "money")
    with pytest.raises(scope.OutOfScope):
        await scope.require(await _as(work, "SZ"), key("a"), "base")
    with pytest.raises(UnapprovedCustomer):
        await scope.require(await _as(work, "GZ"), key("unknown"), "base")


async def test_a_command_about_a_unit_needs_it_to_be_ones_own_or_below(
    work: Work, tell: Tell
) -> None:
    await tell(*ORGANISATION)
    for code in ("GZ", "TH"):
        await scope.require_unit(await _as(work, "GZ"), code)
    for code in ("GD", "SZ", "??"):
        with pytest.raises(scope.OutOfScope):
            await scope.require_unit(await _as(work, "GZ"), code)


def test_a_misspelt_aspect_is_a_mistake_at_once() -> None:
    with pytest.raises(ValueError, match="mony"):
        grants.visible("mony")  # type: ignore[arg-type]
