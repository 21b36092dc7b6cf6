"""What we tell the others of complaints: never a word of what was said."""

from __future__ import annotations

from datetime import date

from services.engagement.domain.complaints.compensation import Compensation
from services.engagement.domain.complaints.service_levels import ServiceLevels
from services.engagement.storage.complaints.breaches import DecidedBreach
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.contracts.engagement import (
    CompensationApproved,
    ComplaintBreached,
    ComplaintChanged,
    ComplaintClock,
    ComplaintState,
)
from shared.contracts.enterprise import ComplaintKind
from shared.contracts.envelope import Entity, FactRef, MoneyAmount, PolicyRef, SourceRef


def complaint_changed(kept: KeptCase) -> ComplaintChanged:
    """A case as it is now."""
    case, origin = kept.case, kept.origin
    return ComplaintChanged(
        entity=Entity(type="complaint", id=str(case.complaint_id), version=kept.version),
        customer_key=case.customer_key,
        complaint_id=case.complaint_id,
        source=(
            SourceRef(system=origin.source_system, ref=origin.source_ref)
            if origin.source_system and origin.source_ref
            else None
        ),
        state=ComplaintState(case.state.value),
        kind=ComplaintKind(case.kind),
        channel=origin.channel,
        occurred_at=case.opened_at,
        opened_at=origin.recorded_at,
        responsible_unit=case.unit,
        handler=case.handler,
        level=case.level,
        clocks=tuple(
            ComplaintClock(
                stage=clock.stage.value,
                started_at=clock.started_at,
                due_at=clock.due_at,
                stopped_at=clock.stopped_at,
                is_provisional=clock.is_provisional,
            )
            for clock in kept.clocks
            if clock.round == case.present.number
        ),
        disputed=disputed(kept),
        result=case.result,
        resolved_at=case.present.resolved_at,
        closed_at=kept.closed_at,
        is_imported=case.is_imported,
    )


def disputed(kept: KeptCase) -> FactRef | None:
    """The fact that the case disputes, as contracts write it."""
    if kept.origin.disputed is None:
        return None
    system, type_, ref = kept.origin.disputed
    return FactRef(system=system, type=type_, ref=ref)


def complaint_breached(breach: DecidedBreach, kept: KeptCase) -> ComplaintBreached:
    """A limit that passed unkept; `inputs` say so when a later fact withdrew the breach."""
    return ComplaintBreached(
        entity=Entity(type="breach", id=str(breach.breach_id), version=breach.version),
        customer_key=kept.case.customer_key,
        as_of=breach.as_of,
        policy=PolicyRef(name=ServiceLevels.policy_name, version=breach.levels_version),
        inputs=breach.inputs | {"is_withdrawn": breach.is_withdrawn},
        breach_id=breach.breach_id,
        complaint_id=breach.complaint_id,
        stage=breach.stage.value,
        due_at=breach.due_at,
        responsible_unit=breach.unit,
        level=breach.level,
    )


def compensation_approved(
    compensation: Compensation, kept: KeptCase, currency: str, as_of: date
) -> CompensationApproved:
    """A customer shall be compensated (E-37)."""
    assert compensation.approved_by is not None, "only an approved compensation is told"
    return CompensationApproved(
        entity=Entity(
            type="compensation",
            id=str(compensation.compensation_id),
            version=compensation.version,
        ),
        customer_key=compensation.customer_key,
        as_of=as_of,
        inputs={"proposed_by": compensation.proposed_by},
        compensation_id=compensation.compensation_id,
        complaint_id=compensation.complaint_id,
        amount=MoneyAmount(amount=compensation.amount, currency=currency),
        disputed=disputed(kept),
        approved_by=compensation.approved_by,
    )
