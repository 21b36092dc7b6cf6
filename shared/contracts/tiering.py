"""What tiering publishes: `dakehu.tiering.<event>.v1`."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .envelope import CustomerDecision, FactRefusal, MoneyAmount, Part, Published, SourceRef
from .values import Code, Count, Day, Exact, Label, Month, Period, Version, Word, Year


class ProposalState(StrEnum):
    """What has become of a proposal (T-30)."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FluctuationKind(StrEnum):
    """How a month differs from the one before (T-20)."""

    RISE = "rise"
    FALL = "fall"
    FROM_ZERO = "from_zero"


class Measure(Part):
    """An input of a score: one value, where it comes from and of which day (T-29)."""

    name: Word
    """`revenue`, `usage`, `credit` …"""
    value: Exact
    """In yuan for money, else in the metric's own unit."""
    source: Label
    """What it was taken from: `dakehu.billing.revenue_posted.v1`, `manual` …"""
    as_of: Day
    """The last day it takes in."""


class FactorPoints(Part):
    """Points that one factor of a scheme gave (T-02, T-03)."""

    factor: Word
    """`revenue`, `share`, `credit` …"""
    value: Exact
    """The value that was measured against the factor's full mark."""
    full_at: Exact
    """The value that earns all points."""
    weight: Exact
    """Points that the factor can give; 0 when named but not counted (T-01)."""
    points: Exact
    """Points given, not rounded."""
    is_capped: bool = False
    """The value went beyond the full mark."""


class Denominator(Part):
    """What a share was measured against; kept with the score (T-03)."""

    unit: Code
    """Code of the unit."""
    business_line: Label | None = None
    """Absent: all lines."""
    year: Year
    """Calendar year."""
    amount: MoneyAmount
    """Revenue of the unit in that year, net of VAT."""
    source: SourceRef | None = None
    """The report that it comes from."""
    version: Version
    """Version of the unit's figure."""


class BorderDistance(Part):
    """How far a raw score is from the border of a tier."""

    tier: Word
    """The tier that the border opens."""
    border: Exact
    """Score (or yuan) from which the tier begins, inclusive."""
    distance: Exact
    """Raw score minus border: negative below it."""


class ScoreRecorded(CustomerDecision):
    """A score with all that explains it, never recomputed later (T-29). Entity: `score`."""

    subject: ClassVar[str] = "dakehu.tiering.score_recorded.v1"
    score_id: UUID
    """The score."""
    scheme: Word
    """The scheme."""
    scheme_version: Version
    """Version of the scheme."""
    period: Period
    """The year, quarter or month."""
    cut_off: Day
    """Last day whose facts count."""
    measures: tuple[Measure, ...]
    """What the score saw."""
    factors: tuple[FactorPoints, ...]
    """Empty for a scheme that ranks by a measure itself (T-05)."""
    denominator: Denominator | None = None
    """What a share was measured against, if the scheme has a share."""
    raw: Exact
    """The sum on which the tier is decided, not rounded (C3)."""
    shown: Exact
    """The sum as printed, rounded half up to two decimals."""
    tier: Word | None = None
    """The tier that the raw score gives; absent: none."""
    flags: tuple[Word, ...] = ()
    """`above-range` … (C2)."""
    distances: tuple[BorderDistance, ...] = ()
    """One for each border of the scheme."""


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


class _Fluctuation(CustomerDecision):
    fluctuation_id: UUID
    """The fluctuation."""
    month: Month
    """The month."""
    metric: Word = "revenue"
    """What moved."""
    before: Exact
    """Value of the month before, in yuan for revenue."""
    after: Exact
    """Value of the month."""
    kind: FluctuationKind
    """How it moved."""
    change: Exact | None = None
    """Fraction of `before` ("-0.3001"); absent from zero."""
    due_on: Day
    """Last day for a written explanation."""


class FluctuationRaised(_Fluctuation):
    """A month moved so much that it must be explained (T-20). Entity: `fluctuation`."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_raised.v1"


class FluctuationExplained(_Fluctuation):
    """Somebody explained a fluctuation in writing; the words stay in tiering (T-20)."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_explained.v1"
    explained_by: Code
    """Staff code."""
    explained_on: Day
    """The day of the explanation."""


class FluctuationWithdrawn(_Fluctuation):
    """A late fact took the reason for a fluctuation away."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_withdrawn.v1"


class LifecycleChanged(CustomerDecision):
    """A customer entered another stage of its life (T-10, T-12). Entity: `lifecycle`."""

    subject: ClassVar[str] = "dakehu.tiering.lifecycle_changed.v1"
    before: Word | None = None
    """Stage before; absent: none."""
    after: Word
    """Stage from `effective_on` on."""
    effective_on: Day
    """First day on which it holds."""


class MonthSubmitted(Published):
    """A unit handed in its monthly statistics or report (T-22). Entity: `monthly-report`."""

    subject: ClassVar[str] = "dakehu.tiering.month_submitted.v1"
    report_id: UUID
    """The report."""
    unit: Code
    """Code of the unit."""
    kind: Word
    """`unit-statistics` or `city-report`."""
    month: Month
    """The month."""
    submitted_by: Code
    """Staff code."""
    submitted_on: Day
    """The day it was handed in."""
    due_on: Day
    """Last day in time."""
    is_late: bool
    """Handed in after `due_on`."""
    customers: Count
    """Key accounts counted."""
    revenue: MoneyAmount
    """Their revenue of the month, net of VAT."""
    cut_off: Day
    """Last day counted (C9)."""


class FactRefused(FactRefusal):
    """Tiering refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.tiering.fact_refused.v1"
