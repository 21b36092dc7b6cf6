"""Rotations: who has led a customer for too long, accepted or postponed (R-50, C22)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import DECIDING, Command, Reason, actor, in_sight, itself
from services.registry.domain.people.rotations import RotationState
from services.registry.handlers.people import decide_rotation
from services.registry.handlers.people.decide_rotation import AcceptRotation, PostponeRotation
from services.registry.storage.people import handover_reports as reports
from services.registry.storage.people.rotations import UnknownRotation
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/rotations", tags=["rotations"])
_ORDER = Keyset("lead_since_on date", "rotation_id uuid")


class RotationOut(BaseModel):
    """A proposal to rotate the lead `staff_code`; the bridge stays until `bridge_until`."""

    rotation_id: UUID
    customer_key: UUID
    name: str
    staff_code: str
    lead_since_on: date
    a_staff_code: str | None
    b_staff_code: str | None
    proposed_on: date
    state: RotationState
    postponed_until: date | None
    decided_on: date | None
    successor: str | None
    bridge: str | None
    bridge_until: date | None
    handover_id: UUID | None
    policy_version: int
    version: int


class StepOut(BaseModel):
    """One step of a rotation; without a person it fell due."""

    number: int
    step: str
    on: date
    by: str | None
    reason: str | None


class RotationDetail(RotationOut):
    """A rotation with its history."""

    steps: list[StepOut]


class Acceptance(Command):
    """Who follows the lead; the other manager stays as the bridge."""

    successor: Code


class Postponement(Command):
    """Until which day to come the lead stays, and why."""

    until_on: date
    reason: Reason


@router.get("")
async def listing(
    work: Reading, page: PageQuery, state: RotationState | None = None
) -> Page[RotationOut]:
    """轮换建议 / rotations in sight, those who have led the longest first."""
    return await page.read(
        work,
        f"{reports.ROTATIONS} AND (CAST(:state AS text) IS NULL OR r.state = :state)",
        _ORDER,
        _rotation,
        state=state and state.value,
    )


@router.get("/{rotation_id}")
async def one(rotation_id: UUID, work: Reading) -> RotationDetail:
    """一项轮换 / one rotation with its history."""
    return await _view(work, rotation_id)


@router.post("/{rotation_id}/accept", roles=DECIDING)
async def accept(
    rotation_id: UUID, body: Acceptance, expected_version: IfMatch, work: Commanding
) -> RotationDetail:
    """同意轮换 / accept with a successor; the effect is a hand-over."""
    key = await itself(work, (await _view(work, rotation_id)).customer_key)
    command = AcceptRotation(rotation_id, key, expected_version, actor(work), body.successor)
    await decide_rotation.accepted(work, command)
    return await _view(work, rotation_id)


@router.post("/{rotation_id}/postpone", roles=DECIDING)
async def postpone(
    rotation_id: UUID, body: Postponement, expected_version: IfMatch, work: Commanding
) -> RotationDetail:
    """延期轮换 / postpone with a reason; proposed again on that day."""
    key = await in_sight(work, (await _view(work, rotation_id)).customer_key)
    command = PostponeRotation(
        *(rotation_id, key, expected_version, actor(work), body.until_on, body.reason)
    )
    await decide_rotation.postponed(work, command)
    return await _view(work, rotation_id)


def _rotation(row: RowMapping) -> RotationOut:
    return RotationOut(**row)


async def _view(work: Work, rotation_id: UUID) -> RotationDetail:
    row = await work.row(f"{reports.ROTATIONS} AND r.rotation_id = :id", id=rotation_id)
    if row is None:
        raise UnknownRotation(
            f"没有轮换建议 {rotation_id}", f"there is no rotation {rotation_id} that you may see"
        )
    steps = await work.rows(reports.ROTATION_STEPS, id=rotation_id)
    return RotationDetail(**row, steps=[StepOut(**step) for step in steps])
