"""When time alone may change what is owed to a customer: until then nobody need look at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from services.engagement.domain.accounts.accounts import CustomerFacts
from services.engagement.domain.accounts.dated import Dated, next_turning_point
from services.engagement.domain.obligations.cadence import PlanSince
from services.engagement.domain.obligations.duties import Duty, Horizon
from services.engagement.domain.obligations.periods import start_after

_DAY = timedelta(days=1)


def wake_on(
    facts: CustomerFacts, plans: Sequence[PlanSince], duties: Sequence[Duty], horizon: Horizon
) -> date | None:
    """The next day on which the passage of time alone may change the duties; None: never."""
    opened_until = horizon.opens_until
    rows = [row for version in plans for row in version.plan.rows]
    opening = {
        start_after(row.period.unit, opened_until) for row in rows if not row.period.is_rolling
    }
    rolling = {row.code for row in rows if row.period.is_rolling}
    opening |= {duty.due_on + _DAY for duty in duties if duty.code in rolling}
    opening |= {duty.met_on + _DAY for duty in duties if duty.code in rolling and duty.met_on}
    histories: list[Sequence[Dated]] = [
        facts.tiers,
        facts.classes,
        facts.owners,
        facts.managers,
        plans,
    ]
    dated = {
        day
        for after in (horizon.reached_on, opened_until)
        for day in (next_turning_point(histories, after),)
        if day is not None
    }
    opening |= dated | facts.ends_of_activity(opened_until, date.max)
    ahead = timedelta(days=horizon.days_ahead)
    days = {day - ahead for day in opening if day > opened_until}
    days |= dated | facts.ends_of_activity(horizon.reached_on, date.max)
    return min((day for day in days if day > horizon.reached_on), default=None)
