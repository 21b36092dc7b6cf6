"""A centre lends authority to a centre below until a day, or takes it back (R-42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging import jurisdiction
from services.registry.domain.belonging.jurisdiction import Delegation, JurisdictionRules, Power
from services.registry.handlers.belonging import refresh_scope
from services.registry.storage.belonging import delegations
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DelegateAuthority:
    """Powers of the actor's own unit for `to_unit`, from the first to the last day."""

    by: Actor
    to_unit: str
    powers: Sequence[Power]
    until_on: date
    reason: str
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class RevokeDelegation:
    """The delegation holds no more from today on."""

    delegation_id: UUID
    by: Actor
    expected_version: int
    on: date | None = None


async def grant(work: Work, command: DelegateAuthority) -> Delegation:
    """Keep the delegation; whoever may rule now sees the open cases (R-42).

    Raises NotADecider, DelegationOutOfReach, NoCentre.
    """
    rules = await in_force(work, JurisdictionRules, work.today)
    units = await organisation.lineage(work, [command.to_unit, command.by.unit])
    found = Delegation(
        delegation_id=new_id(),
        from_unit=command.by.unit,
        to_unit=command.to_unit,
        powers=tuple(sorted(set(command.powers))),
        from_on=command.from_on or work.today,
        until_on=command.until_on,
    )

    jurisdiction.delegate(found, command.by, units, rules.body, work.today)

    await delegations.add(work, found, (command.by.staff_code, command.reason))
    await _refresh(work, found)
    return found


async def revoke(work: Work, command: RevokeDelegation) -> Delegation:
    """End the delegation; what was decided under it stays decided (R-42).

    Raises UnknownDelegation, NotADecider, OnlyTheProvinceDecides, DelegationEnded, StaleVersion.
    """
    on = business_day(command.on, work.today)
    delegation = await delegations.load(work, command.delegation_id)
    require_version(command.expected_version, delegation.version)
    rules = await in_force(work, JurisdictionRules, on)
    units = await organisation.lineage(work, [delegation.from_unit, command.by.unit])

    over = jurisdiction.revoke(delegation, command.by, units, rules.body, on)

    await delegations.save_revocation(work, over, command.by.staff_code)
    await _refresh(work, over)
    return over


async def _refresh(work: Work, delegation: Delegation) -> None:
    if Power.RULE_DISPUTES not in delegation.powers:
        return
    for key in await delegations.disputed_below(work, delegation.from_unit):
        await customers.load(work, key)
        await refresh_scope.handle(work, key)
