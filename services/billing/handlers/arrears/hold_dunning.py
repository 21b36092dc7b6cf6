"""engagement's complaint_changed: what a customer disputes is not dunned meanwhile (B-13, B-17)."""

from __future__ import annotations

from services.billing.storage.arrears import dunning_holds
from services.billing.storage.arrears.dunning_holds import Hold
from shared.contracts.engagement import ComplaintChanged, ComplaintState
from shared.contracts.enterprise import ChargeRaised
from shared.messaging.cloudevents import Fact
from shared.work import Work

_SETTLED = frozenset({ComplaintState.RESOLVED, ComplaintState.CLOSED})


async def handle(work: Work, facts: list[Fact[ComplaintChanged]]) -> None:
    """Keep the newest state of every complaint that names a charge, known here or not yet."""
    holds = [_hold(work, fact.data) for fact in facts if _disputes_a_charge(fact.data)]
    await dunning_holds.keep(work, holds)


def _disputes_a_charge(complaint: ComplaintChanged) -> bool:
    """Imported history has no consequences."""
    disputed = complaint.disputed
    is_charge = disputed is not None and disputed.type == ChargeRaised.event_name
    return is_charge and not complaint.is_imported


def _hold(work: Work, complaint: ComplaintChanged) -> Hold:
    disputed = complaint.disputed
    assert disputed is not None
    settled_at = complaint.resolved_at or complaint.closed_at
    is_open = complaint.state not in _SETTLED
    return Hold(
        complaint_id=complaint.complaint_id,
        customer_key=complaint.customer_key,
        system=disputed.system,
        ref=disputed.ref,
        is_open=is_open,
        opened_on=complaint.opened_at.astimezone(work.zone).date(),
        closed_on=(
            None if is_open or settled_at is None else settled_at.astimezone(work.zone).date()
        ),
        version=complaint.entity.version,
    )
