"""Tiers: every version is kept, and holds from its day until a later version does (T-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.tiering.domain.policies import GoverningSchemes, TierChanges
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.tiers.proposals import Proposal


@dataclass(frozen=True)
class Tier:
    """One version of a customer's tier in a scheme; `after` None: no tier from that day on.

    On a day the highest version holds whose `effective_on` is not later; `supersedes` names the
    version that it takes days from. `governs` are the consequences that the scheme decides at the
    site. `policy_name` and `policy_version` say which policy the decision followed.
    """

    customer_key: UUID
    scheme: str
    version: int
    scheme_version: int
    before: str | None
    after: str | None
    rank: int | None
    is_above_range: bool
    is_override: bool
    effective_on: date
    decided_by: str
    proposal_id: UUID
    score_id: UUID
    governs: tuple[str, ...]
    policy_name: str
    policy_version: int
    as_of: date
    supersedes: int | None = None


def effect(
    proposal: Proposal,
    present: Tier | None,
    scheme: Scheme,
    governs: tuple[str, ...],
    on: date,
) -> tuple[Proposal, Tier | None]:
    """Let an approved proposal take effect: the proposal, and the customer's new tier.

    `governs` is what the scheme decides on the day it takes effect, `on` the business date. None
    when the decided tier is the present one (a person kept it, say): nothing changes then.
    """
    assert proposal.effective_on is not None and proposal.decided_by is not None
    effected = replace(proposal, effected_on=on)
    before = present.after if present else None
    after = proposal.decided_tier
    if (
        present is not None
        and after == before
        and present.scheme_version == proposal.scheme_version
    ):
        return effected, None
    return effected, Tier(
        customer_key=proposal.customer_key,
        scheme=proposal.scheme,
        version=present.version + 1 if present else 1,
        scheme_version=proposal.scheme_version,
        before=before,
        after=after,
        rank=None if after is None else scheme.rank(after),
        is_above_range=proposal.is_above_range and proposal.override is None,
        is_override=proposal.override is not None,
        effective_on=proposal.effective_on,
        decided_by=proposal.decided_by,
        proposal_id=proposal.proposal_id,
        score_id=proposal.score_id,
        governs=governs,
        policy_name=TierChanges.policy_name,
        policy_version=proposal.policy_version,
        as_of=on,
        supersedes=_superseded(present, proposal.effective_on),
    )


def govern(present: Tier, governs: tuple[str, ...], policy_version: int, on: date) -> Tier:
    """The next version of a tier that stays, in a scheme that governs something else from `on`.

    `policy_version` is that of `governing-schemes` which says so.
    """
    return replace(
        present,
        version=present.version + 1,
        before=present.after,
        effective_on=on,
        governs=governs,
        policy_name=GoverningSchemes.policy_name,
        policy_version=policy_version,
        as_of=on,
        supersedes=_superseded(present, on),
    )


def tier_on(versions: Sequence[Tier], day: date) -> Tier | None:
    """The version that holds on `day`: the highest of those effective by then."""
    in_effect = [version for version in versions if version.effective_on <= day]
    return max(in_effect, key=lambda version: version.version, default=None)


def _superseded(present: Tier | None, effective_on: date) -> int | None:
    if present is None or present.effective_on < effective_on:
        return None
    return present.version
