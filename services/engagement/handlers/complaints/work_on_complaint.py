"""What the steps of a case have in common: the case in the caller's hands, and putting it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import Complaint
from services.engagement.domain.complaints.service_levels import ServiceLevels
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage.complaints import complaint_steps, complaints, limits
from services.engagement.storage.complaints.case_rows import KeptCase
from services.engagement.storage.complaints.complaint_steps import CaseStep
from shared.directory import scope
from shared.errors import NotFound
from shared.http.versions import require_version
from shared.moments import moment
from shared.policy import NoPolicyInForce
from shared.work import Work

Decide = Callable[[Complaint, datetime], Complaint]
"""One step of the domain, at an instant."""


async def take(work: Work, complaint_id: UUID, expected_version: int | None = None) -> KeptCase:
    """The case, locked, if it is the caller's to see: by its customer, or by its unit.

    Raises NotFound, OutOfScope and StaleVersion.
    """
    kept = await complaints.one(work, complaint_id)
    if kept is None:
        raise NotFound("没有此投诉", "there is no such case")
    unit, customer_key = kept.case.unit, kept.case.customer_key
    is_own = unit is not None and await work.value("SELECT kit.unit_in_scope(:unit)", unit=unit)
    if not is_own and customer_key is not None:
        await scope.require(work, customer_key, "base")
    elif not is_own and unit is not None:
        await scope.require_unit(work, unit)
    if expected_version is not None:
        require_version(expected_version, kept.version)
    return kept


async def step(
    work: Work, kept: KeptCase, name: str, decide: Decide, at: datetime | None, words: str = ""
) -> KeptCase:
    """Take the step `name` at `at` (now if None) and put the case back; raises as `decide` does."""
    happened_at = moment(at, work.now)
    case = decide(kept.case, happened_at)
    (now,) = await recompute_clocks.handle(work, [replace(kept, case=case)])
    taken = CaseStep(
        complaint_id=case.complaint_id,
        step=name,
        happened_at=happened_at,
        staff_code=work.person.staff_code,
        unit=case.unit,
        level=case.level,
        words=words,
    )
    await complaint_steps.add(work, [taken])
    return now


async def levels(work: Work, kept: KeptCase) -> ServiceLevels:
    """The service levels that hold for the case; raises NoPolicyInForce."""
    holds = (await limits.load(work, [kept.case.customer_key])).of(kept.case)
    if holds is None:
        raise NoPolicyInForce(
            f"没有生效的政策 {ServiceLevels.policy_name}",
            f"policy {ServiceLevels.policy_name} was not in force when the case was opened",
        )
    return holds.levels.body
