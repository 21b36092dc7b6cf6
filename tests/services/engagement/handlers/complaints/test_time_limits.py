"""Limits pass, are breached, shortened and withdrawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.engagement.handlers.complaints import escalate_complaint
from services.engagement.handlers.complaints.escalate_complaint import EscalateComplaint
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, complained, tiered
from tests.services.engagement.handlers.complaints.cases import (
    FRIDAY,
    PROVINCIAL,
    answer,
    assign,
    breached,
    case_of,
    opened,
    version,
)
from tests.services.engagement.stories import enter, hear, receive, sweep, sweep_through, told
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, INSURER, Customer


async def test_E_39_a_limit_that_passed_is_a_breach_decided_by_the_next_days_sweep(
    work: Work,
) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    # Answer within two working days: until the end of Tuesday.
    await sweep_through(work, date(2025, 3, 15), date(2025, 3, 18))
    assert breached(work) == []
    await sweep(work, date(2025, 3, 19))
    assert breached(work) == [("answer", 1)]
    fact = told(work, "complaint_breached")[-1]
    assert fact["as_of"] == "2025-03-19"
    assert fact["inputs"]["limit"] == [2, "working-days"]
    assert fact["responsible_unit"] == "GZ-TH"
    assert told(work, "complaint_changed")[-1]["level"] == 1
    await sweep(work, date(2025, 3, 20))
    assert len(breached(work)) == 1


async def test_E_39_a_case_climbs_from_level_to_level_and_a_person_takes_it_to_the_regulator(
    work: Work,
) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    await sweep_through(work, date(2025, 3, 15), date(2025, 4, 1))
    assert (await case_of(work, "K1")).case.level == 3
    await enter(work, CITY_DIRECTOR)
    seen = await version(work, complaint_id)
    command = EscalateComplaint(complaint_id, "调解不成", seen, at=at(date(2025, 4, 1)))
    await escalate_complaint.handle(work, command)
    fact = told(work, "complaint_changed")[-1]
    assert (fact["state"], fact["level"]) == ("external", 4)


async def test_E_39_the_tier_of_the_governing_scheme_shortens_the_limits(work: Work) -> None:
    await hear(work, tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL))
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    fact = told(work, "complaint_changed")[-1]
    due = {clock["stage"]: clock["due_at"] for clock in fact["clocks"]}
    assert datetime.fromisoformat(due["answer"]) == at(FRIDAY, 14, 30) + timedelta(minutes=30)


async def test_E_39_a_tier_that_comes_late_moves_the_clocks_of_its_cases(work: Work) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    before = await version(work, complaint_id)
    await hear(work, tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL))
    kept = await case_of(work, "K1")
    assert (kept.tier, kept.version) == ("diamond", before + 1)
    await hear(work, tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL))
    assert (await case_of(work, "K1")).version == before + 1
    after_opening = tiered(ELECTRONICS, None, date(2025, 3, 15), 2, PROVINCIAL)
    await hear(work, after_opening)
    assert (await case_of(work, "K1")).tier == "diamond"


async def test_r81_a_merged_customers_cases_have_the_limits_of_its_survivor(work: Work) -> None:
    complaint_id = await opened(work, customer=INSURER)
    await assign(work, complaint_id)
    own = await case_of(work, "K1")
    await hear(work, tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL))
    await hear(work, _merged(ELECTRONICS, 1))
    assert (await case_of(work, "K1")).tier == "diamond"
    await hear(work, _merged(None, 2))
    assert (await case_of(work, "K1")).tier == own.tier


def _merged(survivor: Customer | None, version: int) -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=version),
        customer_key=INSURER.key,
        survivor=survivor.key if survivor else None,
        on=date(2025, 3, 14),
    )


async def test_an_answer_given_too_late_is_a_breach_though_it_was_given(work: Work) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    await answer(work, complaint_id, at(date(2025, 3, 19), 10))
    await sweep(work, date(2025, 3, 20))
    assert breached(work) == [("answer", 0)]


async def test_history_has_neither_clocks_nor_breaches(work: Work) -> None:
    await sweep(work, NEW_YEAR)
    await receive(work, complained("K1", at(date(2024, 12, 31), 23, 59)))
    await receive(work, complained("K2", at(NEW_YEAR, 0, 0)))
    first, second = told(work, "complaint_changed")
    assert (first["is_imported"], first["clocks"]) == (True, [])
    assert (second["is_imported"], len(second["clocks"])) == (False, 3)
    await sweep_through(work, date(2025, 1, 2), date(2025, 1, 20))
    assert {f["complaint_id"] for f in told(work, "complaint_breached")} == {second["complaint_id"]}


async def test_history_that_came_before_the_first_sweep_is_marked_by_it(work: Work) -> None:
    await receive(work, complained("K1", at(date(2024, 12, 31))), complained("K2", at(NEW_YEAR)))
    await sweep(work, NEW_YEAR)
    facts = told(work, "complaint_changed")
    assert [f["is_imported"] for f in facts] == [False, False, True]


async def test_no_breach_is_decided_on_a_calendar_not_announced(work: Work) -> None:
    await sweep(work, date(2027, 10, 8))
    await receive(work, complained("K1", at(date(2027, 10, 8))))
    (fact,) = told(work, "complaint_changed")
    assert {c["stage"]: c["is_provisional"] for c in fact["clocks"]} == {
        "accept": False,
        "answer": True,
        "resolve": True,
    }
    await sweep(work, date(2027, 12, 1))
    assert [stage for stage, _ in breached(work)] == ["accept"]
