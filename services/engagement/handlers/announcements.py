"""What we tell the others: engagement's published facts, made from what is kept.

No person's name and no word of what was said is in any of them.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.engagement.domain.obligations.cadence import CadencePlan
from services.engagement.domain.obligations.obligations import Obligation, inputs
from services.engagement.domain.obligations.periods import Period, Unit
from services.engagement.domain.visits.expenses import Expense, ExpenseGate
from services.engagement.domain.visits.verification import VerificationRules
from services.engagement.storage.obligations.obligations import obligation_id
from services.engagement.storage.visits.verifications import KeptVerification
from services.engagement.storage.visits.visit_rows import KeptVisit
from shared.contracts.engagement import (
    ExpenseReleased,
    ExpenseWithheld,
    ObligationChanged,
    VisitRecorded,
    VisitVerified,
)
from shared.contracts.engagement import ObligationState as PublishedState
from shared.contracts.engagement import Verdict as PublishedVerdict
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef, SourceRef


def obligation_changed(
    obligation: Obligation, as_of: date, revised: str | None = None
) -> ObligationChanged:
    """An obligation as it is now; `revised` says why a decision that it was missed fell."""
    duty = obligation.duty
    key = obligation_id(duty)
    levels = duty.target_levels
    return ObligationChanged(
        entity=Entity(type="obligation", id=str(key), version=obligation.version),
        customer_key=duty.customer_key,
        as_of=as_of,
        policy=PolicyRef(name=CadencePlan.policy_name, version=duty.plan_version),
        inputs=inputs(duty) | ({"revises": "missed", "reason": revised} if revised else {}),
        obligation_id=key,
        state=PublishedState(obligation.state.value),
        rule=duty.code,
        role=duty.role,
        staff_code=duty.holder,
        channel=duty.channel,
        target_level=levels[0] if len(levels) == 1 else None,
        scheme=duty.scheme,
        tier=duty.tier,
        period=_named(duty.period, duty.first_on),
        from_on=duty.first_on,
        due_on=duty.due_on,
        required=duty.minimum,
        done=duty.count,
        met_on=duty.met_on,
    )


def visit_recorded(visit: KeptVisit, currency: str) -> VisitRecorded:
    """A visit as it is known now."""
    contact = visit.contact
    return VisitRecorded(
        entity=Entity(type="visit", id=str(contact.visit_id), version=visit.version),
        customer_key=visit.customer_key,
        visit_id=contact.visit_id,
        source=(
            SourceRef(system=visit.source_system, ref=visit.source_ref)
            if visit.source_system and visit.source_ref
            else None
        ),
        kind=contact.kind,
        channel=contact.channel,
        visitors=tuple(visitor.staff_code for visitor in contact.visitors),
        roles=visit.roles,
        unit=visit.unit,
        target_level=contact.target_level,
        occurred_on=contact.on,
        started_at=contact.started_at,
        ended_at=visit.ended_at,
        is_too_early=visit.is_too_early,
        expense=(
            MoneyAmount(amount=visit.expense, currency=currency)
            if visit.expense is not None
            else None
        ),
    )


def visit_verified(kept: KeptVerification, as_of: date, rules_version: int) -> VisitVerified:
    """The verdict of the telephone department on one trip record (E-26)."""
    check = kept.verification
    assert check.verdict and kept.verified_by and kept.verified_at, "only a verdict is told"
    return VisitVerified(
        entity=Entity(type="verification", id=str(kept.verification_id), version=kept.version),
        customer_key=kept.customer_key,
        as_of=as_of,
        policy=PolicyRef(name=VerificationRules.policy_name, version=rules_version),
        inputs={"attempts": check.attempts, "due_on": check.due_on.isoformat()},
        verification_id=kept.verification_id,
        visit_id=check.visit_id,
        verdict=PublishedVerdict(check.verdict.value),
        attempts=check.attempts,
        verified_by=kept.verified_by,
        verified_at=kept.verified_at,
    )


def expense_released(
    expense: Expense, customer_key: UUID, currency: str, as_of: date, gate_version: int
) -> ExpenseReleased:
    """The expense may be paid now (E-25)."""
    return ExpenseReleased(
        entity=Entity(type="expense", id=str(expense.expense_id), version=expense.version),
        customer_key=customer_key,
        as_of=as_of,
        policy=PolicyRef(name=ExpenseGate.policy_name, version=gate_version),
        inputs=_signed(expense),
        expense_id=expense.expense_id,
        visit_id=expense.visit_id,
        claimant=expense.claimant,
        amount=MoneyAmount(amount=expense.amount, currency=currency),
        released_by=expense.signatures[-1].staff_code,
    )


def expense_withheld(
    expense: Expense,
    reasons: tuple[str, ...],
    customer_key: UUID,
    currency: str,
    as_of: date,
    gate_version: int,
) -> ExpenseWithheld:
    """The expense may not be paid (E-25, E-26)."""
    return ExpenseWithheld(
        entity=Entity(type="expense", id=str(expense.expense_id), version=expense.version),
        customer_key=customer_key,
        as_of=as_of,
        policy=PolicyRef(name=ExpenseGate.policy_name, version=gate_version),
        inputs=_signed(expense),
        expense_id=expense.expense_id,
        visit_id=expense.visit_id,
        claimant=expense.claimant,
        amount=MoneyAmount(amount=expense.amount, currency=currency),
        reasons=reasons,
    )


def _signed(expense: Expense) -> dict[str, object]:
    return {
        "steps": [[each.step.value, each.staff_code] for each in expense.signatures],
        "refused_by": expense.refused_by,
        "verdict": expense.verdict.value if expense.verdict else None,
    }


def _named(period: Period, first_on: date) -> str | None:
    """The calendar period as contracts write it: `2026`, `2026-Q1`, `2026-03`."""
    match period.unit:
        case Unit.YEAR:
            return f"{first_on.year}"
        case Unit.QUARTER:
            return f"{first_on.year}-Q{(first_on.month + 2) // 3}"
        case Unit.MONTH:
            return f"{first_on:%Y-%m}"
        case _:
            return None
