"""Complaints on the real database: taken in, worked on, breached, escalated, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.engagement.consumers import CONSUMERS
from services.engagement.domain.compensation import ApprovedByProposer, NobodyToCompensate
from services.engagement.domain.complaint_refusals import (
    AnswerMissing,
    ResultMissing,
)
from services.engagement.domain.complaints import (
    CallBack,
)
from services.engagement.handlers import (
    answer_complaint,
    approve_compensation,
    assign_complaint,
    call_customer_back,
    escalate_complaint,
    open_complaint,
    propose_compensation,
    resolve_complaint,
)
from services.engagement.handlers.answer_complaint import AnswerComplaint
from services.engagement.handlers.approve_compensation import ApproveCompensation
from services.engagement.handlers.assign_complaint import AssignComplaint
from services.engagement.handlers.call_customer_back import CallCustomerBack
from services.engagement.handlers.escalate_complaint import EscalateComplaint
from services.engagement.handlers.open_complaint import OpenComplaint
from services.engagement.handlers.propose_compensation import ProposeCompensation
from services.engagement.handlers.resolve_complaint import ResolveComplaint
from services.engagement.storage import complaints
from services.engagement.storage.case_rows import KeptCase
from shared.contracts.billing import CompensationPosted, CompensationRefused
from shared.contracts.envelope import Entity, Published
from shared.contracts.registry import CustomerIdentityChanged
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, StaleVersion
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, closed, complained, tiered
from tests.services.engagement.stories import (
    enter,
    hear,
    receive,
    refused,
    sweep,
    sweep_through,
    told,
    waiting,
)
from tests.support.cast import (
    CITY_DIRECTOR,
    COMPLAINT_HANDLER,
    COUNTY_MANAGER,
    DECLARED,
    ELECTRONICS,
    INSURER,
    OTHER_CITY_DIRECTOR,
    Customer,
    Person,
)
from tests.support.facts import batch

FRIDAY = date(2025, 3, 14)
NINE = at(FRIDAY)
HOUR = timedelta(hours=1)
PROVINCIAL = "guangdong-post-2005"
NOBODY = Customer("C-9999", "查无此人", "GZ", "440106")


async def case_of(work: Work, ref: str, system: str = "erp") -> KeptCase:
    kept = await complaints.one(work, derived_id("complaint", system, ref))
    assert kept is not None
    return kept


async def opened(work: Work, ref: str = "K1", customer: Customer | None = ELECTRONICS) -> UUID:
    """A live case of Friday nine o'clock."""
    await sweep(work, FRIDAY)
    await receive(work, complained(ref, NINE, customer))
    return (await case_of(work, ref)).case.complaint_id


async def version(work: Work, complaint_id: UUID) -> int:
    kept = await complaints.one(work, complaint_id)
    assert kept is not None
    return kept.version


async def assign(work: Work, complaint_id: UUID, moment: datetime = NINE + HOUR) -> KeptCase:
    await enter(work, COMPLAINT_HANDLER)
    seen = await version(work, complaint_id)
    command = AssignComplaint(complaint_id, "GZ-TH", seen, COUNTY_MANAGER.code, moment)
    return await assign_complaint.handle(work, command)


async def answer(work: Work, complaint_id: UUID, moment: datetime) -> KeptCase:
    await enter(work, COUNTY_MANAGER)
    seen = await version(work, complaint_id)
    return await answer_complaint.handle(
        work, AnswerComplaint(complaint_id, "已致电说明延误原因", seen, moment)
    )


async def resolve(work: Work, complaint_id: UUID, moment: datetime, text: str = "补投") -> KeptCase:
    await enter(work, COUNTY_MANAGER)
    seen = await version(work, complaint_id)
    command = ResolveComplaint(complaint_id, "upheld", text, seen, moment)
    return await resolve_complaint.handle(work, command)


async def call_back(work: Work, complaint_id: UUID, said: CallBack, moment: datetime) -> KeptCase:
    await enter(work, COMPLAINT_HANDLER)
    seen = await version(work, complaint_id)
    return await call_customer_back.handle(
        work, CallCustomerBack(complaint_id, said, seen, "客户回复", moment)
    )


def stages(fact: dict[str, Any]) -> list[str]:
    return [clock["stage"] for clock in fact["clocks"]]


def breached(work: Work) -> list[tuple[str, int]]:
    return [(f["stage"], f["level"]) for f in told(work, "complaint_breached")]


async def test_E_37_a_complaint_is_a_case_with_clocks_and_told_without_its_words(
    work: Work,
) -> None:
    await sweep(work, FRIDAY)
    await receive(work, complained("K1", NINE, ELECTRONICS, disputed="INV-7"))
    (fact,) = told(work, "complaint_changed")
    assert (fact["state"], fact["source"]) == ("open", {"system": "erp", "ref": "K1"})
    assert fact["disputed"] == {"system": "erp", "type": "charge_raised", "ref": "INV-7"}
    assert stages(fact) == ["accept", "answer", "resolve"]
    assert "延误" not in str(fact)
    assert "王" not in str(fact)
    sealed = await work.value("SELECT words FROM complaints")
    assert "延误".encode() not in bytes(sealed)
    assert "延误" in work.box.open(bytes(sealed)).decode()


async def test_a_complaint_without_a_customer_is_a_case_and_of_an_unknown_one_waits(
    work: Work,
) -> None:
    await receive(
        work,
        complained("K1", NINE),
        complained("K2", NINE, NOBODY),
        complained("K3", NINE, DECLARED),
    )
    assert await waiting(work) == [("customer", "erp:C-9999")]
    assert [f["customer_key"] for f in told(work, "complaint_changed")] == [
        None,
        str(DECLARED.key),
    ]


async def test_E_38_a_case_goes_its_way_and_ends_with_answer_and_result(work: Work) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    with pytest.raises(AnswerMissing):
        await resolve(work, complaint_id, NINE + 2 * HOUR)
    await answer(work, complaint_id, NINE + 2 * HOUR)
    with pytest.raises(ResultMissing):
        await resolve(work, complaint_id, NINE + 3 * HOUR, text=" ")
    await resolve(work, complaint_id, NINE + 3 * HOUR)
    await call_back(work, complaint_id, CallBack.SATISFIED, NINE + 4 * HOUR)
    facts = told(work, "complaint_changed")
    assert [(f["state"], f["entity"]["version"]) for f in facts] == [
        ("open", 1),
        ("assigned", 2),
        ("answered", 3),
        ("resolved", 4),
        ("closed", 5),
    ]
    assert (facts[-1]["result"], facts[-1]["responsible_unit"]) == ("upheld", "GZ-TH")
    assert all(clock["stopped_at"] for clock in facts[-1]["clocks"])
    steps = await work.rows("SELECT step, staff_code FROM complaint_steps ORDER BY number")
    assert [(row["step"], row["staff_code"]) for row in steps] == [
        ("opened", None),
        ("assigned", COMPLAINT_HANDLER.code),
        ("answered", COUNTY_MANAGER.code),
        ("resolved", COUNTY_MANAGER.code),
        ("called-back", COMPLAINT_HANDLER.code),
    ]


async def test_E_28_a_dissatisfied_customer_starts_the_case_anew_with_clocks_of_its_own(
    work: Work,
) -> None:
    complaint_id = await opened(work)
    await assign(work, complaint_id)
    await answer(work, complaint_id, NINE + 2 * HOUR)
    await resolve(work, complaint_id, NINE + 3 * HOUR)
    await call_back(work, complaint_id, CallBack.DISSATISFIED, NINE + 4 * HOUR)
    fact = told(work, "complaint_changed")[-1]
    assert (fact["state"], fact["result"], stages(fact)) == (
        "assigned",
        None,
        ["answer", "resolve"],
    )
    assert {clock["stopped_at"] for clock in fact["clocks"]} == {None}


async def test_a_case_is_assigned_to_units_and_people_that_exist(work: Work) -> None:
    complaint_id = await opened(work)
    await enter(work, COMPLAINT_HANDLER)
    for unit, handler in (("NOWHERE", None), ("GZ-PY", COUNTY_MANAGER.code), ("GZ", "X")):
        with pytest.raises(Invalid):
            await assign_complaint.handle(
                work, AssignComplaint(complaint_id, unit, 1, handler, NINE)
            )
    with pytest.raises(StaleVersion):
        await assign_complaint.handle(work, AssignComplaint(complaint_id, "GZ", 7, None, NINE))


async def test_a_case_is_worked_on_by_those_who_see_its_customer_or_are_of_its_unit(
    work: Work,
) -> None:
    complaint_id = await opened(work)
    await enter(work, OTHER_CITY_DIRECTOR)
    with pytest.raises(OutOfScope):
        await escalate_complaint.handle(work, EscalateComplaint(complaint_id, "催办", 1))
    await enter(work, COMPLAINT_HANDLER)
    command = AssignComplaint(complaint_id, OTHER_CITY_DIRECTOR.unit, 1, None, NINE + HOUR)
    await assign_complaint.handle(work, command)
    await enter(work, OTHER_CITY_DIRECTOR)
    after = await escalate_complaint.handle(work, EscalateComplaint(complaint_id, "催办", 2))
    assert after.case.level == 1


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


async def test_a_closing_that_comes_late_withdraws_the_breaches_it_contradicts(
    work: Work,
) -> None:
    await opened(work)
    await sweep_through(work, date(2025, 3, 15), date(2025, 3, 20))
    assert [stage for stage, _ in breached(work)] == ["accept", "answer"]
    await receive(work, closed("K1", NINE + HOUR))
    withdrawn = told(work, "complaint_breached")[2:]
    assert [(f["stage"], f["entity"]["version"]) for f in withdrawn] == [
        ("accept", 2),
        ("answer", 2),
    ]
    assert all(f["inputs"]["is_withdrawn"] for f in withdrawn)
    stored = await work.rows(
        "SELECT version, is_withdrawn FROM complaint_breaches WHERE stage = 'answer'"
        " ORDER BY version"
    )
    assert [(row["version"], row["is_withdrawn"]) for row in stored] == [(1, False), (2, True)]


async def test_a_closing_before_its_case_waits_and_is_taken_with_it(work: Work) -> None:
    await receive(work, closed("K1", NINE + HOUR))
    assert await waiting(work) == [("complaint", "erp:K1")]
    await work.finish()
    await receive(work, complained("K1", NINE))
    await work.finish()
    assert (await case_of(work, "K1")).case.state.value == "closed"


async def test_a_case_and_its_closing_in_one_batch_need_no_waiting(work: Work) -> None:
    await receive(work, closed("K1", NINE + HOUR), complained("K1", NINE))
    assert await waiting(work) == []
    kept = await case_of(work, "K1")
    assert (kept.case.state.value, kept.case.result) == ("closed", "closed-by-desk")


async def test_E_38_a_closing_without_a_result_or_before_the_opening_is_refused(
    work: Work,
) -> None:
    await receive(work, complained("K1", NINE), complained("K2", NINE))
    await receive(work, closed("K1", NINE + HOUR, result=" "), closed("K2", NINE - HOUR))
    assert refused(work) == ["complaint-result-missing", "complaint-time-runs-forward"]
    assert (await case_of(work, "K1")).case.is_open


async def test_a_system_closes_its_own_cases_only(work: Work) -> None:
    await receive(work, complained("K1", NINE))
    await receive(work, closed("K1", NINE + HOUR), system="oa")
    assert await waiting(work) == [("complaint", "oa:K1")]


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


async def test_E_40_a_complaint_by_hand_belongs_to_the_unit_that_took_it_in(work: Work) -> None:
    await enter(work, COMPLAINT_HANDLER)
    command = OpenComplaint("enquiry", "phone", "询问资费", ELECTRONICS.key)
    kept = await open_complaint.handle(work, command)
    assert (kept.case.unit, kept.case.opened_at) == ("GZ", work.now)
    await enter(work, OTHER_CITY_DIRECTOR)
    with pytest.raises(OutOfScope):
        await open_complaint.handle(work, command)


async def test_E_37_a_compensation_is_approved_by_another_and_told_to_billing(
    work: Work,
) -> None:
    await receive(work, complained("K1", NINE, ELECTRONICS, disputed="INV-7"))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    proposal = await propose_compensation.handle(
        work, ProposeCompensation(complaint_id, Decimal("200.00"))
    )
    command = ApproveCompensation(proposal.compensation_id, proposal.version)
    with pytest.raises(ApprovedByProposer):
        await approve_compensation.handle(work, command)
    assert told(work, "compensation_approved") == []
    await enter(work, CITY_DIRECTOR)
    await approve_compensation.handle(work, command)
    (fact,) = told(work, "compensation_approved")
    assert fact["amount"] == {"amount": "200.00", "currency": "CNY"}
    assert fact["disputed"]["ref"] == "INV-7"
    assert fact["approved_by"] == CITY_DIRECTOR.code


@pytest.mark.parametrize("is_posted", [True, False])
async def test_E_37_what_billing_answers_stands_beside_the_compensation(
    work: Work, is_posted: bool
) -> None:
    await receive(work, complained("K1", NINE, ELECTRONICS))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    proposal = await propose_compensation.handle(
        work, ProposeCompensation(complaint_id, Decimal("200.00"))
    )
    answer: dict[str, Any] = {
        "entity": {
            "type": "compensation-posting",
            "id": str(proposal.compensation_id),
            "version": 1,
        },
        "customer_key": ELECTRONICS.key,
        "compensation_id": proposal.compensation_id,
        "complaint_id": complaint_id,
        "amount": {"amount": "200.00", "currency": "CNY"},
    }
    if is_posted:
        answered: Published = CompensationPosted(**answer, posted_on=date(2026, 3, 9))
    else:
        answer |= {"reason": "exceeds-disputed-charge", "as_of": date(2026, 3, 9)}
        answered = CompensationRefused(**answer, inputs={})
    await CONSUMERS.dispatch(work, batch(answered))
    row = await work.row("SELECT posted_on, refused_because FROM compensations")
    assert row is not None
    expected = (date(2026, 3, 9), None) if is_posted else (None, "exceeds-disputed-charge")
    assert (row["posted_on"], row["refused_because"]) == expected


async def test_E_37_a_case_without_a_customer_is_not_compensated(work: Work) -> None:
    await receive(work, complained("K1", NINE))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    with pytest.raises(NobodyToCompensate):
        await propose_compensation.handle(
            work, ProposeCompensation(complaint_id, Decimal("200.00"))
        )


def test_the_people_of_these_tests_are_of_different_units() -> None:
    people: Sequence[Person] = (COMPLAINT_HANDLER, COUNTY_MANAGER, OTHER_CITY_DIRECTOR)
    assert len({person.unit for person in people}) == 3
