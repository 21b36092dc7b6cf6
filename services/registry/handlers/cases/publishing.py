"""The facts of disputes, made from what registry keeps."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.cases.disputes import Dispute
from services.registry.domain.cases.rulings import Ruling
from services.registry.handlers.publishing import shares_of, tell
from services.registry.storage.cases import told
from shared.contracts import registry as facts
from shared.contracts.envelope import Entity, PolicyRef, Published
from shared.work import Work


async def tell_of(work: Work, *said: Published) -> None:
    """Tell of disputes, and keep it word for word: it is told again as it was, never reckoned."""
    await told.keep(work, said)
    await tell(work, *said)


def dispute_opened(dispute: Dispute) -> facts.DisputeOpened:
    """Units dispute a customer (R-37)."""
    return facts.DisputeOpened(
        entity=entity(dispute),
        customer_key=dispute.customer_key,
        dispute_id=dispute.dispute_id,
        parties=dispute.parties,
        ruling_unit=dispute.ruling_unit,
        opened_on=dispute.opened_on,
        due_on=dispute.due_on,
        appeal_of=dispute.appeal_of,
    )


def dispute_ruled(
    dispute: Dispute,
    ruling: Ruling,
    *,
    policy: PolicyRef,
    inputs: dict[str, object],
    is_final: bool,
) -> facts.DisputeRuled:
    """A centre has ruled, with what it saw; the reason in words stays here (R-37, R-42)."""
    terms = ruling.terms
    return facts.DisputeRuled(
        entity=entity(dispute),
        customer_key=dispute.customer_key,
        as_of=ruling.ruled_on,
        policy=policy,
        inputs=inputs,
        dispute_id=dispute.dispute_id,
        ruling_id=ruling.ruling_id,
        parties=dispute.parties,
        ruling_unit=dispute.ruling_unit,
        owner_unit=ruling.owner_unit,
        base=shares_of(terms.base),
        increment=shares_of(terms.increment),
        ruled_on=ruling.ruled_on,
        effective_on=ruling.effective_on,
        is_final=is_final,
        supersedes=dispute.appeal_of,
    )


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
