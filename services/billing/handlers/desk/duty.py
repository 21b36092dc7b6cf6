"""Who is at the desk, and whether the task is his (B-19)."""

from __future__ import annotations

from datetime import date

from services.billing.domain.desk.duties import MoneyDuties, Task, require_task
from shared import policy
from shared.auth import Caller
from shared.policy import Versioned
from shared.work import Work


def caller(work: Work) -> Caller:
    """Whoever gave the command."""
    assert work.caller is not None, "a command has a caller"
    return work.caller


async def on_duty(work: Work, task: Task, on: date) -> Versioned[MoneyDuties]:
    """The duties in force. Raises NotYourTask, NoPolicyInForce."""
    duties = await policy.in_force(work, MoneyDuties, on)
    require_task(task, frozenset(caller(work).roles), duties.body, duties.version)
    return duties
