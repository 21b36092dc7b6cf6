"""What a scheme is: factors, points, borders. A scheme is data; no number of one stands here.

A tier is always (scheme, version, tier), since "gold" means different things (C1).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

WHOLE_WEIGHT = Decimal(100)
"""Per cent: what the weights of the counted factors sum to (C4)."""


@dataclass(frozen=True)
class Window:
    """Which days one period counts.

    `year` and `month` are calendar periods, `rolling` the last `months` months, `lifetime`
    everything up to the cut-off.
    """

    unit: Literal["year", "month", "rolling", "lifetime"]
    months: int | None = None


@dataclass(frozen=True)
class Denominator:
    """Whose annual revenue a share is a share of (C23).

    The unit is the one at `unit_level` at or above the customer's owner. `specialty` takes that
    unit's revenue of one business line, `city_bureau` that of all lines. `year` is the year of the
    cut-off or the one before.
    """

    of: Literal["city_bureau", "specialty"]
    unit_level: str
    business_line: str | None = None
    year: Literal["same", "previous"] = "same"


@dataclass(frozen=True)
class Measure:
    """What a factor looks at within the period.

    `revenue`: net revenue in the site's currency over all units, of `business_lines` (none: all).
    `share`: that revenue divided by the denominator. `usage`: a metered quantity, read as the sum,
    the highest or the latest value.
    """

    kind: Literal["revenue", "share", "usage"]
    business_lines: tuple[str, ...] = ()
    denominator: Denominator | None = None
    metric: str | None = None
    reading: Literal["sum", "highest", "latest"] | None = None


@dataclass(frozen=True)
class Factor:
    """One indicator with its weight in per cent; weight 0 is named but not counted (T-01).

    Points grow in proportion to the value and reach `weight` at `full_at`, where they stop (T-02,
    T-03). `full_at` has the measure's own unit (yuan; a share as a plain ratio, 3 ‰ = 0.003).
    """

    name: str
    title_zh: str
    title_en: str
    weight: Decimal
    measure: Measure
    full_at: Decimal | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the factor has any weight in this version of the scheme."""
        return self.weight > 0


@dataclass(frozen=True)
class Tier:
    """A class of customers from `lower` upwards, `lower` included (T-04, C2).

    `range_to` is the upper end the source gives for the highest tier; beyond it a customer stays in
    the tier and is flagged `above_range`.
    """

    name: str
    title_zh: str
    title_en: str
    lower: Decimal
    range_to: Decimal | None = None


@dataclass(frozen=True)
class Scheme:
    """How customers are scored and placed.

    `points`: the raw score is the sum of the factors' points. `bands`: it is the value of the only
    factor. Tiers stand from the highest to the lowest; who reaches none has no tier. `states` are
    the states of customers that the scheme looks at. Scores are shown with `shown_places` decimals.
    """

    policy_name: ClassVar[str] = "scheme"

    name: str
    title_zh: str
    title_en: str
    kind: Literal["points", "bands"]
    window: Window
    states: tuple[str, ...]
    factors: tuple[Factor, ...]
    tiers: tuple[Tier, ...]
    shown_places: int

    @property
    def counted(self) -> tuple[Factor, ...]:
        """The factors that have weight, in their order."""
        return tuple(factor for factor in self.factors if factor.is_counted)

    def has_tier(self, name: str) -> bool:
        """Whether this version of the scheme knows a tier of that name."""
        return any(tier.name == name for tier in self.tiers)

    def tier_named(self, name: str) -> Tier:
        """The tier of that name; raises KeyError when this version has none."""
        for tier in self.tiers:
            if tier.name == name:
                return tier
        raise KeyError(name)

    def rank(self, name: str | None) -> int:
        """Where a tier stands: 1 is the highest; no tier comes after the lowest one.

        Raises KeyError when this version has no such tier.
        """
        if name is None:
            return len(self.tiers) + 1
        return self.tiers.index(self.tier_named(name)) + 1
