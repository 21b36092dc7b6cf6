"""The policies of engagement, as the domain wants them."""

from __future__ import annotations

from datetime import date

from services.engagement.domain.obligations.cadence import CadencePlan, PlanSince
from shared import policy
from shared.policy_body import P
from shared.work import Work


async def cadence_plans(work: Work) -> tuple[PlanSince, ...]:
    """Every version of the cadence plan; empty when the site has none."""
    versions = (await policy.timeline(work, CadencePlan)).versions
    return tuple(PlanSince(v.version, v.effective_on, v.body) for v in versions)


async def on(work: Work, kind: type[P], day: date) -> policy.Versioned[P] | None:
    """The version of `kind` in force on `day`, or None if none is."""
    try:
        return await policy.in_force(work, kind, day)
    except policy.NoPolicyInForce:
        return None
