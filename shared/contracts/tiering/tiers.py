"""Tiers, proposed and in force."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerDecision
from shared.contracts.values import Code, Count, Day, Period, Version, Word


class ProposalState(StrEnum):
    """What has become of a proposal (T-30)."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class TierProposed(CustomerDecision):
    """A change of tier is proposed, approved, refused or withdrawn (T-30). Entity: `proposal`."""

    subject: ClassVar[str] = "dakehu.tiering.tier_proposed.v1"
    proposal_id: UUID
    """The proposal."""
    score_id: UUID
    """The score that it rests on."""
    scheme: Word
    """The scheme."""
    scheme_version: Version
    """Version of the scheme."""
    period: Period
    """The year, quarter or month."""
    cut_off: Day
    """Last day whose facts the score counts."""
    before: Word | None = None
    """Present tier; absent: none."""
    proposed: Word | None = None
    """Proposed tier; absent: none."""
    state: ProposalState
    """Where it stands."""
    decided_by: Code | None = None
    """Staff code of who approved or refused."""


class TierChanged(CustomerDecision):
    """A customer's tier in one scheme from a day on; every version stays valid for its days.

    The entity is `tier`, its id `<customer key>/<scheme>`.
    """

    subject: ClassVar[str] = "dakehu.tiering.tier_changed.v1"
    scheme: Word
    """The scheme."""
    scheme_version: Version
    """Version of the scheme."""
    before: Word | None = None
    """Tier before; absent: none."""
    after: Word | None = None
    """Tier from `effective_on` on; absent: none."""
    rank: Count | None = None
    """Rank of `after` in its scheme, 1 the highest; absent with it."""
    effective_on: Day
    """First day on which it holds."""
    proposal_id: UUID | None = None
    """The approved proposal; absent for an override."""
    score_id: UUID | None = None
    """The score that it rests on; absent for an override."""
    is_override: bool = False
    """A person set it, with a reason kept in tiering (T-07, T-29)."""
    flags: tuple[Word, ...] = ()
    """`above-range` … (C2)."""
    governs: tuple[Word, ...] = ()
    """What this scheme decides at this site: `managers`, `cadence`, `discounts`, `credit`."""
    supersedes: Version | None = None
    """The version that this restates; absent: it follows the earlier ones."""
