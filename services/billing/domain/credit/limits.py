"""Credit limits (授信额度): one for a head office and its branches, decided by authority (B-17).

The limit in force on a day is the approved one with the highest version that took effect by then;
where nobody decided, the policy's for the grade of the head office. An amount of None is no limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid


class OwnLimitProposal(Forbidden):
    """Whoever approves a limit is never the one who asked for it (B-17)."""

    code = "own-credit-limit-proposal"
    rule = "B-17"
    title_zh = "不得审批本人提出的授信额度"
    title_en = "Nobody approves a limit that he proposed"


class BeyondAuthority(Forbidden):
    """The limit is more than the approver's level may decide (B-17)."""

    code = "credit-limit-beyond-authority"
    rule = "B-17"
    title_zh = "超出本级授信审批权限"
    title_en = "The limit is beyond the authority of this level"


class LimitDecided(Conflict):
    """Somebody has approved or refused it before."""

    code = "credit-limit-decided"
    rule = "B-17"
    title_zh = "授信申请已审批"
    title_en = "The proposed limit is decided"


class InvalidLimit(Invalid):
    """A limit that cannot be: below zero, or from a day that is over."""

    code = "invalid-credit-limit"
    rule = "B-17"
    title_zh = "授信额度无效"
    title_en = "Invalid credit limit"


@dataclass(frozen=True)
class Authority:
    """Whoever sits in a unit of `level` approves limits of up to `up_to` yuan; None: of any."""

    level: str
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a head office a default limit goes by.

    The grade of its last credit assessment, its tier in the scheme of the policy, and the class
    that registry gives it (specialty class).
    """

    grade: str | None = None
    tier: str | None = None
    customer_class: str | None = None


@dataclass(frozen=True)
class DefaultLimit:
    """`amount` yuan for whoever has every trait that is named; what is left out may be any."""

    amount: Decimal
    grade: str | None = None
    tier: str | None = None
    customer_class: str | None = None

    def fits(self, traits: Traits) -> bool:
        """Whether a head office with these traits gets it."""
        named = (self.grade, self.tier, self.customer_class)
        has = (traits.grade, traits.tier, traits.customer_class)
        return all(want is None or want == own for want, own in zip(named, has, strict=True))


@dataclass(frozen=True)
class CreditLimits:
    """Limits (yuan) where nobody decided one, and who may decide which.

    The first of `defaults` that fits holds; then `by_grade`, by the grade of the last credit
    assessment; then `ungraded`; left out: no limit. Tiers are those of `scheme`. A reservation
    ends `longest_reservation_days` after its day at the latest.
    """

    policy_name: ClassVar[str] = "credit-limits"

    by_grade: Mapping[str, Decimal]
    authorities: tuple[Authority, ...]
    longest_reservation_days: int
    ungraded: Decimal | None = None
    scheme: str | None = None
    defaults: tuple[DefaultLimit, ...] = ()

    def __post_init__(self) -> None:
        if any(each.amount < 0 for each in self.rows):
            raise ValueError("a limit is not below zero / 额度不得小于零")
        if self.scheme is None and any(each.tier is not None for each in self.defaults):
            raise ValueError("a limit by tier names the scheme / 按等级授信须指明等级方案")
        levels = [each.level for each in self.authorities]
        if not levels or len(set(levels)) != len(levels):
            raise ValueError("each level has one authority / 每级权限只列一次")
        if self.longest_reservation_days < 1:
            raise ValueError("a reservation lasts a day at least / 预留至少一天")

    @property
    def rows(self) -> tuple[DefaultLimit, ...]:
        """All defaults in the order in which they are asked."""
        return (
            *self.defaults,
            *(DefaultLimit(amount, grade) for grade, amount in self.by_grade.items()),
            *(() if self.ungraded is None else (DefaultLimit(self.ungraded),)),
        )

    @property
    def reaches_the_ungraded(self) -> bool:
        """Whether somebody of whom nothing was assessed may have a limit."""
        return any(each.grade is None for each in self.rows)

    def default_for(self, traits: Traits) -> Decimal | None:
        """The limit (yuan) of a group whose head office has `traits`; None: no limit."""
        return next((each.amount for each in self.rows if each.fits(traits)), None)

    def check_authority(self, level: str | None, amount: Decimal | None, version: int) -> None:
        """Raise BeyondAuthority unless a unit of `level` may approve `amount` (None: no limit)."""
        own = next((each for each in self.authorities if each.level == level), None)
        if own is None or (own.up_to is not None and (amount is None or amount > own.up_to)):
            most = None if own is None else own.up_to
            raise BeyondAuthority(
                f"{level or '未知层级'}可审批至 {most or 0} 元，申请为 {_words(amount, '不设限')}",
                f"the level {level or 'unknown'} approves up to {most or 0} yuan,"
                f" not {_words(amount, 'a group without limit')}",
                limit=most,
                asked=amount,
                level=level,
                policy_version=version,
            )


@dataclass(frozen=True, slots=True)
class Limit:
    """What a group may owe, and where that comes from: a decision's `version`, or the policy's."""

    amount: Decimal | None
    version: int | None
    policy_version: int | None
    traits: Traits = Traits()


@dataclass(frozen=True, slots=True)
class LimitProposal:
    """A limit that somebody asks for, for the head office `customer_key` and its branches."""

    proposal_id: UUID
    customer_key: UUID
    amount: Decimal | None
    effective_on: date
    reason: str
    proposed_by: str


@dataclass(frozen=True, slots=True)
class LimitDecision:
    """What became of a proposal. `limit_version` counts the approved ones of a head office."""

    proposal: LimitProposal
    is_approved: bool
    limit_version: int | None
    effective_on: date
    reason: str
    decided_by: str
    policy_version: int | None


def propose(proposal: LimitProposal, today: date) -> LimitProposal:
    """Check a proposal: it takes effect today or later. Raises InvalidLimit."""
    if proposal.effective_on < today:
        raise InvalidLimit(
            f"生效日 {proposal.effective_on} 早于今天 {today}",
            f"a limit takes effect today, {today}, or later, not on {proposal.effective_on}",
            pointer="/effective_on",
        )
    return proposal


def approve(
    proposal: LimitProposal,
    by: str,
    level: str | None,
    reason: str,
    today: date,
    last_version: int,
    policy: tuple[CreditLimits, int],
) -> LimitDecision:
    """The limit from its day on, and from today at the earliest.

    Raises OwnLimitProposal, BeyondAuthority.
    """
    _other_hand(proposal, by)
    limits, policy_version = policy
    limits.check_authority(level, proposal.amount, policy_version)
    return LimitDecision(
        proposal=proposal,
        is_approved=True,
        limit_version=last_version + 1,
        effective_on=max(proposal.effective_on, today),
        reason=reason,
        decided_by=by,
        policy_version=policy_version,
    )


def refuse(proposal: LimitProposal, by: str, reason: str) -> LimitDecision:
    """Leave the limit as it is. Raises OwnLimitProposal."""
    _other_hand(proposal, by)
    return LimitDecision(proposal, False, None, proposal.effective_on, reason, by, None)


def _other_hand(proposal: LimitProposal, by: str) -> None:
    if by == proposal.proposed_by:
        raise OwnLimitProposal(
            f"申请由 {by} 本人提出，须由他人审批",
            f"{by} proposed this limit; somebody else decides on it",
        )


def _words(amount: Decimal | None, unlimited: str) -> str:
    return unlimited if amount is None else f"{amount}"
