"""Customers whom somebody decided to leave alone for some time (B-13)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.billing.handlers.arrears import leave_alone
from services.billing.handlers.arrears.leave_alone import DunAgain, EndedBefore, LeaveAlone
from shared.errors import Invalid
from shared.work import Work
from tests.services.billing.books import charge, enter, merged, take
from tests.services.billing.handlers.arrears.letters import DUE, ISSUED, REMINDED, dunned, owed
from tests.support.cast import ELECTRONICS, FINANCE, INSURER


async def test_whoever_is_left_alone_is_not_dunned_until_the_last_day(work: Work) -> None:
    await enter(work, FINANCE)
    await take(work, owed())
    command = LeaveAlone(ELECTRONICS.key, "水灾 / flood", until_on=REMINDED, on=ISSUED)
    await leave_alone.handle(work, command)
    assert await dunned(work, REMINDED) == []
    assert await dunned(work, REMINDED + timedelta(days=1)) == [("reminder", "100.00")]


async def test_an_exclusion_is_ended_by_a_person_once(work: Work) -> None:
    await enter(work, FINANCE)
    made = await leave_alone.handle(work, LeaveAlone(ELECTRONICS.key, "协商", on=ISSUED))
    ended = await leave_alone.end(work, DunAgain(made.exclusion_id, 1, REMINDED))
    assert (ended.until_on, ended.ended_by) == (
        REMINDED - timedelta(days=1),
        FINANCE.code,
    )
    with pytest.raises(EndedBefore):
        await leave_alone.end(work, DunAgain(made.exclusion_id, 2, REMINDED))
    await take(work, owed())
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]


async def test_an_exclusion_does_not_end_before_it_begins(work: Work) -> None:
    await enter(work, FINANCE)
    command = LeaveAlone(ELECTRONICS.key, "-", until_on=ISSUED - timedelta(days=1), on=ISSUED)
    with pytest.raises(Invalid):
        await leave_alone.handle(work, command)


@pytest.mark.parametrize("is_merged", [True, False])
async def test_whoever_is_left_alone_is_so_under_all_its_keys(work: Work, is_merged: bool) -> None:
    await enter(work, FINANCE)
    await take(work, charge(INSURER, "C-2", 100, issued=ISSUED, due=DUE))
    if is_merged:
        await take(work, merged(INSURER, ELECTRONICS))
    await leave_alone.handle(work, LeaveAlone(ELECTRONICS.key, "协商", on=ISSUED))
    assert bool(await dunned(work, REMINDED)) is not is_merged


async def test_an_exclusion_is_not_ended_before_its_first_day(work: Work) -> None:
    await enter(work, FINANCE)
    made = await leave_alone.handle(work, LeaveAlone(ELECTRONICS.key, "协商", on=REMINDED))
    with pytest.raises(Invalid):
        await leave_alone.end(work, DunAgain(made.exclusion_id, 1, REMINDED - timedelta(days=1)))
    await leave_alone.end(work, DunAgain(made.exclusion_id, 1, REMINDED))
    await take(work, owed())
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]
