"""What is told again is what holds, at unchanged versions, and a new service ends up the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.registry.handlers import republish
from services.registry.handlers.archive import find_stale
from services.registry.handlers.cases import end_dispute, notice_overdue, rule_dispute
from services.registry.handlers.cases.end_dispute import WithdrawClaim
from services.registry.handlers.handovers import hear_answers
from services.registry.handlers.republish import REPUBLISH
from shared.contracts import catalogue
from shared.contracts.registry import FactRefused, OwnershipChanged, SplitChanged
from shared.work import Work
from tests.services.registry.handlers.archive.test_freshness import city_rhythm
from tests.services.registry.handlers.cases.test_disputing import OPENED_ON, claimed, ruling
from tests.services.registry.handlers.identity.test_merging import merge, two
from tests.services.registry.handlers.people.test_handing_over import (
    BOTH,
    A,
    answer,
    leave,
    only,
)
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    commit,
    managed,
    mechanics,
    registered,
    signed,
    told,
)
from tests.support import cast
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


async def a_full_year(work: Work) -> None:
    """Something of everything that registry tells."""
    await city_rhythm(work, otherwise_months=1)
    await managed(work, await approved(work))
    await merge(work, *await two(work))
    key = await approved(work, Declaring(customer=mechanics(name="广州东方机械有限公司")))
    await signed(work, key, "GZ-TH", date(2026, 1, 20), kind="supply")
    late = await claimed(work, key)
    await notice_overdue.handle(work, OPENED_ON + timedelta(days=31))
    await rule_dispute.handle(work, ruling(late, expected_version=2))
    other = await approved(work, Declaring(customer=mechanics(name="广州西方机械有限公司")))
    dropped = await claimed(work, other)
    by = acting(cast.OTHER_CITY_DIRECTOR)
    await end_dispute.withdraw(work, WithdrawClaim(dropped.dispute_id, by, OPENED_ON))
    assert await find_stale.overdue(work, date(2026, 2, 13)) > 0
    await leave(work, A)
    for kind in BOTH:
        await hear_answers.handle(work, answer(kind, await only(work)))
    for first in ("units", "staff"):
        await REPUBLISH[first](work, None)  # The cast was there before the story begins.


async def test_everything_that_registry_tells_can_be_told_again_word_for_word(work: Work) -> None:
    """A service that is new, or was away for long, hears each kind of fact by `republish`."""
    told_by_registry = {
        catalogue.subject_of(event)
        for event in catalogue.all_events()
        if catalogue.publisher_of(event) == "registry" and event is not FactRefused
    }
    await a_full_year(work)
    before = await everything(work)
    assert {fact.subject for fact in said(work)} >= told_by_registry, "the story tells of each"
    await commit(work)
    for publish in REPUBLISH.values():
        assert await publish(work, None) is None
    again = said(work)
    assert {fact.subject for fact in again} == told_by_registry
    assert await everything(work) <= before


async def test_decisions_are_told_again_all_of_them_and_as_they_were_taken(work: Work) -> None:
    await a_full_year(work)
    decisions = ("dispute_", "archive_overdue", "contract_signed", "handover_completed")
    before = {line for line in await everything(work) if any(name in line for name in decisions)}
    await commit(work)
    for kind in ("disputes", "archives", "contracts", "handovers"):
        await REPUBLISH[kind](work, None)
    again = {line for line in await everything(work) if "handover_started" not in line}
    assert again == before
