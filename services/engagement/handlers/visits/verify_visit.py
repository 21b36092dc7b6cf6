"""The telephone department calls a customer about a trip record (E-26)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.engagement.domain.visits.expenses import verified
from services.engagement.domain.visits.verification import Verdict, VerificationRules, call
from services.engagement.handlers import announcements
from services.engagement.handlers.obligations import recompute_duties
from services.engagement.handlers.visits import settle_expense
from services.engagement.storage.visits import expenses, verifications, visits
from services.engagement.storage.visits.verifications import KeptVerification
from services.engagement.storage.visits.visit_rows import KeptVisit
from shared import policy
from shared.clock import business_date
from shared.directory import scope
from shared.errors import NotFound
from shared.http.versions import require_version
from shared.moments import moment
from shared.work import Work


@dataclass(frozen=True, slots=True)
class CallAboutVisit:
    """One call: what was found, when, and what was said."""

    visit_id: UUID
    found: Verdict
    expected_version: int
    at: datetime | None = None
    note: str = ""


async def handle(work: Work, command: CallAboutVisit) -> KeptVerification:
    """Count the attempt and, once there is a verdict, publish it and let it take effect.

    Raises NotFound, OutOfScope, StaleVersion, VerifierWasThere, AlreadyVerified and InTheFuture.
    """
    caller = work.person.staff_code
    visit, kept = await _load(work, command)
    at = moment(command.at, work.now)
    rules = await policy.in_force(work, VerificationRules, visit.contact.on)

    after = call(kept.verification, rules.body, command.found, caller, visit.people)
    now = replace(kept, verification=after, version=kept.version + 1)
    if after.verdict is not None:
        now = replace(now, verified_by=caller, verified_at=at)

    await verifications.save(work, now)
    await verifications.add_call(work, now, command.found, command.note, at, caller)
    if after.verdict is not None:
        on = business_date(at, work.zone)
        work.publish(announcements.visit_verified(now, on, rules.version))
        await _take_effect(work, visit, after.verdict, on)
    return now


async def _load(work: Work, command: CallAboutVisit) -> tuple[KeptVisit, KeptVerification]:
    visit = await visits.one(work, command.visit_id)
    kept = await verifications.of_visit(work, command.visit_id)
    if visit is None or kept is None:
        raise NotFound("没有待核实的出差记录", "there is no trip record to verify")
    await scope.require(work, visit.customer_key, "base")
    require_version(command.expected_version, kept.version)
    return visit, kept


async def _take_effect(work: Work, visit: KeptVisit, verdict: Verdict, on: date) -> None:
    """A visit that differs counts for nothing, and its expense is withheld."""
    await visits.give_verdict(work, visit.contact.visit_id, verdict)
    claim = await expenses.of_visit(work, visit.contact.visit_id)
    if claim is not None:
        claim = replace(claim, expense=verified(claim.expense, verdict))
        await settle_expense.handle(work, claim, on)
    await recompute_duties.handle(work, [visit.customer_key])
