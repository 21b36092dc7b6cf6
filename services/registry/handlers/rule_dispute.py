"""The next higher centre rules: owner and split from a day on, revenue restated (R-37, R-45)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.registry.domain import disputes as domain
from services.registry.domain import ownership as owners
from services.registry.domain import splits as sharing
from services.registry.domain.actors import Actor
from services.registry.domain.business_days import business_day
from services.registry.domain.disputes import Dispute, DisputeRules, Ruling
from services.registry.domain.evidence import weigh
from services.registry.domain.splits import Shares, divide, everything_to
from services.registry.handlers import change_owner
from services.registry.handlers.publishing import dispute_ruled, tell
from services.registry.storage import customers, disputes, evidence, organisation, ownership
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RuleDispute:
    """A ruling; without shares the owner gets everything. `base_amount` in yuan a year (R-44)."""

    dispute_id: UUID
    by: Actor
    expected_version: int
    owner_unit: str
    effective_on: date
    reason: str
    base: Shares = ()
    increment: Shares = ()
    base_amount: Decimal | None = None
    on: date | None = None


async def handle(work: Work, command: RuleDispute) -> Dispute:
    """Rule, and publish the ruling, the ownership and the split that follow from it.

    Raises DisputeClosed, NotTheJudge, RulingOutOfReach, NotTheWhole, NoCentre, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, await disputes.customer_of(work, command.dispute_id))
    dispute = await disputes.load(work, command.dispute_id)
    require_version(command.expected_version, dispute.version)
    rules = await in_force(work, DisputeRules, on)
    ruling = _ruling(command, on)
    units = await organisation.lineage(
        work, [*dispute.parties, dispute.ruling_unit, command.by.unit, *ruling.units]
    )
    pieces = await evidence.collect(work, customer.customer_key)

    ruled = domain.rule(dispute, command.by, units, rules.body, ruling, customer.declared_on)
    weights = weigh(dispute.parties, units, pieces)
    key = customer.customer_key
    owner = owners.by_ruling(
        await ownership.ownerships(work, key),
        *(ruling.owner_unit, ruling.ruling_id, ruling.effective_on, on),
    )
    split = sharing.by_ruling(
        await ownership.splits(work, key),
        *(ruling.terms, ruling.ruling_id, ruling.effective_on, on),
    )

    by, policy = command.by.staff_code, rules.reference
    await disputes.add_evidence(work, dispute, pieces, None)
    await disputes.save(work, ruled)
    await disputes.add_ruling(work, ruled, ruling, by, weights, policy)
    inputs: dict[str, object] = {
        "parties": [disputes.weight_to_json(weight) for weight in weights],
        "due_on": dispute.due_on.isoformat(),
        "is_late": dispute.is_overdue(on),
    }
    is_final = units.unit(dispute.ruling_unit).parent is None
    await tell(
        work,
        dispute_ruled(ruled, ruling, as_of=on, policy=policy, inputs=inputs, is_final=is_final),
    )
    await change_owner.handle(work, customer, owner, on, split)
    return ruled


def _ruling(command: RuleDispute, on: date) -> Ruling:
    base = command.base or everything_to(command.owner_unit)
    return Ruling(
        ruling_id=new_id(),
        owner_unit=command.owner_unit,
        effective_on=command.effective_on,
        ruled_on=on,
        reason=command.reason,
        terms=divide(base, command.increment, command.base_amount),
    )
