"""Which rule decides how a customer's revenue is shared on a day (C16, R-44, R-45).

Everything that says something about it becomes a claim for some days. Of the claims of a day the
strongest decides; the whole timeline is computed anew from all claims whenever one of them changes,
and only what differs from what was published becomes new versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .splits import PolicyVersion, Split, SplitRule, Terms
from .timelines import in_force, next_version, restated

_DAY = timedelta(days=1)


class RuleFamily(StrEnum):
    """The steps of the order of precedence; types A to D are one, since a customer has one type."""

    RULING = "ruling"
    TYPE = "type"
    BASE_INCREMENT = "base-increment"
    LEAD_REPORT = "lead-report"
    DEFAULT = "default"


_TYPES = (SplitRule.TYPE_A, SplitRule.TYPE_B, SplitRule.TYPE_C, SplitRule.TYPE_D)


@dataclass(frozen=True)
class SplitPrecedence:
    """Which rule outweighs which, the strongest first; what is not named is not applied (C16)."""

    policy_name: ClassVar[str] = "split-precedence"

    order: tuple[RuleFamily, ...]

    def rank(self, rule: SplitRule) -> int | None:
        """The place of `rule`, 0 the strongest; None where the site does not apply it."""
        family = RuleFamily.TYPE if rule in _TYPES else RuleFamily(rule.value)
        return self.order.index(family) if family in self.order else None


@dataclass(frozen=True, slots=True)
class DatedPrecedence:
    """A version of the precedence, from a day on."""

    version: int
    effective_on: date
    body: SplitPrecedence


@dataclass(frozen=True, slots=True)
class Claim:
    """What one rule says from the first to the last day (None: for ever).

    Of several claims of one family the highest `order` counts. `inputs` and `policy` are what the
    rule looked at.
    """

    rule: SplitRule
    terms: Terms
    from_on: date
    until_on: date | None = None
    order: int = 0
    ruling_id: UUID | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    policy: PolicyVersion | None = None

    def holds(self, on: date) -> bool:
        """Whether it says anything about `on`."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True)
class Decision:
    """The claim that decides, and the rules that it overruled, the strongest first."""

    claim: Claim
    overruled: tuple[SplitRule, ...]


def decide(claims: Sequence[Claim], on: date, precedence: SplitPrecedence) -> Decision | None:
    """Which claim decides `on`, and over whom; None when nothing is claimed (C16)."""
    by_rank: dict[int, Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.order):
        rank = precedence.rank(claim.rule)
        if rank is not None and claim.holds(on):
            by_rank[rank] = claim
    if not by_rank:
        return None
    strongest, *others = (by_rank[rank] for rank in sorted(by_rank))
    return Decision(strongest, tuple(claim.rule for claim in others))


def decisions(
    claims: Sequence[Claim], precedences: Sequence[DatedPrecedence]
) -> list[tuple[date, Decision]]:
    """What decides from which day on, in order of days, as long as somebody claims (C16)."""
    days = {claim.from_on for claim in claims}
    days |= {claim.until_on + _DAY for claim in claims if claim.until_on is not None}
    first = min(days, default=date.max)
    days |= {each.effective_on for each in precedences if each.effective_on > first}
    found: list[tuple[date, Decision]] = []
    for day in sorted(days):
        decision = decide(claims, day, _precedence(precedences, day))
        if decision is not None and not (found and _same(found[-1][1].claim, decision.claim)):
            found.append((day, decision))
    return found


def renewed(
    history: Sequence[Split],
    claims: Sequence[Claim],
    precedences: Sequence[DatedPrecedence],
    decided_on: date,
) -> list[Split]:
    """The versions to add so that every day is shared as `claims` decide; often none (R-45).

    From the first day on that is shared otherwise, everything that follows is said again, since the
    highest version that has begun holds. What begins before `decided_on` names what it restates.
    """
    wanted = decisions(claims, precedences)
    begins = _first_difference(history, wanted)
    if begins is None:
        return []
    standing = [pair for pair in wanted if pair[0] <= begins][-1:]
    following = [pair for pair in wanted if pair[0] > begins]
    parts = [(begins, decision) for _, decision in standing] + following
    return [
        _split(decision, day, next_version(history) + number, restated(history, day, decided_on))
        for number, (day, decision) in enumerate(parts)
    ]


def _first_difference(
    history: Sequence[Split], wanted: Sequence[tuple[date, Decision]]
) -> date | None:
    days = {day for day, _ in wanted} | {split.effective_on for split in history}
    for day in sorted(days):
        decision = next((each for begins, each in reversed(wanted) if begins <= day), None)
        if decision is not None and not _says(in_force(history, day), decision.claim):
            return day
    return None


def _says(split: Split | None, claim: Claim) -> bool:
    if split is None:
        return False
    terms = Terms(split.base, split.increment, split.base_amount)
    return (split.rule, split.ruling_id, terms) == (claim.rule, claim.ruling_id, claim.terms)


def _same(one: Claim, other: Claim) -> bool:
    return (one.rule, one.ruling_id, one.terms) == (other.rule, other.ruling_id, other.terms)


def _split(decision: Decision, on: date, version: int, supersedes: int | None) -> Split:
    claim = decision.claim
    return Split(
        base=claim.terms.base,
        increment=claim.terms.increment,
        base_amount=claim.terms.base_amount,
        rule=claim.rule,
        effective_on=on,
        version=version,
        ruling_id=claim.ruling_id,
        supersedes=supersedes,
        overruled=decision.overruled,
        inputs=claim.inputs,
        policy=claim.policy,
    )


def _precedence(precedences: Sequence[DatedPrecedence], on: date) -> SplitPrecedence:
    """The one in force; before the first the first, since old customers need an order too."""
    begun = [each for each in precedences if each.effective_on <= on]
    if begun:
        return max(begun, key=lambda each: each.version).body
    return min(precedences, key=lambda each: (each.effective_on, -each.version)).body
