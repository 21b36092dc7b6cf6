"""Proposals: proposed, approved (or refused, or withdrawn), then effective on a day (T-30)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from services.tiering.domain.policies import RuleInForce, TransitionRule
from services.tiering.domain.schemes.schemes import Scheme
from shared.errors import Conflict, Invalid

State = Literal["proposed", "approved", "refused", "withdrawn"]


class ProposalNotOpen(Conflict):
    """Somebody has already decided about the proposal, or a newer score replaced it."""

    code = "proposal-not-open"
    rule = "T-30"
    title_zh = "建议已处理"
    title_en = "The proposal is not open"


class StaleScore(Conflict):
    """What the score was made from has changed since; score the period again."""

    code = "stale-score"
    rule = "T-30"
    title_zh = "评分已过时"
    title_en = "Stale score"


class UnknownTier(Invalid):
    """The scheme version has no tier of that name."""

    code = "unknown-tier"
    rule = "T-07"
    title_zh = "没有该等级"
    title_en = "Unknown tier"


class NothingOverridden(Invalid):
    """The tier named is the one the score gives."""

    code = "nothing-overridden"
    rule = "T-29"
    title_zh = "与评分结果相同"
    title_en = "Nothing is overridden"


class EffectiveTooEarly(Invalid):
    """The policy does not let a tier take effect before the day it is decided on."""

    code = "effective-too-early"
    rule = "T-30"
    title_zh = "生效日过早"
    title_en = "Effective too early"


@dataclass(frozen=True)
class Override:
    """A person's tier in place of the score's, with the reason; the score stays as it is (T-29)."""

    tier: str | None
    by: str
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A change of one customer's tier in one scheme, from a score.

    `after` is what the score gives; `override` what a person decided instead. `version` counts
    the proposal's changes from 1, `policy_version` is that of `tier-changes` which decided last.
    `effected_on` is set once the tier has been changed.
    """

    proposal_id: UUID
    version: int
    customer_key: UUID
    scheme: str
    scheme_version: int
    score_id: UUID
    score_version: int
    period: str
    cut_off: date
    kind: str
    before: str | None
    after: str | None
    is_above_range: bool
    state: State
    proposed_on: date
    policy_version: int
    decided_by: str | None = None
    decided_on: date | None = None
    reason: str | None = None
    effective_on: date | None = None
    override: Override | None = None
    effected_on: date | None = None

    @property
    def decided_tier(self) -> str | None:
        """The tier that takes effect: the person's where there is an override, else the score's."""
        return self.override.tier if self.override else self.after


def approve(
    proposal: Proposal, rule: RuleInForce, by: str, on: date, effective_on: date | None
) -> Proposal:
    """Approve what the score gives, effective on the named day or the one the policy says.

    `by` is a staff code. Raises ProposalNotOpen, EffectiveTooEarly.
    """
    _require_open(proposal)
    return replace(
        proposal,
        version=proposal.version + 1,
        state="approved",
        decided_by=by,
        decided_on=on,
        effective_on=_effective(rule.rule, on, effective_on),
        policy_version=rule.policy_version,
    )


def override(
    proposal: Proposal,
    scheme: Scheme,
    rule: RuleInForce,
    decided: Override,
    on: date,
    effective_on: date | None,
) -> Proposal:
    """Decide another tier than the score gives; the present one is allowed, the score's is not.

    Raises ProposalNotOpen, UnknownTier, NothingOverridden, EffectiveTooEarly.
    """
    _require_open(proposal)
    if decided.tier is not None and not scheme.has_tier(decided.tier):
        raise UnknownTier(
            f"方案 {scheme.name} 没有等级 {decided.tier}",
            f"the scheme {scheme.name} has no tier {decided.tier}",
            pointer="/tier",
            tiers=[tier.name for tier in scheme.tiers],
        )
    if decided.tier == proposal.after:
        raise NothingOverridden(
            "指定的等级与评分结果相同，请直接批准",
            "the score gives the same tier; approve it instead",
            pointer="/tier",
        )
    approved = approve(proposal, rule, decided.by, on, effective_on)
    return replace(approved, override=decided, reason=decided.reason)


def refuse(proposal: Proposal, by: str, on: date, reason: str) -> Proposal:
    """Decide that the tier stays as it is. Raises ProposalNotOpen."""
    _require_open(proposal)
    return replace(
        proposal,
        version=proposal.version + 1,
        state="refused",
        decided_by=by,
        decided_on=on,
        reason=reason,
    )


def withdraw(proposal: Proposal, reason: str) -> Proposal:
    """Take back a proposal that a newer score replaces; one in effect stays (ProposalNotOpen)."""
    if proposal.state not in ("proposed", "approved") or proposal.effected_on is not None:
        raise _not_open(proposal)
    return replace(proposal, version=proposal.version + 1, state="withdrawn", reason=reason)


def is_due(proposal: Proposal, on: date) -> bool:
    """Whether the proposal's tier takes effect on `on` at the latest and has not yet."""
    return (
        proposal.state == "approved"
        and proposal.effected_on is None
        and proposal.effective_on is not None
        and proposal.effective_on <= on
    )


def _effective(rule: TransitionRule, on: date, named: date | None) -> date:
    if named is None:
        if rule.effective == "on_approval":
            return on
        return (on.replace(day=1) + timedelta(days=31)).replace(day=1)
    if named < on and not rule.may_backdate:
        raise EffectiveTooEarly(
            f"生效日 {named} 早于批准日 {on}，政策不允许追溯",
            f"effective on {named}, before the approval on {on}: the policy forbids it",
            pointer="/effective_on",
        )
    return named


def _require_open(proposal: Proposal) -> None:
    if proposal.state != "proposed":
        raise _not_open(proposal)


def _not_open(proposal: Proposal) -> ProposalNotOpen:
    return ProposalNotOpen(
        f"建议的状态是 {proposal.state}，不能再处理",
        f"the proposal is {proposal.state} and cannot be decided again",
        state=proposal.state,
    )
