"""The next higher centre rules: owner and split from a day on, revenue restated (R-37, R-45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import Authority
from services.registry.domain.belonging.ownership import Ownership
from services.registry.domain.belonging.ownership import by_ruling as ownership_by_ruling
from services.registry.domain.belonging.splits import Shares, divide, everything_to
from services.registry.domain.cases.appeals import next_judge
from services.registry.domain.cases.disputes import Dispute, DisputeRules
from services.registry.domain.cases.evidence import Weight
from services.registry.domain.cases.rulings import Ruling, rule
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner, find_authority
from services.registry.handlers.cases.evidence import weigh_evidence
from services.registry.handlers.cases.publishing import dispute_ruled, tell_of
from services.registry.storage.belonging import ownership
from services.registry.storage.cases import disputes
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.contracts.registry import DisputeRuled
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import Versioned, in_force
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


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that a ruling looks at."""

    customer: Customer
    dispute: Dispute
    authority: Authority
    rules: Versioned[DisputeRules]
    ruling: Ruling
    units: Organisation
    owners: Sequence[Ownership]


async def handle(work: Work, command: RuleDispute) -> Dispute:
    """Rule, and publish the ruling, the ownership and the split that follow from it.

    Raises DisputeClosed, BeforeTheCase, NotTheJudge, RulingOutOfReach, NotTheWhole, NoCentre,
    StaleVersion.
    """
    on = business_day(command.on, work.today)
    case = await _load(work, command, on)
    ruling = case.ruling

    ruled = rule(
        *(case.dispute, case.authority.actor, case.units, case.rules.body, ruling),
        case.customer.declared_on,
    )
    weights = await weigh_evidence.handle(work, ruled)
    owner = ownership_by_ruling(
        case.owners, ruling.owner_unit, ruling.ruling_id, ruling.effective_on, on
    )

    await disputes.save(work, ruled)
    by, policy = command.by.staff_code, case.rules.reference
    lent = case.authority.delegation
    await disputes.add_ruling(
        *(work, ruled, ruling, by, weights, policy), None if lent is None else lent.delegation_id
    )
    await tell_of(work, _told(case, ruled, weights))
    await change_owner.handle(work, case.customer, owner, on)
    return ruled


async def _load(work: Work, command: RuleDispute, on: date) -> _Case:
    customer = await customers.load(work, await disputes.customer_of(work, command.dispute_id))
    dispute = await disputes.load(work, command.dispute_id)
    require_version(command.expected_version, dispute.version)
    ruling = _ruling(command, on)
    named = [*dispute.parties, dispute.ruling_unit, command.by.unit, *ruling.units]
    units = await organisation.lineage(work, named)
    return _Case(
        customer=customer,
        dispute=dispute,
        authority=await find_authority.to_rule(work, command.by, dispute, units, on),
        rules=await in_force(work, DisputeRules, on),
        ruling=ruling,
        units=units,
        owners=await ownership.ownerships(work, customer.customer_key),
    )


def _told(case: _Case, ruled: Dispute, weights: Sequence[Weight]) -> DisputeRuled:
    inputs: dict[str, object] = {
        "parties": [disputes.weight_to_json(weight) for weight in weights],
        "due_on": ruled.due_on.isoformat(),
        "is_late": case.dispute.is_overdue(case.ruling.ruled_on),
    }
    lent = case.authority.delegation
    if lent is not None:
        inputs["delegation_id"] = str(lent.delegation_id)
    is_final = next_judge(ruled.ruling_unit, lent is not None, case.units) is None
    return dispute_ruled(
        ruled, case.ruling, policy=case.rules.reference, inputs=inputs, is_final=is_final
    )


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
