"""The cadence plan: which tier scheme governs visits, and who owes whom how many (C1, C7, C13)."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from services.engagement.domain.obligations.cadence import CadencePlan, CadenceRow
from services.engagement.domain.obligations.periods import Unit
from shared.http import Reading, Router
from shared.policy import in_force

router = Router(prefix="/v1/cadence", tags=["cadence"])


class RowOut(BaseModel):
    """One duty: tier, role, channel, target person, period, minimum and maximum."""

    code: str
    role: str
    channel: str
    target_levels: list[str]
    tiers: list[str]
    specialty_classes: list[str]
    visit_classes: list[str]
    every: Unit
    days: int | None
    minimum: int
    maximum: int | None


class PlanOut(BaseModel):
    """The plan in force on a day. Change it under /v1/policies/cadence."""

    on: date
    plan_version: int
    effective_on: date
    scheme: str
    dedicated_kinds: list[str]
    minimum_gap_days: int
    rows: list[RowOut]


@router.get("")
async def plan(work: Reading, on: date | None = None) -> PlanOut:
    """某日有效的走访频次 / the cadence in force on a day, today by default."""
    day = on or work.today
    version = await in_force(work, CadencePlan, day)
    return PlanOut(
        on=day,
        plan_version=version.version,
        effective_on=version.effective_on,
        scheme=version.body.scheme,
        dedicated_kinds=list(version.body.dedicated_kinds),
        minimum_gap_days=version.body.minimum_gap_days,
        rows=[_row(row) for row in version.body.rows],
    )


def _row(row: CadenceRow) -> RowOut:
    return RowOut(
        code=row.code,
        role=row.role,
        channel=row.channel,
        target_levels=list(row.target_levels),
        tiers=list(row.tiers),
        specialty_classes=list(row.specialty_classes),
        visit_classes=list(row.visit_classes),
        every=row.period.unit,
        days=row.period.days,
        minimum=row.minimum,
        maximum=row.maximum,
    )
