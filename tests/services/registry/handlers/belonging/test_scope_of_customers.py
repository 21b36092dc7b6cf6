"""Who sees a customer after what has happened to it, as every service is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    Declaring,
    approved,
    managed,
    mechanics,
    registered,
    signed,
)
from tests.support import cast


async def sees(work: Work, unit: str, key: UUID, on: date | None = None) -> set[str]:
    """What people of `unit` see of the customer on a day, as the directory says."""
    await work.run(
        "SELECT kit.enter('X', :unit, :today)", {"unit": unit, "today": on or work.today}
    )
    rows = await work.rows("SELECT aspect FROM kit.in_sight WHERE customer_key = :key", key=key)
    return {row["aspect"] for row in rows}


ALL = {"base", "archive", "money"}


async def test_the_owner_sees_everything_and_the_centre_above_all_but_the_archive(
    work: Work,
) -> None:
    key = await approved(work)
    assert await sees(work, "GZ-TH", key) == ALL
    assert await sees(work, "GZ", key) == {"base", "money"}
    assert await sees(work, "GZ-PY", key) == set()
    assert await sees(work, "GZ-TH", key, date(2026, 1, 11)) == {"base"}


async def test_a_unit_of_a_manager_sees_the_customer_and_the_sight_moves_along(
    work: Work,
) -> None:
    key = await approved(work)
    await managed(work, key)
    assert await sees(work, "GZ", key) == ALL
    roles = frozenset({"account_manager"})
    moved = StaffEvent(StaffReport.ASSIGNED, date(2026, 3, 1), "hr", "9", "SZ", roles)
    await report_staff.handle(work, ReportStaff(cast.MANAGER_A.code, moved))
    assert await sees(work, "SZ", key) == ALL
    assert await sees(work, "GZ", key) == {"base", "money"}
    assert await sees(work, "GZ", key, APPROVED_ON) == ALL


async def test_a_reporting_branch_and_joint_developers_see_what_is_theirs(work: Work) -> None:
    how = Declaring(by=cast.BRANCH_STAFF, units={"joint_units": ["SZ-NS"]})
    key = await approved(work, how)
    assert await sees(work, "GZ-TH-01", key) == {"base"}
    assert await sees(work, "SZ-NS", key) == ALL


async def test_the_owner_of_a_branch_sees_the_base_of_the_head_office(work: Work) -> None:
    head = (await registered(work)).customer.customer_key
    customer = mechanics(name="番禺分公司", head_office_key=head, division_code="440113")
    await approved(work, Declaring(customer=customer, units={"development_unit": "SZ-NS"}))
    assert await sees(work, "SZ-NS", head) == {"base"}


async def test_a_former_owner_keeps_the_base_only_where_it_declared(work: Work) -> None:
    key = await approved(work)
    await signed(work, key, "SZ-NS", date(2026, 2, 2))
    assert await sees(work, "SZ-NS", key) == ALL
    assert await sees(work, "GZ-TH", key) == {"base"}
    assert await sees(work, "GZ-TH", key, date(2026, 2, 1)) == ALL
