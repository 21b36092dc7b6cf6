"""Two customers are found to be one; the decision can be undone (R-81)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.identity import merging
from services.registry.domain.identity.merging import Identity, MergeRules
from services.registry.handlers.identity.publishing import customer_identity_changed
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.centres import organisation
from services.registry.storage.identity import identities
from services.registry.storage.identity.identities import Preview
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    """`merged` becomes part of `survivor`; `seen` is the stamp of the preview that was read."""

    merged: UUID
    survivor: UUID
    by: Actor
    reason: str
    seen: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """The customer is itself again."""

    customer_key: UUID
    merge_id: UUID
    by: Actor
    reason: str
    on: date | None = None


async def handle(work: Work, command: MergeCustomers) -> Identity:
    """Merge: rows keep their keys, reads resolve them, all codes and both IDs stay known.

    Raises UnknownCustomer, NotTheMerger, StalePreview, CannotMerge (R-81).
    """
    on = business_day(command.on, work.today)
    await identities.take_turns(work)
    await _hold(work, command.merged, command.survivor)
    both = await identities.preview(work, command.merged, command.survivor)
    history = await identities.history(work, command.merged)

    await _require_decider(work, command.by, both, on)
    merging.require_fresh(command.seen, both.stamp)
    entry = Identity(
        command.merged,
        len(history) + 1,
        command.survivor,
        new_id(),
        on,
        command.by.staff_code,
        command.reason,
    )
    decided = merging.merge(history, entry, both.merged, both.survivor)

    await _keep(work, decided, both, ("merged", "took-in"))
    return decided


async def undo(work: Work, command: UndoMerge) -> Identity:
    """Make the customer itself again, by a newer version without survivor.

    Raises NotMerged, UnknownCustomer, NotTheMerger (R-81).
    """
    on = business_day(command.on, work.today)
    await identities.take_turns(work)
    history = await identities.history(work, command.customer_key)
    by = command.by.staff_code
    decided = merging.undo(history, command.merge_id, by, command.reason, on)
    survivor = history[-1].survivor
    assert survivor is not None, "what is undone has a survivor"
    await _hold(work, command.customer_key, survivor)
    both = await identities.preview(work, command.customer_key, survivor)
    await _require_decider(work, command.by, both, on)

    await _keep(work, decided, both, ("merge-undone", "gave-back"))
    return decided


async def _hold(work: Work, *customer_keys: UUID) -> None:
    for key in sorted(set(customer_keys)):
        await customers.load(work, key)


async def _require_decider(work: Work, by: Actor, both: Preview, on: date) -> None:
    policy = await in_force(work, MergeRules, on)
    owners = {both.merged.owner_unit, both.survivor.owner_unit}
    units = await organisation.lineage(work, [*owners, by.unit])
    merging.require_decider(by, units, owners, policy.body, policy.version)


async def _keep(work: Work, decided: Identity, both: Preview, steps: tuple[str, str]) -> None:
    await identities.add(work, decided, both.sides)
    for holding, step in zip((both.merged, both.survivor), steps, strict=True):
        customer = await customers.load(work, holding.customer_key)
        noted = replace(customer, version=customer.version + 1)
        await customers.save(work, noted)
        await customers.note(work, noted, step, decided.on, decided.by, decided.reason)
        codes = await customers.codes(work, holding.customer_key)
        await tell(work, customer_changed(noted, codes))
    await tell(work, customer_identity_changed(decided))
