"""R-01, R-03, R-04, R-08: units are founded, people come, move and go."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from services.registry.domain.centres.organisation import (
    Level,
    Unit,
    UnitKind,
    UnitOutOfPlace,
    UnknownUnit,
)
from services.registry.domain.centres.staff import StaffEvent, StaffReport, UnknownRole
from services.registry.handlers.centres import amend_unit, found_unit, hear_personnel, report_staff
from services.registry.handlers.centres.amend_unit import AmendUnit
from services.registry.handlers.centres.found_unit import FoundUnit, UnitExists
from services.registry.handlers.centres.report_staff import ReportStaff
from shared.contracts.enterprise import StaffAssigned, StaffJoined, StaffLeft
from shared.contracts.registry import StaffChanged, UnitChanged
from shared.directory import staff as directory
from shared.errors import StaleVersion
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.services.registry.story import commit, told
from tests.support.facts import reported

DONGGUAN = Unit("DG", "东莞市邮政局大客户中心", Level.CITY, UnitKind.TERRITORIAL, "GD")


async def test_r01_a_unit_is_founded_below_its_parent_and_told(work: Work) -> None:
    await found_unit.handle(work, FoundUnit(DONGGUAN, "441900"))
    (fact,) = told(work, UnitChanged)
    assert (fact.unit, fact.parent, fact.level, fact.division_code) == (
        *("DG", "GD", "city"),
        "441900",
    )
    above = await work.rows("SELECT ancestor FROM kit.unit_closure WHERE unit = 'DG'")
    assert {row["ancestor"] for row in above} == {"DG", "GD"}


async def test_r04_a_branch_is_founded_without_a_centre(work: Work) -> None:
    branch = Unit("GZ-TH-09", "天园支局", Level.BRANCH, UnitKind.BRANCH, "GZ-TH")
    await found_unit.handle(work, FoundUnit(branch))
    assert told(work, UnitChanged)[0].level == "branch"


async def test_r01_a_unit_that_does_not_fit_is_refused(work: Work) -> None:
    for unit, refusal in (
        (Unit("DG", "东莞", Level.CITY, UnitKind.TERRITORIAL, "GZ"), UnitOutOfPlace),
        (Unit("DG", "东莞", Level.CITY, UnitKind.TERRITORIAL, "XX"), UnknownUnit),
        (Unit("GZ", "广州", Level.CITY, UnitKind.TERRITORIAL, "GD"), UnitExists),
    ):
        with pytest.raises(refusal):
            await found_unit.handle(work, FoundUnit(unit))


async def test_a_unit_is_renamed_by_whoever_saw_its_version(work: Work) -> None:
    await found_unit.handle(work, FoundUnit(DONGGUAN))
    with pytest.raises(StaleVersion):
        await amend_unit.handle(work, AmendUnit("DG", "东莞邮政局大客户中心", None, 2))
    await amend_unit.handle(work, AmendUnit("DG", "东莞邮政局大客户中心", "441900", 1))
    assert [fact.entity.version for fact in told(work, UnitChanged)] == [1, 2]
    assert (
        await work.value("SELECT name FROM kit.units WHERE unit = 'DG'") == "东莞邮政局大客户中心"
    )


def joined(ref: str = "1", unit: str = "GZ", **others: object) -> StaffJoined:
    said = {"staff_code": "N1", "name": "刘洋", "on": "2026-01-05", "unit": unit, **others}
    return StaffJoined.model_validate({"ref": ref, "roles": ["telephone"], **said})


ASSIGNED = StaffAssigned(
    ref="2",
    staff_code="N1",
    on=date(2026, 2, 2),
    unit="GZ-TH",
    roles=("account_manager", "director"),
)
LEFT = StaffLeft(ref="3", staff_code="N1", on=date(2026, 3, 2))


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
async def test_who_somebody_is_on_a_day_does_not_depend_on_the_order_of_reports(
    work: Work, order: tuple[int, ...]
) -> None:
    for number in order:
        if number == 0:
            await hear_personnel.joined(work, reported(joined(), system="hr"))
        elif number == 1:
            await hear_personnel.assigned(work, reported(ASSIGNED, system="hr"))
        else:
            await hear_personnel.left(work, reported(LEFT, system="hr"))
    expected = [
        (date(2026, 1, 31), ("GZ", {"telephone"}, True)),
        (date(2026, 2, 28), ("GZ-TH", {"account_manager", "director"}, True)),
        (date(2026, 3, 2), ("GZ-TH", {"account_manager", "director"}, False)),
    ]
    for day, state in expected:
        known = (await directory.on_day(work, ["N1"], day))["N1"]
        assert (known.unit, set(known.roles), known.is_active) == state


async def test_a_fact_about_a_person_names_nobody(work: Work) -> None:
    await hear_personnel.joined(work, reported(joined(), system="hr"))
    (fact,) = told(work, StaffChanged)
    assert "刘洋" not in fact.model_dump_json()
    assert await work.value("SELECT name FROM staff_states WHERE staff_code = 'N1'") == "刘洋"


async def test_the_same_report_twice_changes_nothing(work: Work) -> None:
    for _ in range(2):
        await hear_personnel.joined(work, reported(joined(), system="hr"))
    assert len(told(work, StaffChanged)) == 1


async def test_a_report_about_an_unknown_unit_waits_and_runs_once_it_is_founded(
    work: Work,
) -> None:
    fact: Fact[StaffJoined] = reported(joined(unit="DG"), system="hr")
    await hear_personnel.joined(work, fact)
    await commit(work)
    assert await work.value("SELECT key FROM kit.waiting WHERE kind = 'unit'") == "DG"
    await found_unit.handle(work, FoundUnit(DONGGUAN))
    await commit(work)
    assert await work.value("SELECT count(*) FROM kit.waiting") == 0
    assert await work.value("SELECT unit FROM staff_states WHERE staff_code = 'N1'") == "DG"


async def test_a_role_that_does_not_exist_is_refused(work: Work) -> None:
    with pytest.raises(UnknownRole):
        await hear_personnel.joined(work, reported(joined(roles=["king"]), system="hr"))


async def test_a_unit_that_does_not_exist_is_refused_over_http(work: Work) -> None:
    event = StaffEvent(StaffReport.JOINED, date(2026, 1, 5), "registry", "1", "XX")
    with pytest.raises(UnknownUnit):
        await report_staff.handle(work, ReportStaff("N1", event))
