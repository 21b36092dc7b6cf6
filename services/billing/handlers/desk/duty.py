"""Who is at the desk, and whether the task is his (B-19)."""

from __future__ import annotations

from datetime import date

from services.billing.domain.arrears.waivers import Decider
from services.billing.domain.desk.duties import MoneyDuties, Task, require_task
from shared import policy
from shared.directory import units
from shared.policy import Versioned
from shared.work import Work


async def on_duty(work: Work, task: Task, on: date) -> Versioned[MoneyDuties]:
    """The duties in force. Raises NotYourTask, NoPolicyInForce."""
    duties = await policy.in_force(work, MoneyDuties, on)
    require_task(task, frozenset(work.person.roles), duties.body, duties.version)
    return duties


async def decider(work: Work) -> Decider:
    """Whoever gave the command, with what his authority goes by."""
    level = await units.level_of(work, work.person.unit)
    return Decider(work.person.staff_code, level, frozenset(work.person.roles))
