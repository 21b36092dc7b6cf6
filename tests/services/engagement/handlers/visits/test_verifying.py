"""A visit is checked by phone by somebody who was not there."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from services.engagement.domain.visits.verification import (
    AlreadyVerified,
    Verdict,
    VerifierWasThere,
)
from services.engagement.handlers.visits import verify_visit
from services.engagement.handlers.visits.verify_visit import CallAboutVisit
from services.engagement.storage.visits import verifications
from shared.calendar import load, read_calendar
from shared.errors import NotFound, StaleVersion
from shared.work import Work
from tests.services.engagement.events import at
from tests.services.engagement.handlers.visits.trips import MONDAY, call, record
from tests.services.engagement.stories import comprehensive_gold, enter, states, sweep, told
from tests.support.cast import ELECTRONICS, MANAGER_A, MANAGER_B, TELEPHONE


async def test_E_26_every_trip_is_to_be_verified_within_three_working_days(work: Work) -> None:
    trip = await record(work)
    phoned = await record(work, MANAGER_B, channel="phone")
    kept = await verifications.of_visit(work, trip.visit_id)
    assert kept is not None
    assert (kept.reported_on, kept.verification.due_on) == (MONDAY, date(2026, 3, 19))
    assert await verifications.of_visit(work, phoned.visit_id) is None


async def test_E_26_the_verdict_is_told_and_given_once(work: Work) -> None:
    visit_id = (await record(work)).visit_id
    await call(work, visit_id, Verdict.NO_ANSWER)
    assert told(work, "visit_verified") == []
    await call(work, visit_id, Verdict.CONFIRMED)
    (fact,) = told(work, "visit_verified")
    assert (fact["verdict"], fact["attempts"], fact["verified_by"]) == (
        "confirmed",
        2,
        TELEPHONE.code,
    )
    with pytest.raises(AlreadyVerified):
        await call(work, visit_id, Verdict.DIFFERS)
    notes = await work.rows("SELECT note FROM verification_calls")
    assert all("核对".encode() not in bytes(row["note"]) for row in notes)


async def test_E_26_a_visitor_with_a_telephone_job_may_not_verify_his_own_visit(
    work: Work,
) -> None:
    visit_id = (await record(work, companions=(TELEPHONE.code,))).visit_id
    with pytest.raises(VerifierWasThere):
        await call(work, visit_id, Verdict.CONFIRMED)
    with pytest.raises(VerifierWasThere):
        await call(work, visit_id, Verdict.CONFIRMED, MANAGER_A)


async def test_E_26_who_saw_an_older_version_calls_in_vain(work: Work) -> None:
    visit_id = (await record(work)).visit_id
    await enter(work, TELEPHONE)
    with pytest.raises(StaleVersion):
        await verify_visit.handle(work, CallAboutVisit(visit_id, Verdict.CONFIRMED, 9))
    with pytest.raises(NotFound):
        await verify_visit.handle(work, CallAboutVisit(UUID(int=1), Verdict.CONFIRMED, 1))


async def test_E_26_a_visit_that_differs_meets_no_obligation(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, date(2026, 3, 1))
    visit_id = (await record(work)).visit_id
    key = ("centre-comprehensive-gold-monthly", date(2026, 3, 1))
    assert (*key, "met", 1) in await states(work, ELECTRONICS)
    await call(work, visit_id, Verdict.DIFFERS)
    assert (*key, "due", 0) in await states(work, ELECTRONICS)


async def test_a_deadline_on_a_calendar_not_announced_is_counted_anew_when_it_is(
    work: Work,
) -> None:
    work.now = datetime.fromisoformat("2027-09-30T10:00:00+08:00")
    work.today = date(2027, 9, 30)
    recorded = await record(work, started_at=at(date(2027, 9, 29)))
    kept = await verifications.of_visit(work, recorded.visit_id)
    assert kept is not None
    assert (kept.verification.due_on, kept.verification.is_provisional) == (
        date(2027, 10, 5),
        True,
    )
    await load(work, read_calendar(_YEAR_2027), "test")
    await sweep(work, date(2027, 10, 1))
    kept = await verifications.of_visit(work, recorded.visit_id)
    assert kept is not None
    assert (kept.verification.due_on, kept.verification.is_provisional) == (
        date(2027, 10, 12),
        False,
    )


def _off(*days: str) -> str:
    return "\n".join(f"{day},no,假日" for day in days)


_YEAR_2027 = "date,is_working,name\n" + _off(
    *("2027-01-01", "2027-02-06", "2027-04-05", "2027-05-01", "2027-06-09", "2027-09-15"),
    *(f"2027-10-0{day}" for day in range(1, 8)),
)
