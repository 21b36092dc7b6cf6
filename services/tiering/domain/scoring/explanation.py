"""The explanation that is stored with a score and never computed again (T-29)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from services.tiering.domain.exact import SORTABLE_PLACES, exact_text, rounded
from services.tiering.domain.periods import Period
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.scoring.scoring import (
    FactorInput,
    FactorScore,
    Input,
    Score,
    UnitRevenue,
)

Document = dict[str, object]


def explain(scheme: Scheme, version: int, period: Period, scored: Score) -> Document:
    """Everything that made the score, as a JSON document; numbers are strings.

    Points and scores stand there exactly ("40/3") and rounded; the tier was decided on the exact
    number.
    """
    return {
        "scheme": {"name": scheme.name, "version": version, "kind": scheme.kind},
        "period": {
            "name": period.name,
            "from_on": period.from_on.isoformat() if period.from_on else None,
            "cut_off": period.cut_off.isoformat(),
        },
        "factors": [_factor(factor) for factor in scored.factors],
        "raw": _number(scored.raw),
        "shown": f"{rounded(scored.raw, scheme.shown_places):f}",
        "rounding": {
            "rule": "half-up",
            "places": scheme.shown_places,
            "tier_decided_on": "unrounded",
        },
        "tier": scored.tier.name if scored.tier else None,
        "above_range": scored.is_above_range,
        "distances": [
            {"tier": d.tier, "lower": str(d.lower), "distance": _number(d.distance)}
            for d in scored.distances
        ],
    }


def inputs_of(scored: Score) -> Document:
    """The input values alone, by factor: what a later look at the facts is compared with."""
    taken = {f.factor.name: f.input for f in scored.factors if f.input is not None}
    return documents_of(taken)


def documents_of(inputs: Mapping[str, FactorInput]) -> Document:
    """Inputs by factor, as they stand in an explanation."""
    return {name: _inputs(taken) for name, taken in inputs.items()}


def _factor(scored: FactorScore) -> Document:
    factor = scored.factor
    return {
        "name": factor.name,
        "title_zh": factor.title_zh,
        "title_en": factor.title_en,
        "weight": str(factor.weight),
        "is_counted": factor.is_counted,
        "measure": factor.measure.kind,
        "input": _inputs(scored.input) if scored.input else None,
        "value": None if scored.value is None else _number(scored.value),
        "full_at": None if factor.full_at is None else str(factor.full_at),
        "uncapped": _number(scored.uncapped),
        "points": _number(scored.points),
        "limited_by": scored.limited_by,
    }


def _inputs(taken: FactorInput) -> Document:
    return {
        "value": _input(taken.value),
        "denominator": _unit_revenue(taken.denominator) if taken.denominator else None,
    }


def _input(taken: Input) -> Document:
    return {
        "value": str(taken.value),
        "unit": taken.unit,
        "source": taken.source,
        "on": taken.on.isoformat(),
        "count": taken.count,
    }


def _unit_revenue(report: UnitRevenue) -> Document:
    return {
        "unit": report.unit,
        "business_line": report.business_line,
        "year": report.year,
        "amount": str(report.amount),
        "system": report.system,
        "ref": report.ref,
        "reported_on": report.reported_on.isoformat(),
        "version": report.version,
    }


def _number(value: Fraction) -> Document:
    return {"exact": exact_text(value), "decimal": f"{rounded(value, SORTABLE_PLACES):f}"}
