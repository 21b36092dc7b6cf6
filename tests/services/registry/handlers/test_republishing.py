"""What is told again is what holds, at unchanged versions, and a new service ends up the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.registry.handlers import republish
from services.registry.handlers.republish import REPUBLISH
from shared.contracts.registry import OwnershipChanged, SplitChanged
from shared.work import Work
from tests.services.registry.story import commit, managed, registered, signed, told
from tests.support.facts import said


async def everything(work: Work) -> set[str]:
    """All facts told so far, without their order."""
    return {fact.subject + fact.model_dump_json() for fact in said(work)}


async def test_what_is_republished_was_published_before_word_for_word(work: Work) -> None:
    registration = await registered(work)
    key = registration.customer.customer_key
    await managed(work, key)
    await signed(work, key, "SZ-NS", date(2026, 2, 2))
    before = await everything(work)
    await commit(work)
    for kind in ("customers", "scope", "ownership", "splits", "managers"):
        assert await REPUBLISH[kind](work, None) is None
    again = await everything(work)
    assert again <= before
    assert len(told(work, OwnershipChanged)) == 2
    assert len(told(work, SplitChanged)) == 2


async def test_units_and_staff_are_told_as_the_directory_has_them(work: Work) -> None:
    await REPUBLISH["units"](work, None)
    await REPUBLISH["staff"](work, None)
    units = await work.value("SELECT count(*) FROM kit.units")
    states = await work.value("SELECT count(*) FROM kit.staff_states")
    assert len(work._collected.published) == units + states


async def test_pages_follow_each_other_without_a_gap(work: Work, monkeypatch: Any) -> None:
    monkeypatch.setattr(republish, "PAGE", 3)
    after, pages = None, 0
    while True:
        after = await REPUBLISH["units"](work, after)
        pages += 1
        if after is None:
            break
    units = await work.value("SELECT count(*) FROM units")
    assert len(work._collected.published) == units
    assert pages == units // 3 + 1
