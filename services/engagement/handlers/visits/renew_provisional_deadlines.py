"""Count deadlines anew that hung on a calendar not announced: it may be known by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.engagement.domain.visits.verification import VerificationRules
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage import policies
from services.engagement.storage.visits import verifications, visits
from services.engagement.storage.visits.verifications import KeptVerification
from shared.calendar import WorkingCalendar, working_calendar
from shared.work import Work


async def handle(work: Work, on: date) -> int:
    """Renew verifications and clocks; returns how many deadlines were looked at."""
    checks = await verifications.provisional(work)
    if checks:
        await _renew(work, checks)
    return len(checks) + await recompute_clocks.provisional(work)


async def _renew(work: Work, checks: Sequence[KeptVerification]) -> None:
    calendar = await working_calendar(work)
    for check in checks:
        renewed = await _renewed(work, calendar, check)
        if renewed.verification != check.verification:
            await verifications.save(work, replace(renewed, version=check.version + 1))


async def _renewed(
    work: Work, calendar: WorkingCalendar, check: KeptVerification
) -> KeptVerification:
    visit = await visits.one(work, check.verification.visit_id)
    assert visit is not None, "a verification belongs to a visit"
    rules = await policies.on(work, VerificationRules, visit.contact.on)
    if rules is None:
        return check
    due = calendar.add_working_days(check.reported_on, rules.body.within_working_days)
    verification = replace(check.verification, due_on=due.on, is_provisional=due.is_provisional)
    return replace(check, verification=verification)
