"""Imported rows go through the handlers that people use, each as on its own day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.registry.domain.centres.organisation import Level, UnitKind, UnitOutOfPlace
from services.registry.domain.proof.declaration_refusals import NotAnApprover
from services.registry.handlers import import_rows
from services.registry.handlers.import_rows import (
    DeclarationRow,
    ReportedOtherwise,
    StaffRow,
    UnitRow,
)
from services.registry.imports import IMPORTS
from shared.contracts.registry import CustomerChanged, UnitChanged
from shared.directory import staff as directory
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.registry.story import told
from tests.support import cast


def row(**others: Any) -> DeclarationRow:
    """A deal as another system has it: declared, approved, registered, with managers."""
    said = {
        "ref": "D-1",
        "system": "crm",
        "customer_code": "ACME",
        "name": "Acme Corporation",
        "division_code": "440106",
        "declared_by": cast.COUNTY_MANAGER.code,
        "declared_on": "2025-03-01",
        "approved_by": cast.CITY_DIRECTOR.code,
        "approved_on": "2025-03-08",
        "registered_by": cast.PROVINCE_ADMINISTRATOR.code,
        "registered_on": "2025-03-10",
        "a_staff_code": cast.COUNTY_MANAGER.code,
        "b_staff_code": cast.MANAGER_B.code,
        **others,
    }
    return DeclarationRow.model_validate(said)


def test_every_kind_of_the_handbook_can_be_imported() -> None:
    assert set(IMPORTS) == {
        *("units", "staff", "divisions", "customers", "declarations", "contracts")
    }


async def test_a_unit_is_founded_and_a_changed_row_renames_it(work: Work) -> None:
    names = ["东莞邮政局大客户中心", "东莞市邮政局大客户中心"]
    unit = UnitRow(ref="DG", name=names[0], level=Level.CITY, parent="GD", division_code="441900")
    await import_rows.unit(work, unit)
    await import_rows.unit(work, unit.model_copy(update={"name": names[1]}))
    assert [fact.name for fact in told(work, UnitChanged)] == names
    with pytest.raises(UnitOutOfPlace):
        await import_rows.unit(
            work, UnitRow(ref="X", name="支局", level=Level.BRANCH, kind=UnitKind.BRANCH)
        )


async def test_staff_joins_and_leaves_on_the_days_of_the_file(work: Work) -> None:
    person = StaffRow(
        ref="E1",
        name="Anna",
        unit="GZ",
        roles=("account_manager",),
        on=date(2017, 1, 1),
        left_on=date(2017, 12, 1),
    )
    for _ in range(2):
        await import_rows.member(work, person)
    for day, active in ((date(2017, 11, 30), True), (date(2017, 12, 1), False)):
        assert (await directory.on_day(work, ["E1"], day))["E1"].is_active is active
    with pytest.raises(ReportedOtherwise):
        await import_rows.member(work, person.model_copy(update={"unit": "SZ"}))


async def test_a_declaration_is_taken_as_far_as_its_row_says(work: Work) -> None:
    await import_rows.declaration(work, row())
    states = [fact.state.value for fact in told(work, CustomerChanged)]
    assert states == ["declared", "approved", "registered"]
    customer = told(work, CustomerChanged)[-1]
    assert customer.customer_key == derived_id("customer", "crm", "ACME")
    assert (customer.approved_on, customer.registered_on) == (date(2025, 3, 8), date(2025, 3, 10))
    assert await work.value("SELECT lead_staff_code FROM managers") == cast.COUNTY_MANAGER.code


async def test_a_declaration_without_an_approval_stays_declared(work: Work) -> None:
    await import_rows.declaration(work, row(approved_by=None, registered_by=None))
    assert [fact.state.value for fact in told(work, CustomerChanged)] == ["declared"]


async def test_who_approved_is_checked_as_on_that_day(work: Work) -> None:
    with pytest.raises(NotAnApprover):
        await import_rows.declaration(work, row(approved_by=cast.CITY_ADMINISTRATOR.code))


async def test_a_customer_is_declared_once(work: Work) -> None:
    await import_rows.declaration(work, row())
    with pytest.raises(ReportedOtherwise):
        await import_rows.declaration(work, row(ref="D-2"))
