"""The next step of a discount is taken, or refused; with the last it is in force (B-26, B-27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.concessions.discount_refusals import DiscountsOverlap
from services.billing.domain.concessions.discount_rules import DiscountRules
from services.billing.domain.concessions.discounts import (
    Discount,
    State,
    check_day,
    next_step,
    refuse,
    take_step,
)
from services.billing.handlers.concessions import discount_facts, grant_discounts
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.concessions import discounts, tiers
from services.billing.storage.receivables import customer_books
from services.billing.storage.receivables.customer_books import Account
from shared import policy
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work

REFUSE = "refuse"
"""The word that ends a discount instead of taking its next step."""


@dataclass(frozen=True, slots=True)
class DecideDiscount:
    """The step that is taken (or REFUSE), and why."""

    discount_id: UUID
    expected_version: int
    step: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: DecideDiscount) -> Discount:
    """Take the step; what is in force is told, and taken off the charges of its period.

    Raises UnknownDiscount, OutOfScope, StaleVersion, DiscountNotPending, StepOutOfTurn,
    NotYourStep, SamePerson, Invalid for a day before the last step (B-26), NoDiscountForTier,
    DiscountTooHigh, DiscountsOverlap (B-27).
    """
    on = business_day(command.on, work.today)
    discount = await discounts.held(work, command.discount_id)
    rules = (await policy.of_version(work, DiscountRules, discount.policy_version)).body
    await discount_facts.require_scope(work, discount, next_step(discount, rules))
    require_version(command.expected_version, discount.version)

    decided = await _decided(work, discount, command.step, rules, on)

    accounts = await customer_books.lock(work, [discount.customer_key])
    if decided.state is State.IN_FORCE:
        await _check_overlap(work, decided, accounts)
    await discounts.update(work, decided)
    await discounts.note(work, decided, command.step, on, command.reason)
    if decided.state is not State.PENDING:
        await discount_facts.tell(work, decided, on)
    await settle(work, accounts)
    return decided


async def settle(work: Work, accounts: dict[UUID, Account]) -> None:
    """Bring what discounts take off these customers' charges up to date."""
    changes: dict[UUID, Changes] = {}
    await grant_discounts.for_customers(work, accounts, changes)
    await settle_accounts.settle(work, accounts, changes)


async def _decided(
    work: Work, discount: Discount, step: str, rules: DiscountRules, on: date
) -> Discount:
    actor = await discount_facts.actor(work)
    taken_by = await discounts.taken_by(work, discount.discount_id)
    last_on, _ = await discounts.last_step(work, discount.discount_id)
    check_day(on, last_on)
    if step == REFUSE:
        return refuse(discount, actor, taken_by, rules)
    tier = await tiers.on_day(work, discount.customer_key, rules.scheme, on)
    return take_step(discount, step, actor, taken_by, rules, tier)


async def _check_overlap(work: Work, decided: Discount, accounts: dict[UUID, Account]) -> None:
    keys = [key for account in accounts.values() for key in account.members]
    for other in await discounts.holding(work, keys):
        if other.overlaps(decided):
            raise DiscountsOverlap(
                f"{other.from_on} 至 {other.until_on} 已有优惠 {other.rate}",
                f"a discount of {other.rate} holds from {other.from_on} to {other.until_on}",
                discount_id=str(other.discount_id),
            )
