"""Who sees a customer after what has happened to it, as every service is told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.registry.domain.belonging.jurisdiction import Power
from services.registry.domain.belonging.types import CustomerType, TypeTerms, Weight
from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.handlers.belonging import classify_customer, delegate_authority
from services.registry.handlers.belonging.classify_customer import ClassifyCustomer
from services.registry.handlers.belonging.delegate_authority import (
    DelegateAuthority,
    RevokeDelegation,
)
from services.registry.handlers.cases import open_dispute
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.handlers.people import assign_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    Declaring,
    acting,
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


async def test_r48_the_unit_of_the_b_manager_sees_the_customer_like_that_of_a(
    work: Work,
) -> None:
    key = await approved(work)
    people = (cast.COUNTY_MANAGER.code, cast.OTHER_CITY_MANAGER.code, APPROVED_ON)
    await assign_managers.handle(
        work, AssignManagers(key, acting(cast.PROVINCE_DIRECTOR), 0, *people)
    )
    assert await sees(work, "SZ", key) == ALL
    assert await sees(work, "SZ", key, date(2026, 1, 11)) == set()


async def test_r37_r42_parties_the_judge_and_a_delegate_see_the_case_and_no_archive(
    work: Work,
) -> None:
    command = OpenDispute(
        *(await approved(work), acting(cast.SPECIALTY), ["GD-EMS"], "速递业务", APPROVED_ON)
    )
    key = (await open_dispute.handle(work, command)).customer_key
    assert await sees(work, "GD-EMS", key) == {"dispute"}
    assert await sees(work, "SZ", key) == set()
    last_on = work.today + timedelta(days=9)
    by = acting(cast.PROVINCE_DIRECTOR)
    lent = DelegateAuthority(by, "SZ", (Power.RULE_DISPUTES,), last_on, "委托")
    granted = await delegate_authority.grant(work, lent)
    assert await sees(work, "SZ", key, last_on) == {"dispute"}
    assert await sees(work, "SZ", key, last_on + timedelta(days=1)) == set()
    await delegate_authority.revoke(work, RevokeDelegation(granted.delegation_id, by, 1))
    assert await sees(work, "SZ", key) == set()


async def test_r39_who_serves_a_customer_of_type_b_sees_its_base_from_that_day_on(
    work: Work,
) -> None:
    key = await approved(work)
    terms = TypeTerms(city="GZ", specialty="GD-EMS", serving=(Weight("SZ", Decimal(1)),))
    begins = date(2026, 2, 1)
    await classify_customer.handle(
        work,
        ClassifyCustomer(
            *(key, acting(cast.PROVINCE_DIRECTOR), CustomerType.B, begins, "全省业务", terms)
        ),
    )
    assert await sees(work, "GZ", key) == ALL
    assert await sees(work, "SZ", key, begins) == {"base"}
    assert await sees(work, "SZ", key, date(2026, 1, 31)) == set()
