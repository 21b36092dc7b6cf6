"""The opening register, and customers that other systems have seen (R-31, R-48, R-81)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from services.registry.domain.centres.organisation import Level, NoCentre, Unit, UnitKind
from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.domain.people.manager_pairs import NotTheOwnersStaff
from services.registry.domain.register.divisions import UnknownDivision
from services.registry.domain.register.observations import CustomerExists
from services.registry.domain.register.openings import NoLead, OpenedBefore
from services.registry.handlers.centres import found_unit, report_staff
from services.registry.handlers.centres.found_unit import FoundUnit
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.handlers.register import observe_customer, open_customers
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.contracts.registry import (
    CustomerChanged,
    ManagersAssigned,
    OwnershipChanged,
    SplitChanged,
)
from shared.directory import customers as directory
from shared.errors import Refusal
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.registry.story import Declaring, commit, declared, mechanics, told
from tests.support import cast
from tests.support.clocks import SITE, TEST_BEGINS_AT
from tests.support.facts import reported

CREDIT_CODE = "91110000600037341L"


def opening(**others: Any) -> CustomerOpened:
    """A customer that Guangzhou has had since 2019."""
    said = {
        "code": "K-1",
        "name": "广州羊城药业有限公司",
        "division_code": "440100",
        "owner_unit": "GZ",
        "managers": [
            {"staff_code": cast.MANAGER_B.code, "role": "B"},
            {"staff_code": cast.MANAGER_A.code, "role": "A"},
        ],
        "opening": True,
        "opened_on": "2019-05-01",
        **others,
    }
    return CustomerOpened.model_validate(said)


async def opened(
    work: Work, *said: CustomerOpened, at: datetime = TEST_BEGINS_AT
) -> list[type[Refusal]]:
    """Open all of `said` as one batch; what was refused in this work so far."""
    await open_customers.handle(work, [reported(each, at=at) for each in said])
    return [type(refusal) for _, _, refusal in work.refusals]


@pytest.fixture
def statements(work: Work) -> Iterator[list[str]]:
    """Every statement that SQLAlchemy sends from now on."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        sent.append(statement)

    assert work.connection.sync_connection is not None
    engine = work.connection.sync_connection.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_an_opened_customer_gets_everything_at_once_and_is_marked(work: Work) -> None:
    await opened(work, opening())
    (customer,) = told(work, CustomerChanged)
    assert (customer.state, customer.customer_id, customer.is_opening) == (
        *("registered", "44010000001000"),
        True,
    )
    assert (customer.approved_on, customer.registered_on) == (date(2019, 5, 1), work.today)
    assert [(code.system, code.code) for code in customer.codes] == [("erp", "K-1")]
    assert told(work, OwnershipChanged)[0].rule == "opening"
    assert told(work, SplitChanged)[0].base[0].unit == "GZ"
    managers = told(work, ManagersAssigned)[0]
    assert (managers.a_staff_code, managers.b_staff_code) == ("G004", "G005")
    await directory.require_developed(work, customer.customer_key)


async def test_the_key_of_an_opened_customer_is_the_same_in_every_run(work: Work) -> None:
    await opened(work, opening())
    assert told(work, CustomerChanged)[0].customer_key == derived_id("customer", "erp", "K-1")


async def test_an_opening_without_a_day_is_of_the_day_it_was_sent(work: Work) -> None:
    sent = datetime(2026, 2, 28, 23, 30, tzinfo=SITE)
    await opened(work, opening(opened_on=None, managers=[]), at=sent)
    customer = told(work, CustomerChanged)[0]
    assert (customer.declared_on, customer.registered_on) == (date(2026, 2, 28), date(2026, 2, 28))
    assert told(work, ManagersAssigned) == []


async def test_an_opening_waits_for_its_unit_and_its_managers(work: Work) -> None:
    managers = [{"staff_code": "N7", "role": "A"}]
    said = opening(owner_unit="DG", division_code="441900", managers=managers)
    await opened(work, said)
    await commit(work)
    unit = Unit("DG", "东莞市邮政局大客户中心", Level.CITY, UnitKind.TERRITORIAL, "GD")
    await found_unit.handle(work, FoundUnit(unit))
    await commit(work)
    assert await work.value("SELECT kind || ':' || key FROM kit.waiting") == "staff:N7"
    roles = frozenset({"account_manager"})
    joined = StaffEvent(StaffReport.JOINED, date(2019, 1, 1), "hr", "1", "DG", roles, "新人")
    await report_staff.handle(work, ReportStaff("N7", joined))
    await commit(work)
    assert await work.value("SELECT count(*) FROM kit.waiting") == 0
    assert await work.value("SELECT a_staff_code FROM managers") == "N7"


@pytest.mark.parametrize(
    ("others", "refusal"),
    [
        ({"owner_unit": "GZ-TH-01"}, NoCentre),
        ({"division_code": "449900"}, UnknownDivision),
        ({"managers": [{"staff_code": "G004", "role": "B"}]}, NoLead),
        ({"managers": [{"staff_code": "S003", "role": "A"}]}, NotTheOwnersStaff),
    ],
)
async def test_an_opening_that_breaks_a_rule_is_refused(
    work: Work, others: dict[str, Any], refusal: type[Exception]
) -> None:
    assert await opened(work, opening(**others)) == [refusal]
    assert told(work, CustomerChanged) == []


async def test_r81_an_opening_of_somebody_known_is_refused(work: Work) -> None:
    first = opening(unified_credit_code=CREDIT_CODE)
    other = opening(code="K-2", unified_credit_code=CREDIT_CODE)
    assert await opened(work, first) == []
    assert await opened(work, opening(name="改名"), other) == [OpenedBefore, CustomerExists]


async def test_r81_of_two_in_one_batch_with_one_credit_code_the_second_is_refused(
    work: Work,
) -> None:
    both = (opening(code=code, unified_credit_code=CREDIT_CODE) for code in ("K-1", "K-2"))
    assert await opened(work, *both) == [CustomerExists]
    assert [customer.customer_id for customer in told(work, CustomerChanged)] == ["44010000001000"]


async def test_r33_a_batch_takes_numbers_in_its_order_and_a_refused_one_takes_none(
    work: Work,
) -> None:
    said = [opening(code=f"K-{n}", managers=[]) for n in range(1, 5)]
    said[1] = opening(code="K-2", owner_unit="GZ-TH-01", managers=[])
    assert await opened(work, *said) == [NoCentre]
    issued = [customer.customer_id for customer in told(work, CustomerChanged)]
    assert issued == ["44010000001000", "44010000002000", "44010000003000"]
    assert await opened(work, opening(code="K-5", managers=[])) == [NoCentre]
    assert told(work, CustomerChanged)[-1].customer_id == "44010000004000"


async def test_r81_an_opening_adopts_the_codes_under_which_others_saw_it(work: Work) -> None:
    seen_by_crm = reported(seen("C-7", unified_credit_code=CREDIT_CODE), system="crm")
    await observe_customer.handle(work, seen_by_crm)
    assert await opened(work, opening(unified_credit_code=CREDIT_CODE), opening(code="K-2")) == []
    codes = [(code.system, code.code) for code in told(work, CustomerChanged)[0].codes]
    assert codes == [("crm", "C-7"), ("erp", "K-1")]
    assert await links(work) == {"C-7", "K-1", "K-2"}


async def test_a_batch_of_any_size_takes_the_same_number_of_statements(
    work: Work, statements: list[str]
) -> None:
    counts = []
    for size in (1, 20):
        statements.clear()
        await opened(work, *(opening(code=f"{size}-{n}") for n in range(size)))
        counts.append(len(statements))
    assert counts[0] == counts[1]


def seen(code: str, **others: Any) -> CustomerObserved:
    """What the ERP has seen."""
    said = {"code": code, "name": "（广州）南方机械有限公司", **others}
    return CustomerObserved.model_validate(said)


async def links(work: Work) -> set[str]:
    rows = await work.rows("SELECT code FROM customer_codes")
    return {row["code"] for row in rows}


@pytest.mark.parametrize("first", ["seen", "declared"])
async def test_r81_the_credit_code_links_whichever_came_first(work: Work, first: str) -> None:
    how = Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE))
    if first == "declared":
        await declared(work, how)
    observed = reported(seen("C-7", unified_credit_code=CREDIT_CODE.lower()))
    await observe_customer.handle(work, observed)
    if first == "seen":
        await declared(work, how)
    assert await links(work) == {"C-7"}
    assert [code.code for code in told(work, CustomerChanged)[-1].codes] == ["C-7"]


async def test_r81_seeing_a_customer_registers_nobody(work: Work) -> None:
    await observe_customer.handle(work, reported(seen("C-7", unified_credit_code=CREDIT_CODE)))
    assert await work.value("SELECT count(*) FROM customers") == 0
    assert told(work, CustomerChanged) == []


async def test_r81_an_equal_name_does_not_link(work: Work) -> None:
    await declared(work, Declaring(customer=mechanics(name="(广州)南方机械有限公司")))
    await observe_customer.handle(work, reported(seen("C-7")))
    assert await links(work) == set()


async def test_a_later_description_replaces_an_earlier_one_whatever_came_first(
    work: Work,
) -> None:
    early = reported(seen("C-7", name="旧名"), at=datetime(2026, 1, 1, tzinfo=SITE))
    late = reported(seen("C-7", name="新名"), at=datetime(2026, 2, 1, tzinfo=SITE))
    for fact in (late, early):
        await observe_customer.handle(work, fact)
    assert await work.value("SELECT name FROM observations") == "新名"


async def test_r81_a_head_office_and_its_branch_cannot_be_told_apart_by_a_code(
    work: Work,
) -> None:
    head = await declared(work, Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE)))
    below = mechanics(unified_credit_code=CREDIT_CODE, head_office_key=head.customer_key)
    await declared(work, Declaring(customer=below))
    await observe_customer.handle(work, reported(seen("C-7", unified_credit_code=CREDIT_CODE)))
    assert await links(work) == set()
