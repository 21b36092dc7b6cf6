"""What billing tells of credit: limits, crossings, assessments."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from services.billing.domain.credit.exposure import Crossing
from services.billing.domain.credit.limits import CreditLimits, LimitDecision
from services.billing.domain.credit.scoring import CreditScoring
from services.billing.storage.credit.assessments import Assessment, as_inputs
from shared import policy
from shared.contracts.billing import CreditAssessed, CreditExceeded, CreditLimitChanged
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef
from shared.policy import NoPolicyInForce
from shared.work import Work


def body_of(policy: tuple[CreditLimits, int] | None) -> CreditLimits | None:
    """The policy's limits, without their version."""
    return None if policy is None else policy[0]


async def limits_in_force(work: Work, on: date) -> tuple[CreditLimits, int] | None:
    """The policy's limits with their version; None where the site has none."""
    try:
        found = await policy.in_force(work, CreditLimits, on)
    except NoPolicyInForce:
        return None
    return found.body, found.version


def policy_ref(version: int | None) -> PolicyRef | None:
    """The version of the limits' policy that decided, if one did."""
    return None if version is None else PolicyRef(name=CreditLimits.policy_name, version=version)


def limit_changed(decision: LimitDecision, as_of: date, currency: str) -> CreditLimitChanged:
    """An approved limit; the reason stays with us."""
    proposal, version = decision.proposal, decision.limit_version
    assert version is not None, "a refused limit changes nothing"
    return CreditLimitChanged(
        entity=Entity(type="credit-limit", id=str(proposal.customer_key), version=version),
        customer_key=proposal.customer_key,
        as_of=as_of,
        policy=policy_ref(decision.policy_version),
        inputs={"proposal_id": str(proposal.proposal_id)},
        credit_limit=_money(proposal.amount, currency),
        effective_on=decision.effective_on,
        proposed_by=proposal.proposed_by,
        approved_by=decision.decided_by,
    )


def credit_exceeded(crossed: Crossing, as_of: date, currency: str) -> CreditExceeded:
    """A group that came above its limit, or is within it again, with what it owes."""
    standing, limit = crossed.standing, crossed.limit

    def money(amount: Decimal) -> MoneyAmount:
        return MoneyAmount(amount=amount, currency=currency)

    return CreditExceeded(
        entity=Entity(
            type="credit-exposure", id=str(standing.customer_key), version=crossed.version
        ),
        customer_key=standing.customer_key,
        as_of=as_of,
        policy=policy_ref(limit.policy_version),
        inputs={"exposure_version": standing.version, **asdict(limit.traits)},
        credit_limit=money(standing.exposure if limit.amount is None else limit.amount),
        exposure=money(standing.exposure),
        is_exceeded=crossed.is_exceeded,
        receivable=money(standing.receivable),
        unapplied=money(standing.unapplied),
        reserved=money(standing.reserved),
        limit_version=limit.version,
    )


def credit_assessed(assessment: Assessment, currency: str) -> CreditAssessed:
    """How a customer pays, with what was looked at."""
    scored = assessment.scored
    return CreditAssessed(
        entity=Entity(type="credit", id=str(assessment.customer_key), version=assessment.version),
        customer_key=assessment.customer_key,
        as_of=assessment.as_of,
        policy=PolicyRef(name=CreditScoring.policy_name, version=assessment.policy_version),
        inputs=as_inputs(assessment.behaviour),
        credit_limit=_money(assessment.limit.amount, currency),
        exposure=MoneyAmount(amount=assessment.exposure, currency=currency),
        punctuality=scored.punctuality,
        grade=scored.grade,
        period_from_on=assessment.from_on,
        period_until_on=assessment.until_on,
        score=scored.score,
        days_late=scored.days_late,
    )


def _money(amount: Decimal | None, currency: str) -> MoneyAmount | None:
    return None if amount is None else MoneyAmount(amount=amount, currency=currency)
