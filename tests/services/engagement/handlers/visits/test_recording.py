"""Visits are recorded by those who made them, or reported by systems."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from shared.directory.customers import SuspendedCustomer, UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, visited
from tests.services.engagement.handlers.visits.trips import record
from tests.services.engagement.stories import receive, sweep, told, waiting
from tests.support.cast import (
    DECLARED,
    ELECTRONICS,
    MANAGER_A,
    MANAGER_B,
    OTHER_CITY_MANAGER,
    SUSPENDED,
)


async def test_a_visitor_records_a_visit_and_it_is_told_without_words_or_names(work: Work) -> None:
    recorded = await record(work, companions=(MANAGER_B.code,))
    (fact,) = told(work, "visit_recorded")
    assert fact["visit_id"] == str(recorded.visit_id)
    assert fact["visitors"] == [MANAGER_A.code, MANAGER_B.code]
    assert (fact["roles"], fact["unit"]) == (["account_manager"], "GZ")
    assert fact["occurred_on"] == "2026-03-13"
    assert "王" not in str(fact)
    sealed = await work.row("SELECT content, target_name FROM visits")
    assert sealed is not None
    assert "王".encode() not in bytes(sealed["content"]) + bytes(sealed["target_name"])


async def test_R_20_nobody_visits_a_customer_that_is_not_approved_except_for_research(
    work: Work,
) -> None:
    with pytest.raises(UnapprovedCustomer):
        await record(work, customer_key=DECLARED.key)
    await record(work, customer_key=DECLARED.key, kind="research")
    with pytest.raises(SuspendedCustomer):
        await record(work, customer_key=SUSPENDED.key)
    with pytest.raises(UnapprovedCustomer):
        await record(work, customer_key=UUID(int=7), kind="research")


async def test_another_city_cannot_record_a_visit(work: Work) -> None:
    with pytest.raises(OutOfScope):
        await record(work, OTHER_CITY_MANAGER)


async def test_what_has_not_happened_cannot_be_recorded(work: Work) -> None:
    with pytest.raises(InTheFuture):
        await record(work, started_at=at(date(2026, 3, 17)))
    with pytest.raises(Invalid):
        await record(work, ended_at=at(date(2026, 3, 12)))
    with pytest.raises(Invalid):
        await record(work, companions=("NOBODY",))


async def test_E_13_a_visit_after_two_days_is_recorded_with_a_warning(work: Work) -> None:
    first = await record(work, started_at=at(date(2026, 3, 9)))
    second = await record(work, MANAGER_B, started_at=at(date(2026, 3, 11)))
    third = await record(work, started_at=at(date(2026, 3, 14)))
    assert first.warning is None
    assert second.warning is not None
    assert (second.warning.gap_days, second.warning.minimum_gap_days) == (2, 3)
    assert third.warning is None
    assert [f["is_too_early"] for f in told(work, "visit_recorded")] == [False, True, False]


async def test_E_13_a_visit_that_becomes_known_late_shows_that_another_came_too_early(
    work: Work,
) -> None:
    await record(work, started_at=at(date(2026, 3, 11)))
    await record(work, MANAGER_B, started_at=at(date(2026, 3, 10)))
    facts = told(work, "visit_recorded")
    assert [(f["entity"]["version"], f["is_too_early"]) for f in facts] == [
        (1, False),
        (1, False),
        (2, True),
    ]


async def test_R_20_a_reported_visit_to_a_customer_not_approved_waits_and_research_does_not(
    work: Work,
) -> None:
    await receive(
        work,
        visited("V1", DECLARED, date(2026, 3, 10)),
        visited("V2", DECLARED, date(2026, 3, 10), kind="research"),
        visited("V3", ELECTRONICS, date(2026, 3, 10)),
    )
    assert await waiting(work) == [("customer", f"erp:{DECLARED.code}")]
    assert await work.value("SELECT count(*) FROM visits") == 2


async def test_visits_from_before_the_site_began_raise_no_deadline_and_no_claim(
    work: Work,
) -> None:
    await sweep(work, NEW_YEAR)
    await receive(
        work,
        visited("V1", ELECTRONICS, date(2024, 12, 31), expense="99.00"),
        visited("V2", ELECTRONICS, NEW_YEAR, expense="99.00"),
    )
    assert await work.value("SELECT count(*) FROM visits") == 2
    assert await work.value("SELECT count(*) FROM verifications") == 1
    assert await work.value("SELECT count(*) FROM expenses") == 1
