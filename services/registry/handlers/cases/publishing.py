"""The facts of disputes, made from what registry keeps."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.cases.disputes import Dispute
from shared.contracts import registry as facts
from shared.contracts.envelope import Entity, PolicyRef


def dispute_overdue(dispute: Dispute, policy: PolicyRef) -> facts.DisputeOverdue:
    """A dispute is not ruled although its deadline has passed (R-37)."""
    assert dispute.overdue_on is not None, "only what was marked is told"
    return facts.DisputeOverdue(
        entity=entity(dispute),
        customer_key=dispute.customer_key,
        as_of=dispute.overdue_on,
        policy=policy,
        inputs={"due_on": dispute.due_on.isoformat()},
        dispute_id=dispute.dispute_id,
        parties=dispute.parties,
        ruling_unit=dispute.ruling_unit,
        due_on=dispute.due_on,
    )


def dispute_closed(dispute: Dispute, settlement_id: UUID | None) -> facts.DisputeClosed:
    """A dispute ended without a ruling (R-37)."""
    assert dispute.closed_on is not None, "only what is closed is told"
    return facts.DisputeClosed(
        entity=entity(dispute),
        customer_key=dispute.customer_key,
        dispute_id=dispute.dispute_id,
        parties=dispute.parties,
        outcome=dispute.state.value,
        settlement_id=settlement_id,
        closed_on=dispute.closed_on,
    )


def entity(dispute: Dispute) -> Entity:
    """The dispute as the entity of a fact."""
    return Entity(type="dispute", id=str(dispute.dispute_id), version=dispute.version)
