"""R-31 to R-33, R-22: IDs are issued one after the other; a suspension stops everything."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.register.customer_ids import (
    HeadOfficeUnregistered,
    NumbersUsedUp,
    OnlyTheProvinceIssues,
)
from services.registry.domain.register.customers import CustomerState, Suspended, WrongState
from services.registry.domain.register.divisions import RetiredDivision
from services.registry.handlers.register import amend_customer, register_customer, suspend_customer
from services.registry.handlers.register.amend_customer import AmendCustomer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.handlers.register.suspend_customer import SuspendCustomer
from shared.contracts.registry import CustomerChanged
from shared.directory import customers as directory
from shared.errors import StaleVersion
from shared.work import Work
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    customer,
    declared,
    managed,
    mechanics,
    registered,
    signed,
    told,
)
from tests.support import cast

PROVINCE = acting(cast.PROVINCE_ADMINISTRATOR)


async def test_r31_ids_of_a_division_follow_each_other(work: Work) -> None:
    ids = [(await registered(work)).customer.customer_id for _ in range(3)]
    assert ids == ["44010600001000", "44010600002000", "44010600003000"]
    assert told(work, CustomerChanged)[-1].customer_id == ids[-1]
    other = await registered(work, Declaring(customer=mechanics(division_code="440113")))
    assert other.customer.customer_id == "44011300001000"


async def test_r32_branches_are_numbered_below_their_head_office(work: Work) -> None:
    head = await registered(work)
    below = mechanics(head_office_key=head.customer.customer_key, division_code="440113")
    ids = [
        (await registered(work, Declaring(customer=below))).customer.customer_id for _ in range(2)
    ]
    assert ids == ["44010600001001", "44010600001002"]


async def test_r32_a_branch_waits_for_the_id_of_its_head_office(work: Work) -> None:
    head = await approved(work)
    branch = await approved(work, Declaring(customer=mechanics(head_office_key=head)))
    with pytest.raises(HeadOfficeUnregistered):
        await register_customer.handle(work, RegisterCustomer(branch, PROVINCE, 2))


async def test_r33_only_the_province_registers(work: Work) -> None:
    key = await approved(work)
    for person in (cast.CITY_DIRECTOR, cast.COUNTY_MANAGER):
        with pytest.raises(OnlyTheProvinceIssues):
            await register_customer.handle(work, RegisterCustomer(key, acting(person), 2))


async def test_r33_a_refused_registration_uses_up_no_number(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(StaleVersion):
        await register_customer.handle(work, RegisterCustomer(key, PROVINCE, 9))
    declaration = await declared(work)
    with pytest.raises(WrongState):
        await register_customer.handle(
            work, RegisterCustomer(declaration.customer_key, PROVINCE, 1)
        )
    assert await work.value("SELECT count(*) FROM division_sequences") == 0


async def test_r31_an_id_is_given_once(work: Work) -> None:
    registration = await registered(work)
    again = RegisterCustomer(registration.customer.customer_key, PROVINCE, 3)
    with pytest.raises(WrongState):
        await register_customer.handle(work, again)


async def test_r33_the_division_must_be_in_force_when_the_id_is_issued(work: Work) -> None:
    key = await approved(work)
    await work.run("UPDATE customers SET division_code = '440116'")
    with pytest.raises(RetiredDivision):
        await register_customer.handle(work, RegisterCustomer(key, PROVINCE, 2))


@pytest.mark.parametrize(("last", "warned"), [(89_998, False), (89_999, True), (99_998, True)])
async def test_c17_a_warning_comes_from_nine_tenths_on(work: Work, last: int, warned: bool) -> None:
    await work.run("INSERT INTO division_sequences VALUES ('440106', :last)", {"last": last})
    registration = await registered(work)
    assert (registration.warning is not None) is warned


async def test_r33_the_hundred_thousandth_customer_is_an_error(work: Work) -> None:
    await work.run("INSERT INTO division_sequences VALUES ('440106', 99999)")
    with pytest.raises(NumbersUsedUp):
        await registered(work)


async def stop(work: Work, key: UUID, version: int) -> None:
    command = SuspendCustomer(key, acting(cast.COUNTY_MANAGER), version, "拖欠货款")
    await suspend_customer.handle(work, command)


async def test_r22_a_suspension_stops_managers_and_contracts_and_everybody_else(
    work: Work,
) -> None:
    key = await approved(work)
    await stop(work, key, 2)
    with pytest.raises(directory.SuspendedCustomer):
        await directory.require_developed(work, key)
    with pytest.raises(Suspended):
        await managed(work, key)
    with pytest.raises(Suspended):
        await signed(work, key, "GZ-TH", date(2026, 2, 2))
    fact = told(work, CustomerChanged)[-1]
    assert (fact.state, fact.suspended_on) == ("suspended", work.today)
    assert "拖欠" not in fact.model_dump_json()


async def test_r22_lifting_a_suspension_leads_back_to_the_stage_before(work: Work) -> None:
    registration = await registered(work)
    key = registration.customer.customer_key
    await stop(work, key, 3)
    command = SuspendCustomer(key, acting(cast.CITY_DIRECTOR), 4, "已付清")
    resumed = await suspend_customer.resume(work, command)
    assert resumed.state is CustomerState.REGISTERED
    steps = await work.rows("SELECT step, reason FROM customer_changes ORDER BY version")
    assert [row["step"] for row in steps] == [
        *("declared", "approved", "registered", "suspended", "resumed")
    ]


async def test_a_description_is_amended_and_what_was_left_out_stays(work: Work) -> None:
    key = await approved(work, Declaring(customer=mechanics(industry="机械")))
    await amend_customer.handle(
        work,
        AmendCustomer(
            *(key, acting(cast.COUNTY_MANAGER), 2),
            short_name="南方机械",
            visit_class="a-1",
            codes=(("erp", "C-9"),),
        ),
    )
    amended = await customer(work, key)
    assert (amended.short_name, amended.industry, amended.visit_class) == (
        *("南方机械", "机械"),
        "a-1",
    )
    assert told(work, CustomerChanged)[-1].codes[0].code == "C-9"
