"""Scores with all that explains them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerDecision, MoneyAmount, Part, SourceRef
from shared.contracts.values import Code, Day, Exact, Label, Period, Version, Word, Year


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
