"""Discounts (资费优惠): the county applies, the specialty approves, the market agrees (B-26, B-27).

The steps, and how much a tier may get, are policy; whoever takes a step has taken none before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid

from .discount_refusals import (
    DiscountNotPending,
    DiscountTooHigh,
    NoDiscountForTier,
    NotYourStep,
    SamePerson,
    StepOutOfTurn,
)
from .discount_rules import DiscountRules, Step

_DAY = timedelta(days=1)


class State(StrEnum):
    """Where a discount stands."""

    PENDING = "pending"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Actor:
    """Who takes a step: staff code, roles, unit with its level."""

    staff_code: str
    roles: Collection[str]
    unit: str
    unit_level: str | None


@dataclass(frozen=True)
class Discount:
    """`rate` off the charges of a business line (None: of all) issued in the period.

    `tier` in `scheme` and its `ceiling` are what the last step saw; `steps_taken` of the policy's
    steps are taken. A withdrawn one keeps what it gave until `until_on`.
    """

    discount_id: UUID
    customer_key: UUID
    business_line: str | None
    rate: Decimal
    from_on: date
    until_on: date
    reason: str
    specialty_unit: str
    applied_by_unit: str
    scheme: str
    tier: str
    ceiling: Decimal
    policy_version: int
    state: State = State.PENDING
    steps_taken: int = 1
    version: int = 1

    @property
    def ever_holds(self) -> bool:
        """Whether there is a day on which it holds."""
        return self.state in (State.IN_FORCE, State.WITHDRAWN) and self.from_on <= self.until_on

    def covers(self, business_line: str, issued_on: date) -> bool:
        """Whether it holds for a charge of the line, issued on the day (B-27)."""
        is_of_line = self.business_line in (None, business_line)
        return self.ever_holds and is_of_line and self.from_on <= issued_on <= self.until_on

    def overlaps(self, other: Discount) -> bool:
        """Whether both could hold for the same charge."""
        same_line = None in (self.business_line, other.business_line) or (
            self.business_line == other.business_line
        )
        return same_line and self.from_on <= other.until_on and other.from_on <= self.until_on


def ceiling(rate: Decimal, tier: str | None, rules: DiscountRules, policy_version: int) -> Decimal:
    """The most that `tier` may get (B-27). Raises NoDiscountForTier, DiscountTooHigh."""
    most = rules.ceilings.get(tier) if tier is not None else None
    if most is None:
        raise NoDiscountForTier(
            f"方案 {rules.scheme} 的等级 {tier or '无'} 不享受资费优惠",
            f"the tier {tier or 'none'} of {rules.scheme} gets no discount",
            scheme=rules.scheme,
            tier=tier,
            policy_version=policy_version,
        )
    if rate > most:
        raise DiscountTooHigh(
            f"等级 {tier} 的优惠不超过 {most}，申请 {rate}",
            f"the tier {tier} gets at most {most}; {rate} was asked for",
            pointer="/rate",
            limit=most,
            rate=rate,
            tier=tier,
            policy_version=policy_version,
        )
    return most


def check_period(discount: Discount, applied_on: date, rules: DiscountRules) -> None:
    """Raise Invalid unless the discount begins after it was asked for, and ends in time."""
    if discount.from_on < applied_on:
        raise Invalid(
            f"优惠起始日不得早于申请日 {applied_on}",
            f"a discount does not begin before it was asked for on {applied_on}",
            pointer="/from_on",
        )
    last_on = discount.from_on + timedelta(days=rules.longest_days - 1)
    if not discount.from_on <= discount.until_on <= last_on:
        raise Invalid(
            f"优惠止于 {discount.from_on} 至 {last_on} 之间",
            f"a discount from {discount.from_on} ends by {last_on}",
            pointer="/until_on",
            longest_days=rules.longest_days,
        )


def require_step(step: Step, actor: Actor) -> None:
    """Raise NotYourStep unless `actor` may take `step` by role and level (B-26)."""
    if not _may_take(step, actor):
        roles, levels = ", ".join(step.roles), ", ".join(step.unit_levels) or "*"
        raise NotYourStep(
            f"步骤 {step.name} 由 {levels} 级单位的 {roles} 办理",
            f"the step {step.name} is taken by {roles} at the level {levels}",
            step=step.name,
        )


def check_day(on: date, last_on: date) -> None:
    """Raise Invalid when the day `on` of a step lies before that of the last one (B-26)."""
    if on < last_on:
        zh, en = f"日期早于上一步骤之日 {last_on}", f"the day lies before the step of {last_on}"
        raise Invalid(zh, en, pointer="/on")


def take_step(
    discount: Discount,
    name: str,
    actor: Actor,
    taken_by: Collection[str],
    rules: DiscountRules,
    tier: str | None,
) -> Discount:
    """The next step by somebody who took none before; with the last it is in force (B-26, B-27).

    Raises DiscountNotPending, StepOutOfTurn, NotYourStep, SamePerson, NoDiscountForTier,
    DiscountTooHigh: the tier may have changed meanwhile.
    """
    step = next_step(discount, rules)
    if name != step.name:
        raise StepOutOfTurn(
            f"下一步为 {step.name}，不是 {name}",
            f"the next step is {step.name}, not {name}",
            next=step.name,
        )
    _check_person(step, actor, taken_by)
    most = ceiling(discount.rate, tier, rules, discount.policy_version)
    assert tier is not None, "a ceiling is a tier's"
    taken = discount.steps_taken + 1
    return replace(
        discount,
        tier=tier,
        ceiling=most,
        steps_taken=taken,
        state=State.IN_FORCE if taken == len(rules.steps) else State.PENDING,
        version=discount.version + 1,
    )


def refuse(
    discount: Discount, actor: Actor, taken_by: Collection[str], rules: DiscountRules
) -> Discount:
    """Refused by whoever would take the next step (B-26). Raises as `take_step`."""
    _check_person(next_step(discount, rules), actor, taken_by)
    return replace(discount, state=State.REFUSED, version=discount.version + 1)


def withdraw(discount: Discount, from_on: date, today: date) -> Discount:
    """Ended from the day `from_on`, today at the earliest: what it gave before stays given.

    Raises DiscountNotPending when it is over already, Invalid for a day before today.
    """
    if discount.state not in (State.PENDING, State.IN_FORCE):
        raise not_pending(discount)
    if from_on < today:
        raise Invalid(
            f"撤销日不得早于今天 {today}",
            f"a discount is withdrawn from {today} at the earliest",
            pointer="/from_on",
        )
    is_given = discount.state is State.IN_FORCE
    return replace(
        discount,
        state=State.WITHDRAWN,
        until_on=min(discount.until_on, (from_on if is_given else discount.from_on) - _DAY),
        version=discount.version + 1,
    )


def may_take_any(rules: DiscountRules, actor: Actor) -> list[Step]:
    """The steps that `actor` may take by role and level."""
    return [step for step in rules.steps if _may_take(step, actor)]


def next_step(discount: Discount, rules: DiscountRules) -> Step:
    """The step that has to be taken next. Raises DiscountNotPending."""
    if discount.state is not State.PENDING:
        raise not_pending(discount)
    return rules.steps[discount.steps_taken]


def not_pending(discount: Discount) -> DiscountNotPending:
    """What is said of a discount that nobody waits for."""
    return DiscountNotPending(
        f"该优惠的状态为 {discount.state}",
        f"the discount is {discount.state}",
        state=discount.state,
    )


def _may_take(step: Step, actor: Actor) -> bool:
    at_level = not step.unit_levels or actor.unit_level in step.unit_levels
    return at_level and bool(set(actor.roles) & set(step.roles))


def _check_person(step: Step, actor: Actor, taken_by: Collection[str]) -> None:
    require_step(step, actor)
    if actor.staff_code in taken_by:
        raise SamePerson(
            "申请、审批、报备须由不同的人办理",
            "whoever has taken a step of this discount takes no other",
        )
