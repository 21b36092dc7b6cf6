"""Keep visits, with the check and the claim that follow from them (E-25, E-26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.engagement.domain.obligations.gaps import TooEarly
from services.engagement.domain.visits.expenses import Expense
from services.engagement.domain.visits.verification import Verification, VerificationRules
from services.engagement.handlers.obligations import recompute_duties
from services.engagement.storage import policies
from services.engagement.storage.accounts import horizons
from services.engagement.storage.visits import expenses, verifications, visits
from services.engagement.storage.visits.expenses import KeptExpense
from services.engagement.storage.visits.verifications import KeptVerification
from services.engagement.storage.visits.visit_rows import NewVisit
from shared.calendar import WorkingCalendar, working_calendar
from shared.work import Work


@dataclass(frozen=True)
class Reported:
    """A visit and the business day on which its record was handed in."""

    visit: NewVisit
    reported_on: date


async def handle(work: Work, reports: Sequence[Reported]) -> dict[UUID, TooEarly]:
    """Keep these visits; returns those that came too early (E-13).

    Every trip gets a verification and every expense its gate, except in history: what happened
    before duties were kept raises no deadline and claims nothing.
    """
    horizon = await horizons.reached(work)
    calendar = await working_calendar(work)
    live = [
        report
        for report in reports
        if horizon is None or report.visit.visited_on >= horizon.begun_on
    ]
    checks = [
        check for report in live if (check := await _check(work, calendar, report)) is not None
    ]
    verified = {check.verification.visit_id for check in checks}
    claims = [_claim(report.visit, verified) for report in live if report.visit.expense]

    await visits.add(work, [report.visit for report in reports])
    await verifications.add(work, checks)
    await expenses.add(work, claims)
    return await recompute_duties.handle(work, {report.visit.customer_key for report in reports})


async def _check(
    work: Work, calendar: WorkingCalendar, report: Reported
) -> KeptVerification | None:
    visit = report.visit
    rules = await policies.on(work, VerificationRules, visit.visited_on)
    if rules is None or not rules.body.is_trip(visit.channel):
        return None
    due = calendar.add_working_days(report.reported_on, rules.body.within_working_days)
    return KeptVerification(
        verification_id=verifications.verification_id(visit.visit_id),
        customer_key=visit.customer_key,
        reported_on=report.reported_on,
        verification=Verification(visit.visit_id, due.on, due.is_provisional),
    )


def _claim(visit: NewVisit, verified: set[UUID]) -> KeptExpense:
    assert visit.expense is not None, "only a visit with an expense has a claim"
    return KeptExpense(
        visit.customer_key,
        Expense(
            expense_id=expenses.expense_id(visit.visit_id),
            visit_id=visit.visit_id,
            amount=visit.expense,
            people=visit.visitors,
            is_verified_by_phone=visit.visit_id in verified,
        ),
    )
