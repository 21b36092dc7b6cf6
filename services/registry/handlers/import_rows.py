"""Rows of imported files, each through the handler that people use too.

An operator imports what happened long ago: who did it is in the row, and is checked as on that day.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import Level, Unit, UnitKind
from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.domain.register.customers import CustomerKind
from services.registry.handlers.centres import amend_unit, found_unit, report_staff
from services.registry.handlers.centres.amend_unit import AmendUnit
from services.registry.handlers.centres.found_unit import FoundUnit
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.handlers.people import assign_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.proof import approve_declaration, submit_declaration
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from services.registry.handlers.proof.submit_declaration import DeclaredCustomer, SubmitDeclaration
from services.registry.handlers.register import register_customer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customers
from shared.contracts.values import Code, DivisionCode, Label, Name, Word
from shared.errors import Conflict
from shared.identifiers import derived_id
from shared.importing import ImportedRow
from shared.work import Work

SYSTEM = "import"


class ReportedOtherwise(Conflict):
    """The same person was imported for that day as somebody else: give the change its own day."""

    code = "reported-otherwise"
    title_zh = "同一日期已有不同记录"
    title_en = "Reported otherwise"


class UnitRow(ImportedRow):
    """A unit; `ref` is its code. A changed row gives it another name or division."""

    name: Name
    level: Level
    kind: UnitKind = UnitKind.TERRITORIAL
    parent: Code | None = None
    division_code: DivisionCode | None = None
    specialty: Word | None = None
    """The trade of a professional bureau (R-06)."""


class StaffRow(ImportedRow):
    """Somebody; `ref` is the staff code, `on` the first day of unit and roles."""

    name: Name | None = None
    unit: Code
    roles: tuple[Word, ...]
    on: date
    left_on: date | None = None


class DeclarationRow(ImportedRow):
    """A declaration as it was made, and approved and registered as far as the row says."""

    name: Name
    division_code: DivisionCode
    declared_by: Code
    declared_on: date
    declaring_unit: Code | None = None
    reporting_branch: Code | None = None
    development_unit: Code | None = None
    kind: CustomerKind = CustomerKind.COMMERCIAL
    industry: Label | None = None
    unified_credit_code: str | None = None
    specialty_class: Word | None = None
    system: Code
    """The system in which the customer has a code."""
    customer_code: Code
    approved_by: Code | None = None
    approved_on: date | None = None
    registered_by: Code | None = None
    registered_on: date | None = None
    a_staff_code: Code | None = None
    b_staff_code: Code | None = None


async def unit(work: Work, row: UnitRow) -> None:
    """Found the unit, or amend it (R-01)."""
    if not await organisation.exists(work, row.ref):
        founded = Unit(row.ref, row.name, row.level, row.kind, row.parent)
        await found_unit.handle(work, FoundUnit(founded, row.division_code, row.specialty))
        return
    known = await organisation.load(work, row.ref)
    amendment = AmendUnit(row.ref, row.name, row.division_code, known.version, row.specialty)
    await amend_unit.handle(work, amendment)


async def member(work: Work, row: StaffRow) -> None:
    """Report that somebody joined, and left again if the row says so (R-08)."""
    joined = StaffEvent(
        *(StaffReport.JOINED, row.on, SYSTEM, f"{row.ref}/{row.on}"),
        *(row.unit, frozenset(row.roles), row.name),
    )
    known = [event for event in await staff.reports(work, row.ref) if event.ref == joined.ref]
    if any(event.kind is StaffReport.JOINED and event != joined for event in known):
        raise ReportedOtherwise(
            f"{row.ref} 在 {row.on} 已有不同的导入记录",
            f"{row.ref} was imported for {row.on} with other content",
            pointer="/on",
        )
    await report_staff.handle(work, ReportStaff(row.ref, joined))
    if row.left_on is not None:
        left = StaffEvent(StaffReport.LEFT, row.left_on, SYSTEM, f"{row.ref}/{row.left_on}")
        await report_staff.handle(work, ReportStaff(row.ref, left))


async def declaration(work: Work, row: DeclarationRow) -> None:
    """Declare, approve, register and assign as far as the row says, each on its own day (R-20)."""
    key = derived_id("customer", row.system, row.customer_code)
    if await customers.find(work, key) is not None:
        raise ReportedOtherwise(
            f"{row.system} 的客户 {row.customer_code} 已申报",
            f"the customer {row.customer_code} of {row.system} was declared before",
            pointer="/customer_code",
        )
    submitted = await submit_declaration.handle(work, await _submission(work, row, key))
    if row.approved_by is None:
        return
    approver = await _actor(work, row.approved_by, row.approved_on)
    await approve_declaration.handle(
        work,
        ApproveDeclaration(
            *(submitted.declaration_id, approver, submitted.version),
            on=row.approved_on,
            is_history=True,
        ),
    )
    if row.registered_by is not None:
        registrar = await _actor(work, row.registered_by, row.registered_on)
        version = (await customers.load(work, key)).version
        registration = RegisterCustomer(key, registrar, version, on=row.registered_on)
        await register_customer.handle(work, registration)
    if row.a_staff_code is not None:
        assignment = AssignManagers(
            key, approver, 0, row.a_staff_code, row.b_staff_code, on=row.approved_on
        )
        await assign_managers.handle(work, assignment)


async def _submission(work: Work, row: DeclarationRow, key: UUID) -> SubmitDeclaration:
    return SubmitDeclaration(
        by=await _actor(work, row.declared_by, row.declared_on),
        customer=DeclaredCustomer(
            name=row.name,
            division_code=row.division_code,
            kind=row.kind,
            industry=row.industry,
            unified_credit_code=row.unified_credit_code,
            specialty_class=row.specialty_class,
            codes=((row.system, row.customer_code),),
        ),
        on=row.declared_on,
        declaring_unit=row.declaring_unit,
        reporting_branch=row.reporting_branch,
        development_unit=row.development_unit,
        declaration_id=derived_id("declaration", row.system, row.ref),
        customer_key=key,
    )


async def _actor(work: Work, staff_code: str, on: date | None) -> Actor:
    member = await staff.on_day(work, staff_code, on or work.today, "/declared_by")
    return Actor(staff_code, member.unit, member.roles)
