"""What parties of a dispute propose to agree on, and who has agreed (R-37)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.belonging.splits import Terms
from services.registry.domain.cases.dispute_refusals import NoSuchSettlement
from services.registry.domain.cases.settlements import Settlement
from services.registry.storage import tables
from services.registry.storage.belonging.ownership import shares_from_json, shares_to_json
from shared.work import Work


async def next_sequence(work: Work, dispute_id: UUID) -> int:
    """The number of the next proposal; the dispute must be held."""
    last: int = await work.value(
        "SELECT coalesce(max(sequence), 0) FROM settlements WHERE dispute_id = :id", id=dispute_id
    )
    return last + 1


async def add(
    work: Work, customer_key: UUID, settlement: Settlement, proposed_by: str, on: date
) -> None:
    """Add a proposal."""
    terms = settlement.terms
    await work.run(
        insert(tables.settlements).values(
            settlement_id=settlement.settlement_id,
            dispute_id=settlement.dispute_id,
            customer_key=customer_key,
            sequence=settlement.sequence,
            proposed_for=settlement.proposed_for,
            proposed_by=proposed_by,
            proposed_on=on,
            owner_unit=settlement.owner_unit,
            base=shares_to_json(terms.base),
            increment=shares_to_json(terms.increment),
            base_amount=terms.base_amount,
            effective_on=settlement.effective_on,
            statement=settlement.statement,
            recorded_at=work.now,
        )
    )


async def newest(work: Work, dispute_id: UUID, settlement_id: UUID) -> Settlement:
    """The proposal, if it is the newest of the dispute; raises NoSuchSettlement."""
    row = await work.row(
        "SELECT * FROM settlements WHERE dispute_id = :id ORDER BY sequence DESC LIMIT 1",
        id=dispute_id,
    )
    if row is None or row["settlement_id"] != settlement_id:
        raise NoSuchSettlement(
            f"{settlement_id} 不是此争议最新的和解方案",
            f"{settlement_id} is not the newest proposal of this dispute",
        )
    return Settlement(
        settlement_id=row["settlement_id"],
        dispute_id=row["dispute_id"],
        sequence=row["sequence"],
        proposed_for=row["proposed_for"],
        owner_unit=row["owner_unit"],
        terms=Terms(
            shares_from_json(row["base"]), shares_from_json(row["increment"]), row["base_amount"]
        ),
        effective_on=row["effective_on"],
        statement=row["statement"],
    )


async def accept(
    work: Work, customer_key: UUID, settlement: Settlement, party: str, by: str, on: date
) -> None:
    """Add that a party agrees; once is enough."""
    await work.run(
        "INSERT INTO settlement_answers"
        " (settlement_id, party, customer_key, accepted_by, accepted_on, recorded_at)"
        " VALUES (:id, :party, :key, :by, :on, :now) ON CONFLICT DO NOTHING",
        {
            "id": settlement.settlement_id,
            "party": party,
            "key": customer_key,
            "by": by,
            "on": on,
            "now": work.now,
        },
    )


async def accepted(work: Work, settlement: Settlement) -> set[str]:
    """The parties that have agreed."""
    rows = await work.rows(
        "SELECT party FROM settlement_answers WHERE settlement_id = :id",
        id=settlement.settlement_id,
    )
    return {row["party"] for row in rows}
