"""A and B managers of a customer (R-48)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.registry.api.models import ADMINISTERING, OnDay, Reason, actor, itself, unknown
from services.registry.domain.people.managers import ManagerRule, Phase
from services.registry.handlers.people import assign_managers, swap_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.people.swap_managers import SwapManagers
from services.registry.storage import reports
from shared.contracts.values import Code
from shared.directory.grants import visible
from shared.http import Commanding, IfMatch, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/customers/{customer_key}/managers", tags=["managers"])


class ManagersOut(BaseModel):
    """Who A and B are and who of them leads; version 0: nobody was ever assigned."""

    customer_key: UUID
    a_staff_code: str | None = None
    b_staff_code: str | None = None
    lead_staff_code: str | None = None
    phase: Phase = Phase.DEVELOPMENT
    phase_contract_id: UUID | None = None
    rule: ManagerRule | None = None
    effective_on: date | None = None
    version: int = 0


class AssignedManagers(ManagersOut):
    """The managers; `with_interest` are those who declared an interest in the customer (R-78)."""

    with_interest: list[str]


class Assignment(OnDay):
    """Who A and B are; from the policy's tier on there must be two."""

    a_staff_code: Code
    b_staff_code: Code | None = None


class Swap(OnDay):
    """Why the lead goes to the other manager."""

    reason: Reason


@router.get("")
async def current(customer_key: UUID, work: Reading) -> ManagersOut:
    """A、B角客户经理 / the managers, and which of them leads."""
    return await _view(work, customer_key)


@router.post("/assign", roles=ADMINISTERING)
async def assign(
    customer_key: UUID, body: Assignment, expected_version: IfMatch, work: Commanding
) -> AssignedManagers:
    """指定A、B角 / assign A and B; If-Match "0" before the first time."""
    await itself(work, customer_key)
    command = AssignManagers(customer_key, actor(work), expected_version, **body.model_dump())
    warned = await assign_managers.handle(work, command)
    view = await _view(work, customer_key)
    return AssignedManagers(**view.model_dump(), with_interest=list(warned))


@router.post("/swap", roles=ADMINISTERING)
async def swap(
    customer_key: UUID, body: Swap, expected_version: IfMatch, work: Commanding
) -> ManagersOut:
    """A、B角互换 / hand the lead to the other manager; no contract undoes it."""
    await itself(work, customer_key)
    command = SwapManagers(customer_key, actor(work), expected_version, body.reason, body.on)
    await swap_managers.handle(work, command)
    return await _view(work, customer_key)


async def _view(work: Work, customer_key: UUID) -> ManagersOut:
    row = await work.row(reports.MANAGERS, key=customer_key)
    if row is not None:
        return ManagersOut(**row)
    known = await work.value(
        "SELECT 1 FROM customers c WHERE c.customer_key = :key"
        f" AND {visible('base', 'c.customer_key')}",
        key=customer_key,
    )
    if known is None:
        raise unknown(customer_key)
    return ManagersOut(customer_key=customer_key)
