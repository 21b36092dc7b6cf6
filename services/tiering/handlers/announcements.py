"""What tiering tells the others: its records as published facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from services.tiering.domain.policies import TierChanges
from services.tiering.domain.scoring.assessment import RecordedScore
from services.tiering.domain.scoring.explanation import Document
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.domain.tiers.tiers import Tier
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef, SourceRef
from shared.contracts.tiering import (
    BorderDistance,
    Denominator,
    FactorPoints,
    Measure,
    ProposalState,
    ScoreRecorded,
    TierChanged,
    TierProposed,
)

ABOVE_RANGE = "above-range"


def score_recorded(score: RecordedScore, currency: str) -> ScoreRecorded:
    """A score with all that explains it, as it was recorded; nothing is computed here (T-29)."""
    explanation = cast("dict[str, Any]", score.explanation)
    counted = [factor for factor in explanation["factors"] if factor["input"] is not None]
    denominators = [f["input"]["denominator"] for f in counted if f["input"]["denominator"]]
    is_points = explanation["scheme"]["kind"] == "points"
    return ScoreRecorded(
        entity=Entity(type="score", id=str(score.score_id), version=score.version),
        customer_key=score.customer_key,
        as_of=score.scored_on,
        policy=PolicyRef(name=score.scheme, version=score.scheme_version),
        inputs=score.inputs,
        score_id=score.score_id,
        scheme=score.scheme,
        scheme_version=score.scheme_version,
        period=score.period,
        cut_off=score.cut_off,
        measures=tuple(_measure(factor) for factor in counted),
        factors=tuple(_points(factor) for factor in explanation["factors"]) if is_points else (),
        denominator=_denominator(denominators[0], currency) if denominators else None,
        raw=score.raw,
        shown=score.shown,
        tier=score.tier,
        flags=_flags(score.is_above_range),
        distances=tuple(_distance(distance) for distance in explanation["distances"]),
    )


def tier_proposed(proposal: Proposal, as_of: date) -> TierProposed:
    """What has become of a proposal."""
    return TierProposed(
        entity=Entity(type="proposal", id=str(proposal.proposal_id), version=proposal.version),
        customer_key=proposal.customer_key,
        as_of=as_of,
        policy=PolicyRef(name=TierChanges.policy_name, version=proposal.policy_version),
        inputs={
            "kind": proposal.kind,
            "score_version": proposal.score_version,
            "scored_tier": proposal.after,
            "is_override": proposal.override is not None,
            "effective_on": proposal.effective_on.isoformat() if proposal.effective_on else None,
        },
        proposal_id=proposal.proposal_id,
        score_id=proposal.score_id,
        scheme=proposal.scheme,
        scheme_version=proposal.scheme_version,
        period=proposal.period,
        cut_off=proposal.cut_off,
        before=proposal.before,
        proposed=proposal.decided_tier,
        state=ProposalState(proposal.state),
        decided_by=proposal.decided_by,
    )


def tier_changed(tier: Tier) -> TierChanged:
    """A customer's tier from a day on, with what it decides at this site."""
    return TierChanged(
        entity=Entity(type="tier", id=f"{tier.customer_key}/{tier.scheme}", version=tier.version),
        customer_key=tier.customer_key,
        as_of=tier.as_of,
        policy=PolicyRef(name=tier.policy_name, version=tier.policy_version),
        inputs={"decided_by": tier.decided_by},
        scheme=tier.scheme,
        scheme_version=tier.scheme_version,
        before=tier.before,
        after=tier.after,
        rank=tier.rank,
        effective_on=tier.effective_on,
        proposal_id=tier.proposal_id,
        score_id=tier.score_id,
        is_override=tier.is_override,
        flags=_flags(tier.is_above_range),
        governs=tier.governs,
        supersedes=tier.supersedes,
    )


def _flags(is_above_range: bool) -> tuple[str, ...]:
    return (ABOVE_RANGE,) if is_above_range else ()


def _measure(factor: dict[str, Any]) -> Measure:
    taken = factor["input"]["value"]
    return Measure(
        name=factor["name"],
        value=Decimal(taken["value"]),
        source=taken["source"],
        as_of=date.fromisoformat(taken["on"]),
    )


def _points(factor: dict[str, Any]) -> FactorPoints:
    return FactorPoints(
        factor=factor["name"],
        value=_decimal(factor["value"]),
        full_at=Decimal(factor["full_at"] or 0),
        weight=Decimal(factor["weight"]),
        points=_decimal(factor["points"]),
        is_capped=factor["limited_by"] == "cap",
    )


def _denominator(report: Document, currency: str) -> Denominator:
    stored = cast("dict[str, Any]", report)
    return Denominator(
        unit=stored["unit"],
        business_line=stored["business_line"],
        year=stored["year"],
        amount=MoneyAmount(amount=Decimal(stored["amount"]), currency=currency),
        source=SourceRef(system=stored["system"], ref=stored["ref"]),
        version=stored["version"],
    )


def _distance(distance: dict[str, Any]) -> BorderDistance:
    return BorderDistance(
        tier=distance["tier"],
        border=Decimal(distance["lower"]),
        distance=_decimal(distance["distance"]),
    )


def _decimal(number: dict[str, str] | None) -> Decimal:
    return Decimal(number["decimal"]) if number else Decimal(0)
