"""Disputes, what was handed in, and how they were ruled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from services.registry.domain.cases.disputes import Dispute, DisputeCause, DisputeState
from services.registry.domain.cases.evidence import Evidence, Weight
from services.registry.domain.cases.rulings import Ruling
from services.registry.storage import tables
from services.registry.storage.belonging.ownership import shares_to_json
from services.registry.storage.cases.evidence import evidence_from
from shared.contracts.envelope import PolicyRef
from shared.errors import NotFound
from shared.work import Work


class UnknownDispute(NotFound):
    """No such dispute, or none that the caller may know of."""

    code = "unknown-dispute"
    rule = "R-37"
    title_zh = "争议不存在"
    title_en = "Unknown dispute"


async def customer_of(work: Work, dispute_id: UUID) -> UUID:
    """The customer that a dispute is about; raises UnknownDispute."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM disputes WHERE dispute_id = :id", id=dispute_id
    )
    if key is None:
        raise UnknownDispute(f"没有争议 {dispute_id}", f"there is no dispute {dispute_id}")
    return key


async def load(work: Work, dispute_id: UUID) -> Dispute:
    """The dispute, locked until the work ends; raises UnknownDispute."""
    await customer_of(work, dispute_id)
    row = await work.row("SELECT * FROM disputes WHERE dispute_id = :id FOR UPDATE", id=dispute_id)
    assert row is not None, "disputes are never deleted"
    return dispute_from(row)


async def of_customer(work: Work, customer_key: UUID) -> list[Dispute]:
    """Every dispute about the customer, the oldest first."""
    rows = await work.rows(
        "SELECT * FROM disputes WHERE customer_key = :key ORDER BY opened_on, dispute_id",
        key=customer_key,
    )
    return [dispute_from(row) for row in rows]


def dispute_from(row: RowMapping) -> Dispute:
    """The dispute that a row of the table says."""
    return Dispute(
        dispute_id=row["dispute_id"],
        customer_key=row["customer_key"],
        parties=tuple(row["parties"]),
        ruling_unit=row["ruling_unit"],
        cause=DisputeCause(row["cause"]),
        opened_on=row["opened_on"],
        due_on=row["due_on"],
        state=DisputeState(row["state"]),
        ruled_on=row["ruled_on"],
        version=row["version"],
        opened_for=row["opened_for"],
        appeal_of=row["appeal_of"],
        overdue_on=row["overdue_on"],
        withdrawn=tuple(row["withdrawn"]),
        closed_on=row["closed_on"],
    )


async def add(work: Work, dispute: Dispute, opened_by: str | None) -> None:
    """Add a dispute that was opened, by a person or by facts."""
    await work.run(
        insert(tables.disputes).values(
            dispute_id=dispute.dispute_id,
            customer_key=dispute.customer_key,
            parties=list(dispute.parties),
            ruling_unit=dispute.ruling_unit,
            cause=dispute.cause.value,
            opened_on=dispute.opened_on,
            opened_by=opened_by,
            due_on=dispute.due_on,
            state=dispute.state.value,
            ruled_on=dispute.ruled_on,
            version=dispute.version,
            opened_for=dispute.opened_for,
            appeal_of=dispute.appeal_of,
            overdue_on=dispute.overdue_on,
            withdrawn=list(dispute.withdrawn),
            closed_on=dispute.closed_on,
            recorded_at=work.now,
        )
    )


async def hold_overdue(work: Work, on: date) -> list[Dispute]:
    """Open disputes that were due before `on` and not marked yet, held until the work ends."""
    rows = await work.rows(
        "SELECT * FROM disputes WHERE state = 'open' AND due_on < :on AND overdue_on IS NULL"
        " ORDER BY dispute_id FOR UPDATE SKIP LOCKED",
        on=on,
    )
    return [dispute_from(row) for row in rows]


async def mark_overdue(work: Work, marked: Sequence[Dispute]) -> None:
    """Keep that disputes were not ruled in time, with one statement."""
    await work.bulk(
        "UPDATE disputes SET overdue_on = late.overdue_on, version = late.version"
        " FROM unnest(%s::uuid[], %s::date[], %s::int4[]) AS late (dispute_id, overdue_on, version)"
        " WHERE disputes.dispute_id = late.dispute_id",
        [dispute.dispute_id for dispute in marked],
        [dispute.overdue_on for dispute in marked],
        [dispute.version for dispute in marked],
    )


async def save(work: Work, dispute: Dispute) -> None:
    """Give the dispute, which must be loaded, its newest state."""
    await work.run(
        "UPDATE disputes SET state = :state, ruled_on = :ruled_on, version = :version,"
        " withdrawn = :withdrawn, closed_on = :closed_on WHERE dispute_id = :id",
        {
            "state": dispute.state.value,
            "ruled_on": dispute.ruled_on,
            "version": dispute.version,
            "withdrawn": list(dispute.withdrawn),
            "closed_on": dispute.closed_on,
            "id": dispute.dispute_id,
        },
    )


async def add_ruling(
    work: Work,
    dispute: Dispute,
    ruling: Ruling,
    ruled_by: str,
    weights: Sequence[Weight],
    policy: PolicyRef,
    delegation_id: UUID | None = None,
) -> None:
    """Add how a dispute was ruled or settled, with what spoke for whom on that day."""
    terms = ruling.terms
    await work.run(
        insert(tables.rulings).values(
            ruling_id=ruling.ruling_id,
            dispute_id=dispute.dispute_id,
            customer_key=dispute.customer_key,
            owner_unit=ruling.owner_unit,
            base=shares_to_json(terms.base),
            increment=shares_to_json(terms.increment),
            base_amount=terms.base_amount,
            effective_on=ruling.effective_on,
            ruled_on=ruling.ruled_on,
            ruled_by=ruled_by,
            reason=ruling.reason,
            weights=[weight_to_json(weight) for weight in weights],
            policy_name=policy.name,
            policy_version=policy.version,
            kind="settlement" if dispute.state is DisputeState.SETTLED else "ruling",
            supersedes=dispute.appeal_of,
            delegation_id=delegation_id,
            recorded_at=work.now,
        )
    )


async def add_evidence(
    work: Work, dispute: Dispute, evidence: Sequence[Evidence], submitted_by: str | None
) -> None:
    """Put evidence before the dispute; a piece that came before is brought up to date."""
    for piece in evidence:
        values = {
            "unit": piece.unit,
            "occurred_on": piece.occurred_on,
            "count": piece.count,
            "amount": piece.amount,
            "statement": piece.statement,
            "submitted_by": submitted_by,
            "recorded_at": work.now,
        }
        statement = upsert(tables.dispute_evidence).values(
            dispute_id=dispute.dispute_id,
            kind=piece.kind.value,
            source_id=piece.source_id,
            customer_key=dispute.customer_key,
            **values,
        )
        keys = ["dispute_id", "kind", "source_id"]
        await work.run(statement.on_conflict_do_update(index_elements=keys, set_=values))


async def evidence_of(work: Work, dispute_id: UUID) -> list[Evidence]:
    """Everything put before the dispute, by kind, unit and day."""
    rows = await work.rows(
        "SELECT * FROM dispute_evidence WHERE dispute_id = :id"
        " ORDER BY kind, unit, occurred_on, source_id",
        id=dispute_id,
    )
    return [evidence_from(row) for row in rows]


def weight_to_json(weight: Weight) -> dict[str, object]:
    """What spoke for a party, as stored and published: amounts as text, no words of people."""
    declared = weight.first_declared_on
    return {
        "unit": weight.unit,
        "first_declared_on": None if declared is None else declared.isoformat(),
        "contracts": weight.contracts,
        "visits": weight.visits,
        "revenue": str(weight.revenue),
    }
