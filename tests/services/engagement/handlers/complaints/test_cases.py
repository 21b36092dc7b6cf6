"""Complaints are opened, worked on and ended, by whom and with what."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.engagement.domain.complaints.complaint_refusals import AnswerMissing, ResultMissing
from services.engagement.domain.complaints.complaints import CallBack
from services.engagement.handlers.complaints import (
    assign_complaint,
    escalate_complaint,
    open_complaint,
)
from services.engagement.handlers.complaints.assign_complaint import AssignComplaint
from services.engagement.handlers.complaints.escalate_complaint import EscalateComplaint
from services.engagement.handlers.complaints.open_complaint import OpenComplaint
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, StaleVersion
from shared.work import Work
from tests.services.engagement.events import complained
from tests.services.engagement.handlers.complaints.cases import (
    FRIDAY,
    HOUR,
    NINE,
    NOBODY,
    answer,
    assign,
    call_back,
    opened,
    resolve,
    stages,
)
from tests.services.engagement.stories import enter, receive, sweep, told, waiting
from tests.support.cast import (
    COMPLAINT_HANDLER,
    COUNTY_MANAGER,
    DECLARED,
    ELECTRONICS,
    OTHER_CITY_DIRECTOR,
    Person,
)


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


async def test_E_40_a_complaint_by_hand_belongs_to_the_unit_that_took_it_in(work: Work) -> None:
    await enter(work, COMPLAINT_HANDLER)
    command = OpenComplaint("enquiry", "phone", "询问资费", ELECTRONICS.key)
    kept = await open_complaint.handle(work, command)
    assert (kept.case.unit, kept.case.opened_at) == ("GZ", work.now)
    await enter(work, OTHER_CITY_DIRECTOR)
    with pytest.raises(OutOfScope):
        await open_complaint.handle(work, command)


def test_the_people_of_these_tests_are_of_different_units() -> None:
    people: Sequence[Person] = (COMPLAINT_HANDLER, COUNTY_MANAGER, OTHER_CITY_DIRECTOR)
    assert len({person.unit for person in people}) == 3
