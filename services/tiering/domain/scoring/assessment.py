"""From a customer's inputs to a recorded score and, where the tier should change, a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from services.tiering.domain.exact import SORTABLE_PLACES, rounded
from services.tiering.domain.periods import Period
from services.tiering.domain.policies import RuleInForce
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.scoring.explanation import Document, explain, inputs_of
from services.tiering.domain.scoring.scoring import FactorInput, Score, score
from services.tiering.domain.scoring.staleness import changes
from services.tiering.domain.tiers.proposals import Proposal, withdraw
from services.tiering.domain.tiers.transitions import Reached, Standing, Transition, decide


@dataclass(frozen=True)
class RecordedScore:
    """A score as it is kept: with its inputs and its explanation, never computed again (T-29).

    The same customer, scheme and cut-off keep one `score_id`; a new look is a new `version`. `raw`
    is rounded for sorting only; the explanation has it exactly.
    """

    score_id: UUID
    version: int
    customer_key: UUID
    scheme: str
    scheme_version: int
    period: str
    cut_off: date
    run_id: UUID
    raw: Decimal
    shown: Decimal
    tier: str | None
    is_above_range: bool
    inputs: Document
    explanation: Document
    scored_on: date


@dataclass(frozen=True)
class Earlier:
    """The newest version of a score that is there already, as far as it matters."""

    version: int
    scheme_version: int
    inputs: Document
    has_proposal: bool


@dataclass(frozen=True)
class Known:
    """What is known of a customer when it is scored.

    `newest_cut_off` is the latest cut-off it was ever scored at in this scheme; `earlier_tiers`
    what the periods before this one were scored, the last first.
    """

    customer_key: UUID
    earlier: Earlier | None = None
    standing: Standing | None = None
    open_proposal: Proposal | None = None
    newest_cut_off: date | None = None
    earlier_tiers: Sequence[str | None] = ()


@dataclass(frozen=True)
class Occasion:
    """What one run has in common for all its customers."""

    run_id: UUID
    scheme: Scheme
    scheme_version: int
    period: Period
    rule: RuleInForce
    on: date


@dataclass(frozen=True)
class Assessment:
    """What comes of scoring one customer; None: nothing new."""

    score: RecordedScore | None
    proposal: Proposal | None
    withdrawn: Proposal | None


def assess(occasion: Occasion, known: Known, inputs: Mapping[str, FactorInput]) -> Assessment:
    """Score a customer and decide whether a change of tier is proposed.

    The same inputs under the same version of the scheme are no new score. A cut-off before the
    customer's newest one proposes nothing. A new score withdraws the proposal that an older one
    made and nobody has decided yet.
    """
    scored = score(occasion.scheme, inputs)
    transition = _transition(occasion, known, scored)
    earlier = known.earlier
    is_new = (
        earlier is None
        or earlier.scheme_version != occasion.scheme_version
        or bool(changes(earlier.inputs, inputs_of(scored)))
    )
    version = 1 if earlier is None else earlier.version + is_new
    recorded = _record(occasion, known, scored, transition, version)
    is_latest = known.newest_cut_off is None or known.newest_cut_off <= occasion.period.cut_off
    was_proposed = earlier is not None and earlier.has_proposal and not is_new
    withdrawn = None
    if is_latest and known.open_proposal is not None and not was_proposed:
        withdrawn = withdraw(known.open_proposal, "重新评分 / scored again")
    is_proposed = is_latest and transition.is_proposed and not was_proposed
    return Assessment(
        recorded if is_new else None,
        _propose(occasion, recorded, transition) if is_proposed else None,
        withdrawn,
    )


def score_id_of(customer_key: UUID, scheme: str, cut_off: date) -> UUID:
    """The identity of a customer's score in a scheme at a cut-off."""
    return uuid5(customer_key, f"score {scheme} {cut_off.isoformat()}")


def _transition(occasion: Occasion, known: Known, scored: Score) -> Transition:
    reached = Reached(
        scored.raw,
        scored.tier.name if scored.tier else None,
        occasion.period.is_over,
        _periods_below(occasion.scheme, known),
    )
    return decide(occasion.scheme, occasion.rule.rule, known.standing, reached)


def _periods_below(scheme: Scheme, known: Known) -> int:
    """How many periods directly before this one were scored below the present tier."""
    present = known.standing.tier if known.standing else None
    if present is not None and not scheme.has_tier(present):
        return 0
    count = 0
    for tier in known.earlier_tiers:
        if tier is not None and not scheme.has_tier(tier):
            break
        if scheme.rank(tier) <= scheme.rank(present):
            break
        count += 1
    return count


def _record(
    occasion: Occasion, known: Known, scored: Score, transition: Transition, version: int
) -> RecordedScore:
    scheme, period = occasion.scheme, occasion.period
    explanation = explain(scheme, occasion.scheme_version, period, scored)
    explanation["transition"] = {
        "kind": transition.kind,
        "before": transition.before,
        "after": transition.after,
        "held_by": transition.held_by,
        "policy_version": occasion.rule.policy_version,
    }
    return RecordedScore(
        score_id=score_id_of(known.customer_key, scheme.name, period.cut_off),
        version=version,
        customer_key=known.customer_key,
        scheme=scheme.name,
        scheme_version=occasion.scheme_version,
        period=period.name,
        cut_off=period.cut_off,
        run_id=occasion.run_id,
        raw=rounded(scored.raw, SORTABLE_PLACES),
        shown=rounded(scored.raw, scheme.shown_places),
        tier=scored.tier.name if scored.tier else None,
        is_above_range=scored.is_above_range,
        inputs=inputs_of(scored),
        explanation=explanation,
        scored_on=occasion.on,
    )


def _propose(occasion: Occasion, recorded: RecordedScore, transition: Transition) -> Proposal:
    return Proposal(
        proposal_id=uuid5(recorded.score_id, f"proposal {recorded.version}"),
        version=1,
        customer_key=recorded.customer_key,
        scheme=recorded.scheme,
        scheme_version=recorded.scheme_version,
        score_id=recorded.score_id,
        score_version=recorded.version,
        period=recorded.period,
        cut_off=recorded.cut_off,
        kind=transition.kind,
        before=transition.before,
        after=transition.after,
        is_above_range=recorded.is_above_range,
        state="proposed",
        proposed_on=occasion.on,
        policy_version=occasion.rule.policy_version,
    )
