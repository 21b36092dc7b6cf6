"""A unit asks for a discount for its customer (B-26, B-27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.concessions.discount_refusals import NoSpecialtyBureau
from services.billing.domain.concessions.discount_rules import DiscountRules
from services.billing.domain.concessions.discounts import (
    Actor,
    Discount,
    ceiling,
    check_period,
    require_step,
)
from services.billing.handlers.concessions import discount_facts
from services.billing.storage.concessions import discounts, tiers
from shared import policy
from shared.directory import customers, scope, units
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import Versioned
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ApplyForDiscount:
    """`rate` off a line (None: all lines) in a period; `specialty_unit` is asked to approve."""

    customer_key: UUID
    business_line: str | None
    rate: Decimal
    from_on: date
    until_on: date
    specialty_unit: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: ApplyForDiscount) -> Discount:
    """Keep the application, with the tier it was made for.

    Raises UnapprovedCustomer (R-20), OutOfScope, NotYourStep, NoSpecialtyBureau (B-26), Invalid,
    NoDiscountForTier, DiscountTooHigh (B-27).
    """
    on = business_day(command.on, work.today)
    rules = await policy.in_force(work, DiscountRules, on)
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    applicant = await discount_facts.actor(work)
    require_step(rules.body.steps[0], applicant)
    if not await units.is_specialty(work, command.specialty_unit):
        raise NoSpecialtyBureau(
            f"{command.specialty_unit} 不是专业局",
            f"{command.specialty_unit} is no specialty bureau",
            pointer="/specialty_unit",
        )
    tier = await tiers.on_day(work, command.customer_key, rules.body.scheme, on)

    discount = _discount(command, applicant, rules, tier)
    check_period(discount, on, rules.body)

    await discounts.insert(work, discount)
    await discounts.note(work, discount, rules.body.steps[0].name, on, command.reason)
    return discount


def _discount(
    command: ApplyForDiscount, applicant: Actor, rules: Versioned[DiscountRules], tier: str | None
) -> Discount:
    most = ceiling(command.rate, tier, rules.body, rules.version)
    assert tier is not None, "a ceiling is a tier's"
    return Discount(
        discount_id=new_id(),
        customer_key=command.customer_key,
        business_line=command.business_line,
        rate=command.rate,
        from_on=command.from_on,
        until_on=command.until_on,
        reason=command.reason,
        specialty_unit=command.specialty_unit,
        applied_by_unit=applicant.unit,
        scheme=rules.body.scheme,
        tier=tier,
        ceiling=most,
        policy_version=rules.version,
    )
