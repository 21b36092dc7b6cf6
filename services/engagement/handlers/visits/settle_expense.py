"""Judge a claim by what is known of it, and tell when it is released or withheld (E-25, E-26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.engagement.domain.visits.expenses import ExpenseGate, ExpenseState, judge
from services.engagement.handlers import announcements
from services.engagement.storage.visits import expenses
from services.engagement.storage.visits.expenses import KeptExpense
from shared import policy
from shared.work import Work


async def handle(work: Work, claim: KeptExpense, on: date) -> KeptExpense:
    """Keep the `claim` as changed on the day `on`; it is locked. Returns it with its state.

    Raises NoPolicyInForce: without a gate nothing is released.
    """
    gate = await policy.in_force(work, ExpenseGate, on)
    before = claim.expense.state
    judgement = judge(claim.expense, gate.body)
    settled = replace(claim, expense=replace(claim.expense, state=judgement.state))
    if judgement.state is before:
        await expenses.save(work, settled, judgement.reasons)
        return settled

    await expenses.save(work, settled, judgement.reasons, on, gate.version)
    about = (settled.customer_key, work.currency, on, gate.version)
    if judgement.state is ExpenseState.RELEASED:
        work.publish(announcements.expense_released(settled.expense, *about))
    else:
        reasons = judgement.reasons
        work.publish(announcements.expense_withheld(settled.expense, reasons, *about))
    return settled
