"""Who is to develop and serve, as administrators proposed it; only ever added to (R-09)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.proof.declarations import Declaration, Developers
from services.registry.domain.proof.proposals import Proposal
from services.registry.storage import tables
from shared.work import Work


async def latest(work: Work, declaration_id: UUID) -> Proposal | None:
    """The newest proposal about a declaration, whose row is held."""
    row = await work.row(
        "SELECT * FROM developer_proposals WHERE declaration_id = :id"
        " ORDER BY sequence DESC LIMIT 1",
        id=declaration_id,
    )
    if row is None:
        return None
    return Proposal(
        declaration_id=row["declaration_id"],
        sequence=row["sequence"],
        developers=Developers(row["development_unit"], tuple(row["joint_units"])),
        proposed_by=row["proposed_by"],
        proposed_on=row["proposed_on"],
        reason=row["reason"],
    )


async def add(work: Work, declaration: Declaration, proposal: Proposal) -> None:
    """Keep a proposal."""
    await work.run(
        insert(tables.developer_proposals).values(
            declaration_id=declaration.declaration_id,
            sequence=proposal.sequence,
            customer_key=declaration.customer_key,
            development_unit=proposal.developers.development_unit,
            joint_units=list(proposal.developers.joint_units),
            proposed_by=proposal.proposed_by,
            proposed_on=proposal.proposed_on,
            reason=proposal.reason,
            recorded_at=work.now,
        )
    )
