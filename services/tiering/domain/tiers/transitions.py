"""From a score to a proposed change of tier: promotion at once, demotion with hysteresis (T-30)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.tiering.domain.policies import TransitionRule
from services.tiering.domain.schemes.schemes import Scheme

Kind = Literal["first", "promotion", "demotion", "redefined", "unchanged", "held"]
Held = Literal["demotion-not-allowed", "period-not-over", "within-margin", "grace"]

_PROPOSED: frozenset[Kind] = frozenset({"first", "promotion", "demotion", "redefined"})


@dataclass(frozen=True)
class Standing:
    """The tier that a customer has now; `tier` None is "placed below every tier"."""

    tier: str | None


@dataclass(frozen=True)
class Transition:
    """What a score means for the present tier.

    `held` keeps the present tier although the score is lower, with the reason `held_by`.
    """

    kind: Kind
    before: str | None
    after: str | None
    held_by: Held | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether somebody has to decide about it."""
        return self.kind in _PROPOSED


@dataclass(frozen=True)
class Reached:
    """What a score reached: the raw number, its tier, and what speaks about the time.

    `periods_below` is how many periods directly before this one were scored below the present tier.
    """

    raw: Fraction
    tier: str | None
    is_period_over: bool
    periods_below: int


def decide(
    scheme: Scheme, rule: TransitionRule, standing: Standing | None, reached: Reached
) -> Transition:
    """What a customer with `standing` (None: never placed) is proposed for what it `reached`.

    `redefined`: the present tier is none of this version of the scheme.
    """
    scored = reached.tier
    if standing is None:
        return Transition("unchanged" if scored is None else "first", None, scored)
    present = standing.tier
    if present is not None and not scheme.has_tier(present):
        return Transition("redefined", present, scored)
    if scheme.rank(scored) == scheme.rank(present):
        return Transition("unchanged", present, present)
    if scheme.rank(scored) < scheme.rank(present):
        return Transition("promotion", present, scored)
    held_by = _held_by(scheme, rule, present, reached)
    if held_by is not None:
        return Transition("held", present, present, held_by)
    return Transition("demotion", present, scored)


def _held_by(
    scheme: Scheme, rule: TransitionRule, present: str | None, reached: Reached
) -> Held | None:
    if not rule.allows_demotion:
        return "demotion-not-allowed"
    if not reached.is_period_over and not rule.demotes_within_period:
        return "period-not-over"
    if present is not None:
        border = Fraction(scheme.tier_named(present).lower)
        if rule.demotion_margin and reached.raw >= border - Fraction(rule.demotion_margin):
            return "within-margin"
    return "grace" if reached.periods_below < rule.grace_periods else None
