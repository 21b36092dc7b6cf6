"""In whose place somebody decides, by the delegations of that day (R-42)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import Authority, Power, authority_of
from services.registry.domain.cases.disputes import Dispute
from services.registry.domain.centres.organisation import Organisation
from services.registry.storage.belonging import delegations
from shared.work import Work


async def to_rule(
    work: Work, by: Actor, dispute: Dispute, units: Organisation, on: date
) -> Authority:  # fmt: skip
    """Who rules `dispute`: the ruling centre, or a delegate that is none of the parties (R-42)."""
    return authority_of(
        *(by, Power.RULE_DISPUTES, await delegations.to(work, by.unit), units, on),
        needed=dispute.ruling_unit,
        concerned=dispute.parties,
    )


async def to_approve(
    work: Work,
    by: Actor,
    declaring_unit: str,
    concerned: Iterable[str | None],
    units: Organisation,
    on: date,
) -> Authority:
    """Who approves what `declaring_unit` declares: a centre above it, or a delegate of one that
    covers everybody `concerned` (R-09, R-42)."""
    return authority_of(
        *(by, Power.APPROVE_DECLARATIONS, await delegations.to(work, by.unit), units, on),
        needed=units.unit(declaring_unit).parent or declaring_unit,
        concerned=[unit for unit in concerned if unit is not None],
    )
