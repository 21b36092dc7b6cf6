"""Take the next step of a claim, or refuse it (E-25)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.engagement.domain.visits.expenses import ExpenseGate, Signature, Step, refuse, sign
from services.engagement.handlers.visits import settle_expense
from services.engagement.storage.visits import expenses
from services.engagement.storage.visits.expenses import KeptExpense
from shared import policy
from shared.directory import scope
from shared.errors import NotFound
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SignExpense:
    """One step, taken by the caller; with `is_refusal` the record was found not in order."""

    expense_id: UUID
    step: Step
    expected_version: int
    is_refusal: bool = False
    on: date | None = None


async def handle(work: Work, command: SignExpense) -> KeptExpense:
    """Note the signature; the last one, with the verdict, releases the expense.

    Raises NotFound, OutOfScope, StaleVersion, OutOfTurn, StepForAnotherRole, SamePerson and
    InTheFuture.
    """
    caller = work.person
    on = business_day(command.on, work.today)
    claim = await expenses.one(work, command.expense_id)
    if claim is None:
        raise NotFound("没有此报销", "there is no such claim")
    await scope.require(work, claim.customer_key, "base")
    require_version(command.expected_version, claim.expense.version)
    gate = await policy.in_force(work, ExpenseGate, on)

    decide = refuse if command.is_refusal else sign
    expense = decide(claim.expense, gate.body, command.step, caller.staff_code, caller.roles)

    signature = Signature(command.step, caller.staff_code)
    await expenses.add_signature(work, claim, signature, on, is_refusal=command.is_refusal)
    return await settle_expense.handle(work, replace(claim, expense=expense), on)
