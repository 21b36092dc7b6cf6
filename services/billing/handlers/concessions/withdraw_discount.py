"""A discount ends from a day on; what it gave before stays given (B-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.concessions.discount_refusals import NotYourStep
from services.billing.domain.concessions.discount_rules import DiscountRules
from services.billing.domain.concessions.discounts import Discount, State, may_take_any, withdraw
from services.billing.handlers.concessions import decide_discount, discount_facts
from services.billing.storage.concessions import discounts
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.http.versions import require_version
from shared.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawDiscount:
    """The first day without the discount, today if left out, and why."""

    discount_id: UUID
    expected_version: int
    reason: str
    from_on: date | None = None


async def handle(work: Work, command: WithdrawDiscount) -> Discount:
    """End it; whoever may take one of its steps may.

    Raises UnknownDiscount, OutOfScope, NotYourStep, StaleVersion, DiscountNotPending, Invalid.
    """
    discount = await discounts.held(work, command.discount_id)
    rules = (await policy.of_version(work, DiscountRules, discount.policy_version)).body
    await _require_any(work, discount, rules)
    require_version(command.expected_version, discount.version)

    ended = withdraw(discount, command.from_on or work.today, work.today)

    accounts = await customer_books.lock(work, [discount.customer_key])
    await discounts.update(work, ended)
    await discounts.note(work, ended, "withdraw", work.today, command.reason)
    if discount.state is State.IN_FORCE:
        await discount_facts.tell(work, ended, work.today)
    await decide_discount.settle(work, accounts)
    return ended


async def _require_any(work: Work, discount: Discount, rules: DiscountRules) -> None:
    steps = may_take_any(rules, await discount_facts.actor(work))
    if not steps:
        raise NotYourStep(
            "只有办理该优惠各步骤的人员可以撤销", "whoever may take a step of it may withdraw it"
        )
    at_home = [step for step in steps if not step.by_specialty]
    await discount_facts.require_scope(work, discount, (at_home or steps)[0])
