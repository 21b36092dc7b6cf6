"""Who is to develop and serve: the administrator proposes, the director approves (R-09)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import OnDay, Reason, actor, in_sight
from services.registry.handlers.proof import propose_developers
from services.registry.handlers.proof.propose_developers import ProposeDevelopers
from services.registry.storage.proof import declarations, reports
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/declarations", tags=["declarations"])
_ORDER = Keyset("sequence integer")


class ProposalIn(OnDay):
    """Which unit is to develop and serve, which with it, and why."""

    development_unit: Code
    joint_units: list[Code] = Field(default=[], max_length=50)
    reason: Reason


class ProposalOut(BaseModel):
    """A proposal; the one with the highest sequence counts."""

    declaration_id: UUID
    sequence: int
    development_unit: str
    joint_units: list[str]
    proposed_by: str
    proposed_on: date
    reason: str
    recorded_at: datetime


class Proposed(BaseModel):
    """The declaration that was proposed about, to be approved at this version."""

    declaration_id: UUID
    version: int


@router.post(
    "/{declaration_id}/propose", roles={"customer_administrator", "province_administrator"}
)
async def propose(
    declaration_id: UUID, body: ProposalIn, expected_version: IfMatch, work: Commanding
) -> Proposed:
    """初步界定开发与服务单位 / propose who develops and serves; the director approves."""
    await in_sight(work, await declarations.customer_of(work, declaration_id))
    command = ProposeDevelopers(declaration_id, actor(work), expected_version, **body.model_dump())
    proposed = await propose_developers.handle(work, command)
    return Proposed(declaration_id=declaration_id, version=proposed.version)


@router.get("/{declaration_id}/proposals")
async def listing(declaration_id: UUID, work: Reading, page: PageQuery) -> Page[ProposalOut]:
    """提议历史 / what was proposed about a declaration in sight, in order."""
    return await page.read(work, reports.PROPOSALS, _ORDER, _proposal, id=declaration_id)


def _proposal(row: RowMapping) -> ProposalOut:
    return ProposalOut(**row)
