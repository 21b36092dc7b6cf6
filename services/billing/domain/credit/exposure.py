"""What a group owes and has reserved, and whether that is more than it may (B-17, B-34).

Exposure (敞口) is open receivables, posted late fees among them, less unapplied cash, plus live
reservations: of the head office and all its branches, whoever was merged into them included.
Deposits held on objects and revenue that nobody has billed yet are no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from shared.errors import Conflict

from .limits import CreditLimits, Limit, Traits


class CreditLimitReached(Conflict):
    """What is asked for would take the group above its limit (B-34)."""

    code = "credit-limit-reached"
    rule = "B-34"
    title_zh = "超出授信额度"
    title_en = "The credit limit is reached"


@dataclass(frozen=True, slots=True)
class Standing:
    """A group as it stands, in yuan; `customer_key` is the head office.

    `limit_version` and `limit_amount` are those of a decision; without version nobody decided.
    `crossing_version` counts how often the group came above its limit and below again.
    """

    customer_key: UUID
    receivable: Decimal
    unapplied: Decimal
    reserved: Decimal
    version: int
    limit_version: int | None
    limit_amount: Decimal | None
    grade: str | None
    crossing_version: int
    is_exceeded: bool
    tier: str | None = None
    customer_class: str | None = None

    @property
    def traits(self) -> Traits:
        """What a default limit goes by."""
        return Traits(self.grade, self.tier, self.customer_class)

    @property
    def exposure(self) -> Decimal:
        """What it owes and has reserved, less what it has to its credit; may be below zero."""
        return self.receivable - self.unapplied + self.reserved


@dataclass(frozen=True, slots=True)
class Crossing:
    """A group came above its limit, or is within it again."""

    standing: Standing
    limit: Limit
    is_exceeded: bool
    version: int


NO_LIMIT = Limit(None, None, None)


def limit_of(standing: Standing, policy: tuple[CreditLimits, int] | None) -> Limit:
    """What the group may owe: as decided, else as the policy says for its traits, else anything."""
    if standing.limit_version is not None:
        return Limit(standing.limit_amount, standing.limit_version, None, standing.traits)
    if policy is None:
        return Limit(None, None, None, standing.traits)
    limits, version = policy
    return Limit(limits.default_for(standing.traits), None, version, standing.traits)


def crossing(standing: Standing, limit: Limit) -> Crossing | None:
    """What has to be told: None while the group is on the side where it was last seen.

    At the limit itself a group is within it.
    """
    is_exceeded = limit.amount is not None and standing.exposure > limit.amount
    if is_exceeded is standing.is_exceeded:
        return None
    return Crossing(standing, limit, is_exceeded, standing.crossing_version + 1)


def check_room(standing: Standing, limit: Limit, asked: Decimal) -> None:
    """Raise CreditLimitReached unless `asked` yuan more still lie within the limit."""
    if limit.amount is None or standing.exposure + asked <= limit.amount:
        return
    available = max(limit.amount - standing.exposure, Decimal("0.00"))
    raise CreditLimitReached(
        f"授信额度 {limit.amount} 元，敞口 {standing.exposure} 元，申请 {asked} 元",
        f"the limit is {limit.amount} yuan, the exposure {standing.exposure};"
        f" {asked} more would exceed it",
        pointer="/amount",
        limit=limit.amount,
        exposure=standing.exposure,
        asked=asked,
        available=available,
        limit_version=limit.version,
        policy_version=limit.policy_version,
    )
