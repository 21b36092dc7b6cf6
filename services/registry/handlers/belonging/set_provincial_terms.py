"""A specialty bureau sets the ratio of type B, the province the weights of type D."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import JurisdictionRules
from services.registry.domain.belonging.provincial_terms import set_ratio, set_weights
from services.registry.domain.belonging.type_claims import BenefitWeights, ServiceRatio
from services.registry.domain.belonging.types import CustomerType, Weight
from services.registry.handlers.belonging import renew_split
from services.registry.storage.belonging import types
from services.registry.storage.belonging.types import RATIO, WEIGHTS
from services.registry.storage.centres import organisation
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SetServiceRatio:
    """The developer's share (a fraction of one) where the actor's bureau has customers served."""

    by: Actor
    developer_share: Decimal
    effective_on: date
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SetBenefitWeights:
    """How the benefit of type D is distributed among cities."""

    by: Actor
    weights: Sequence[Weight]
    effective_on: date
    reason: str
    on: date | None = None


async def ratio(work: Work, command: SetServiceRatio) -> ServiceRatio:
    """Keep the ratio and share all customers concerned anew from its day on (R-39).

    Raises NotADecider, NotAProvincialBureau, Invalid.
    """
    on = business_day(command.on, work.today)
    bureau = command.by.unit
    rules = await in_force(work, JurisdictionRules, on)
    units = await organisation.lineage(work, [bureau])
    version = await types.next_sequence(work, RATIO, bureau)

    found = ServiceRatio(bureau, version, command.effective_on, command.developer_share)
    set_ratio(found, command.by, units, rules.body)

    decision = (command.by.staff_code, on, command.reason)
    await types.add_terms(work, RATIO, bureau, found, decision)
    await renew_split.each(work, await types.of_type(work, CustomerType.B, bureau), on)
    return found


async def weights(work: Work, command: SetBenefitWeights) -> BenefitWeights:
    """Keep the weights and share all customers of type D anew from their day on (R-41).

    Raises NotADecider, OnlyTheProvinceDecides, TypeMismatch, NotTheWhole.
    """
    on = business_day(command.on, work.today)
    province = command.by.unit
    rules = await in_force(work, JurisdictionRules, on)
    units = await organisation.lineage(work, [province, *(each.unit for each in command.weights)])
    version = await types.next_sequence(work, WEIGHTS, province)

    found = BenefitWeights(version, command.effective_on, tuple(command.weights))
    set_weights(found, command.by, units, rules.body)

    decision = (command.by.staff_code, on, command.reason)
    await types.add_terms(work, WEIGHTS, province, found, decision)
    await renew_split.each(work, await types.of_type(work, CustomerType.D), on)
    return found
