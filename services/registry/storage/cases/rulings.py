"""Rulings as appeals see them."""

from __future__ import annotations

from services.registry.domain.cases.appeals import Appealed
from services.registry.domain.cases.dispute_refusals import NothingToAppeal
from services.registry.domain.cases.disputes import Dispute
from shared.work import Work

_CARRY = """
INSERT INTO dispute_evidence (dispute_id, kind, source_id, customer_key, unit, occurred_on, count,
    amount, statement, submitted_by, recorded_at)
SELECT :to, kind, source_id, customer_key, unit, occurred_on, count, amount, statement,
    submitted_by, recorded_at
FROM dispute_evidence WHERE dispute_id = :from AND kind = 'statement'
ON CONFLICT DO NOTHING
"""


async def appealed(work: Work, dispute: Dispute) -> Appealed:
    """How the dispute was ruled; raises NothingToAppeal while it was not (R-42)."""
    row = await work.row(
        "SELECT ruling_id, ruled_on, delegation_id FROM rulings WHERE dispute_id = :id",
        id=dispute.dispute_id,
    )
    if row is None:
        raise NothingToAppeal(
            f"争议尚无裁决（{dispute.state}）",
            f"there is no ruling yet ({dispute.state})",
            state=dispute.state.value,
        )
    return Appealed(row["ruling_id"], row["ruled_on"], row["delegation_id"] is not None)


async def carry_statements(work: Work, dispute: Dispute, appeal: Dispute) -> None:
    """Put what the parties said in `dispute` before the `appeal` too."""
    await work.run(_CARRY, {"from": dispute.dispute_id, "to": appeal.dispute_id})
