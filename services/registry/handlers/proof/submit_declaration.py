"""A centre declares a customer upwards; what a branch reports is declared by its centre (R-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.proof.declarations import (
    Declaration,
    DeclarationApproval,
    Developers,
    Filing,
    file,
)
from services.registry.domain.proof.proposals import Proposal, may_propose
from services.registry.domain.register.customers import Customer, CustomerKind, require_no_branch
from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.proof import propose_developers
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.recognition import recognise_key_account
from services.registry.handlers.register import recognise_customer
from services.registry.storage.centres import organisation
from services.registry.storage.proof import chain, declarations
from services.registry.storage.register import customers
from services.registry.storage.register.divisions import known_divisions
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work

WITH_THE_DECLARATION = "随申报提出 / with the declaration"


@dataclass(frozen=True, slots=True)
class DeclaredCustomer:
    """Whom a declaration is about, as the declaring unit knows it."""

    name: str
    division_code: str
    kind: CustomerKind = CustomerKind.COMMERCIAL
    short_name: str | None = None
    industry: str | None = None
    unified_credit_code: str | None = None
    head_office_key: UUID | None = None
    specialty_class: str | None = None
    visit_class: str | None = None
    traits: Sequence[str] = ()
    codes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class SubmitDeclaration:
    """A declaration; units left out follow from the actor's unit (R-04, R-09)."""

    by: Actor
    customer: DeclaredCustomer
    on: date | None = None
    declaring_unit: str | None = None
    reporting_branch: str | None = None
    development_unit: str | None = None
    joint_units: Sequence[str] = ()
    declaration_id: UUID | None = None
    customer_key: UUID | None = None


async def handle(work: Work, command: SubmitDeclaration) -> Declaration:
    """Give the customer its key and chain the declaration (R-20, R-21).

    Raises UnknownDivision, RetiredDivision, InvalidCreditCode, CustomerExists (R-81),
    OutsideOwnUnit, NotABranch, NoCentre, BranchOfABranch (R-32).
    """
    on = business_day(command.on, work.today)
    said = command.customer
    divisions = await known_divisions(work, [said.division_code])
    require_in_force(divisions, said.division_code, on, "/customer/division_code")
    family = await _head_office(work, said.head_office_key)
    credit_code = await recognise_customer.require_new(work, said.unified_credit_code, family)
    filing = await _file(work, command)

    declaration = _declaration(command, filing, on)
    customer = _customer(declaration, said, credit_code)

    await customers.add(work, customer)
    await declarations.add(work, declaration)
    await chain.record_submission(work, declaration, _content(customer, said.codes))
    await _propose(work, command, declaration)
    await customers.note(work, customer, "declared", on, command.by.staff_code)
    await recognise_customer.link(work, customer, said.codes)
    await recognise_customer.adopt_observations(work, customer)
    await tell(work, customer_changed(customer, await customers.codes(work, customer.customer_key)))
    await refresh_scope.handle(work, customer.customer_key)
    await recognise_key_account.declared(work, customer, command.by, on)
    return declaration


async def _propose(work: Work, command: SubmitDeclaration, declaration: Declaration) -> None:
    """What an administrator declares says at the same time who is proposed to develop (R-09)."""
    policy = await in_force(work, DeclarationApproval, declaration.declared_on)
    if not may_propose(command.by, policy.body):
        return
    proposal = Proposal(
        declaration_id=declaration.declaration_id,
        sequence=1,
        developers=Developers(declaration.development_unit, declaration.joint_units),
        proposed_by=declaration.declared_by,
        proposed_on=declaration.declared_on,
        reason=WITH_THE_DECLARATION,
    )
    await propose_developers.keep(work, declaration, proposal)


async def _head_office(work: Work, head_office_key: UUID | None) -> UUID | None:
    if head_office_key is None:
        return None
    head_office = await customers.load(work, head_office_key)
    return require_no_branch(head_office).customer_key


async def _file(work: Work, command: SubmitDeclaration) -> Filing:
    units = [
        *(command.by.unit, command.declaring_unit, command.reporting_branch),
        *(command.development_unit, *command.joint_units),
    ]
    return file(
        await organisation.lineage(work, units),
        filed_at=command.by.unit,
        declaring_unit=command.declaring_unit,
        reporting_branch=command.reporting_branch,
        development_unit=command.development_unit,
        joint_units=command.joint_units,
    )


def _declaration(command: SubmitDeclaration, filing: Filing, on: date) -> Declaration:
    return Declaration(
        declaration_id=command.declaration_id or new_id(),
        customer_key=command.customer_key or new_id(),
        declaring_unit=filing.declaring_unit,
        declared_by=command.by.staff_code,
        declared_on=on,
        reporting_branch=filing.reporting_branch,
        development_unit=filing.development_unit,
        joint_units=filing.joint_units,
    )


def _customer(
    declaration: Declaration, said: DeclaredCustomer, credit_code: str | None
) -> Customer:
    return Customer(
        customer_key=declaration.customer_key,
        name=said.name,
        kind=said.kind,
        division_code=said.division_code,
        declaring_unit=declaration.declaring_unit,
        declared_on=declaration.declared_on,
        short_name=said.short_name,
        industry=said.industry,
        unified_credit_code=credit_code,
        reporting_branch=declaration.reporting_branch,
        head_office_key=said.head_office_key,
        specialty_class=said.specialty_class,
        visit_class=said.visit_class,
        traits=tuple(sorted(set(said.traits))),
    )


def _content(customer: Customer, codes: Sequence[tuple[str, str]]) -> dict[str, object]:
    """What the declaration says of the customer, as it is chained for ever (R-21)."""
    return {
        "name": customer.name,
        "short_name": customer.short_name,
        "kind": customer.kind.value,
        "division_code": customer.division_code,
        "industry": customer.industry,
        "unified_credit_code": customer.unified_credit_code,
        "head_office_key": customer.head_office_key and str(customer.head_office_key),
        "specialty_class": customer.specialty_class,
        "visit_class": customer.visit_class,
        "traits": list(customer.traits),
        "codes": [{"system": system, "code": code} for system, code in sorted(codes)],
    }
