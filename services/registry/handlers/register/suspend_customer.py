"""A credit problem stops everything; lifting it leads back to where it was (R-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.proof.credit_problems import (
    CreditProblem,
    CreditSuspension,
    lift,
    note,
    raise_problem,
)
from services.registry.domain.register import customers as domain
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.centres import organisation
from services.registry.storage.proof import credit_problems
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SuspendCustomer:
    """Who suspends the customer, or lifts the suspension, and why; the words stay in registry."""

    customer_key: UUID
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: SuspendCustomer) -> Customer:
    """Suspend the customer and report why to the next higher centre (R-22).

    Raises WrongState, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    units = await organisation.lineage(work, [command.by.unit])

    stopped = domain.suspended(customer, command.reason, on)
    problem = raise_problem(
        *(command.by, units),
        problem_id=new_id(),
        customer_key=customer.customer_key,
        reason=command.reason,
        on=on,
    )

    await credit_problems.add(work, problem)
    return await _keep(work, stopped, "suspended", on, command)


async def resume(work: Work, command: SuspendCustomer) -> Customer:
    """Lift the suspension; a director of the centre that was told does (R-22).

    Raises NotALifter, NotReportedHere, WrongState, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    resumed = domain.resumed(customer)
    problem = await credit_problems.open_of(work, customer.customer_key)
    if problem is not None:
        units = await organisation.lineage(work, [command.by.unit, problem.reported_to])
        policy = await in_force(work, CreditSuspension, on)
        lifted = lift(problem, command.by, units, policy.body, on, command.reason)
        await credit_problems.save(work, lifted)
    return await _keep(work, resumed, "resumed", on, command)


@dataclass(frozen=True, slots=True)
class NoteProblem:
    """Who at the centre above takes note of a credit problem."""

    problem_id: UUID
    by: Actor
    expected_version: int
    on: date | None = None


async def take_note(work: Work, command: NoteProblem) -> CreditProblem:
    """Keep that the centre above knows (R-22); raises NotReportedHere, AlreadyNoted."""
    on = business_day(command.on, work.today)
    await customers.load(work, await credit_problems.customer_of(work, command.problem_id))
    problem = await credit_problems.load(work, command.problem_id)
    require_version(command.expected_version, problem.version)
    units = await organisation.lineage(work, [command.by.unit, problem.reported_to])
    noted = note(problem, command.by, units, on)
    await credit_problems.save(work, noted)
    return noted


async def _keep(
    work: Work, customer: Customer, step: str, on: date, command: SuspendCustomer
) -> Customer:
    await customers.save(work, customer)
    await customers.note(work, customer, step, on, command.by.staff_code, command.reason)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(customer, codes))
    return customer
