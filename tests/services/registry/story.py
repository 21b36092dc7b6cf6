"""Steps that tests of registry have in common, taken by people of the cast."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.custody.assets import AssetKind
from services.registry.domain.belonging.contracts import Contract
from services.registry.domain.proof.declarations import Declaration
from services.registry.domain.register.customers import Customer
from services.registry.handlers.archive.custody import keep_asset, lend_original
from services.registry.handlers.archive.custody.keep_asset import RegisterAsset
from services.registry.handlers.archive.custody.lend_original import MoveLoan, RequestLoan
from services.registry.handlers.belonging import sign_contract
from services.registry.handlers.belonging.sign_contract import SignContract
from services.registry.handlers.people import assign_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.proof import (
    approve_declaration,
    propose_developers,
    submit_declaration,
)
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from services.registry.handlers.proof.propose_developers import ProposeDevelopers
from services.registry.handlers.proof.submit_declaration import DeclaredCustomer, SubmitDeclaration
from services.registry.handlers.register import register_customer
from services.registry.handlers.register.register_customer import RegisterCustomer, Registration
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.contracts.envelope import Published
from shared.identifiers import new_id
from shared.work import Work
from tests.support import cast

F = TypeVar("F", bound=Published)
DECLARED_ON = date(2026, 1, 5)
APPROVED_ON = date(2026, 1, 12)
REGISTERED_ON = date(2026, 1, 20)


def acting(person: cast.Person) -> Actor:
    """A person of the cast, in action."""
    return Actor(person.code, person.unit, frozenset(person.roles))


async def enter(work: Work, person: cast.Person) -> None:
    """The work goes on as a request of this person would, as far as sight is asked for."""
    await work.run(
        "SELECT kit.enter(:staff, :unit, :today)",
        {"staff": person.code, "unit": person.unit, "today": work.today},
    )


def told(work: Work, kind: type[F]) -> list[F]:
    """The facts of `kind` that the work is about to publish, in order."""
    facts = [outgoing.fact for outgoing in work._collected.published]
    return [fact for fact in facts if isinstance(fact, kind)]


async def commit(work: Work) -> None:
    """Write what a commit would write, and go on as with the next unit of work."""
    await work.finish()
    work._collected = type(work._collected)()


def mechanics(**others: Any) -> DeclaredCustomer:
    """A machine works in Tianhe."""
    said: dict[str, Any] = {"name": "广州南方机械有限公司", "division_code": "440106"}
    return DeclaredCustomer(**{**said, **others})


@dataclass
class Declaring:
    """How a test wants a customer declared, when it is not the usual way."""

    by: cast.Person = cast.COUNTY_MANAGER
    customer: DeclaredCustomer = field(default_factory=mechanics)
    units: dict[str, Any] = field(default_factory=dict)


async def declared(work: Work, how: Declaring | None = None) -> Declaration:
    """A customer that Tianhe declared on DECLARED_ON."""
    how = how or Declaring()
    command = SubmitDeclaration(acting(how.by), how.customer, DECLARED_ON, **how.units)
    return await submit_declaration.handle(work, command)


async def proposed(work: Work, declaration: Declaration) -> Declaration:
    """The declaration, once the province's administrator proposed who it says is to develop."""
    command = ProposeDevelopers(
        declaration_id=declaration.declaration_id,
        by=acting(cast.PROVINCE_ADMINISTRATOR),
        expected_version=declaration.version,
        development_unit=declaration.development_unit,
        joint_units=declaration.joint_units,
        reason="属地",
        on=declaration.declared_on,
    )
    return await propose_developers.handle(work, command)


async def approved(work: Work, how: Declaring | None = None) -> UUID:
    """As `declared`, proposed by an administrator, and approved by a director above; its key."""
    declaration = await proposed(work, await declared(work, how))
    concerned = (declaration.development_unit, *declaration.joint_units)
    is_local = all(unit.startswith("GZ-") for unit in concerned)
    director = cast.CITY_DIRECTOR if is_local else cast.PROVINCE_DIRECTOR
    command = ApproveDeclaration(
        declaration.declaration_id, acting(director), declaration.version, APPROVED_ON
    )
    await approve_declaration.handle(work, command)
    return declaration.customer_key


async def registered(work: Work, how: Declaring | None = None) -> Registration:
    """As `approved`, and registered by the province."""
    key = await approved(work, how)
    by = acting(cast.PROVINCE_ADMINISTRATOR)
    return await register_customer.handle(work, RegisterCustomer(key, by, 2, REGISTERED_ON))


async def managed(work: Work, customer_key: UUID, on: date = APPROVED_ON) -> None:
    """A is the manager of the city, B of the county."""
    _, version = await managers.current(work, customer_key)
    await assign_managers.handle(
        work,
        AssignManagers(
            *(customer_key, acting(cast.CITY_DIRECTOR), version),
            *(cast.MANAGER_A.code, cast.COUNTY_MANAGER.code, on),
        ),
    )


async def signed(work: Work, customer_key: UUID, at: str, on: date, **others: Any) -> Contract:
    """A contract signed at the unit `at`, entered by the county's manager."""
    contract = Contract(new_id(), customer_key, at, on, **others)
    return await sign_contract.handle(work, SignContract(contract, acting(cast.COUNTY_MANAGER)))


async def customer(work: Work, customer_key: UUID) -> Customer:
    """The customer as it is now."""
    return await customers.load(work, customer_key)


async def lent(work: Work, customer_key: UUID, to: cast.Person = cast.MANAGER_B) -> UUID:
    """An original of the customer, kept by the county's manager, is with somebody; the loan."""
    keeper = acting(cast.COUNTY_MANAGER)
    kept = RegisterAsset(customer_key, AssetKind.ORIGINAL, "合同正本", keeper.staff_code, keeper)
    asset = await keep_asset.register(work, kept)
    due_on = work.today + timedelta(days=3)
    loan = await lend_original.request(
        work, RequestLoan(asset.asset_id, acting(to), "续签合同", due_on)
    )
    for step in (lend_original.approve, lend_original.lend):
        loan = await step(work, MoveLoan(loan.loan_id, keeper, loan.version))
    return loan.loan_id
