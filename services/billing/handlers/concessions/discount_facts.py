"""What billing tells of discounts, and who is asking for the next step."""

from __future__ import annotations

from datetime import date

from services.billing.domain.concessions.discount_rules import DiscountRules, Step
from services.billing.domain.concessions.discounts import Actor, Discount, State
from services.billing.storage.concessions import discounts
from shared.contracts.billing import DiscountDecided
from shared.contracts.envelope import Entity, PolicyRef
from shared.directory import scope, units
from shared.work import Work


async def actor(work: Work) -> Actor:
    """The caller, as whoever takes a step."""
    level = await units.level_of(work, work.person.unit)
    return Actor(work.person.staff_code, work.person.roles, work.person.unit, level)


async def require_scope(work: Work, discount: Discount, step: Step) -> None:
    """Refuse unless the step is the caller's: the bureau's that was named, or the customer's units.

    Raises OutOfScope.
    """
    if step.by_specialty:
        await scope.require_unit(work, discount.specialty_unit)
    else:
        await scope.require(work, discount.customer_key, "money")


async def tell(work: Work, discount: Discount, on: date) -> None:
    """Tell a decided discount as it stands."""
    work.publish(decided(discount, on, (await discounts.last_step(work, discount.discount_id))[1]))


def decided(discount: Discount, on: date, unit: str) -> DiscountDecided:
    """In force, refused, or withdrawn from a day on; one that holds on no day is not approved."""
    return DiscountDecided(
        entity=Entity(type="discount", id=str(discount.discount_id), version=discount.version),
        customer_key=discount.customer_key,
        as_of=on,
        policy=PolicyRef(name=DiscountRules.policy_name, version=discount.policy_version),
        inputs={
            "scheme": discount.scheme,
            "tier": discount.tier,
            "maximum": str(discount.ceiling),
            "withdrawn": discount.state is State.WITHDRAWN,
        },
        discount_id=discount.discount_id,
        is_approved=discount.ever_holds,
        business_line=discount.business_line,
        rate=discount.rate,
        from_on=discount.from_on,
        until_on=discount.until_on,
        applied_by_unit=discount.applied_by_unit,
        decided_by_unit=unit,
        scheme=discount.scheme,
        tier=discount.tier,
    )
