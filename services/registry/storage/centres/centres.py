"""Centres: who directs them, and which professional bureaus may have one (R-02, R-06)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert

from services.registry.domain.centres.centre_names import Centre
from services.registry.domain.centres.specialty_centres import CentreDecision
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.work import Work


async def next_version(work: Work, unit: str) -> int:
    """The number of the next version of the unit's centre; hold the unit before."""
    version: int = await work.value(
        "SELECT coalesce(max(version), 0) + 1 FROM centres WHERE unit = :unit", unit=unit
    )
    return version


async def add(work: Work, centre: Centre, by: str, reason: str, policy: PolicyRef) -> None:
    """Add who directs a centre from a day on."""
    await work.run(
        insert(tables.centres).values(
            unit=centre.unit,
            version=centre.version,
            department=centre.department,
            director_post=centre.director_post,
            director_staff_code=centre.director_staff_code,
            effective_on=centre.effective_on,
            reason=reason,
            set_up_by=by,
            policy_name=policy.name,
            policy_version=policy.version,
            recorded_at=work.now,
        )
    )


async def is_granted(work: Work, unit: str, on: date) -> bool:
    """Whether the last decision about a professional bureau by `on` granted it a centre (R-06)."""
    granted = await work.value(
        "SELECT is_granted FROM centre_decisions WHERE unit = :unit"
        " AND decided_on <= :on ORDER BY decided_on DESC, decision_id DESC LIMIT 1",
        unit=unit,
        on=on,
    )
    return granted is True


async def add_decision(work: Work, decision: CentreDecision, by: str, policy: PolicyRef) -> None:
    """Add a decision with its inputs and findings."""
    await work.run(
        insert(tables.centre_decisions).values(
            decision_id=decision.decision_id,
            unit=decision.unit,
            decided_on=decision.decided_on,
            is_granted=decision.is_granted,
            inputs=decision.figures.to_json(),
            findings=[finding.to_json() for finding in decision.findings],
            policy_name=policy.name,
            policy_version=policy.version,
            decided_by=by,
            recorded_at=work.now,
        )
    )
