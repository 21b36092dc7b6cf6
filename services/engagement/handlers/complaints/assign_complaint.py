"""Give a case to a responsible unit, and to a person there (E-40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import assign
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.directory import staff
from shared.errors import Invalid
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AssignComplaint:
    """To whom the case is given."""

    complaint_id: UUID
    unit: str
    expected_version: int
    handler: str | None = None
    at: datetime | None = None


async def handle(work: Work, command: AssignComplaint) -> KeptCase:
    """Assign the case. Raises Invalid for a unit or a person that nobody knows there."""
    kept = await work_on_complaint.take(work, command.complaint_id, command.expected_version)
    await _require_known(work, command)
    return await work_on_complaint.step(
        work,
        kept,
        "assigned",
        lambda case, at: assign(case, command.unit, command.handler, at),
        command.at,
    )


async def _require_known(work: Work, command: AssignComplaint) -> None:
    if not await work.value(
        "SELECT EXISTS (SELECT FROM kit.units WHERE unit = :unit)", unit=command.unit
    ):
        raise Invalid(
            f"没有单位 {command.unit}", f"there is no unit {command.unit}", pointer="/unit"
        )
    if command.handler is None:
        return
    member = (await staff.on_day(work, [command.handler], work.today)).get(command.handler)
    if member is None or not member.is_active or member.unit != command.unit:
        raise Invalid(
            f"{command.handler} 不是单位 {command.unit} 的在岗人员",
            f"{command.handler} does not work in the unit {command.unit}",
            pointer="/handler",
        )
