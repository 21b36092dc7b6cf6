"""Whether what a score was made from has changed since (T-30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from services.tiering.domain.scoring.explanation import Document


@dataclass(frozen=True)
class Change:
    """One input that says something else now; None: there was, or is, none.

    `what` is a factor ("revenue"), or one with its denominator ("share of GZ 2025").
    """

    what: str
    before: str | None
    now: str | None


def changes(stored: Mapping[str, object], present: Mapping[str, object] | None) -> list[Change]:
    """What differs between the inputs stored with a score and those of now, as documents.

    Only what moves a score counts: values, and the denominator's unit, year and amount. `present`
    None means that the customer cannot be scored any more.
    """
    before, now = _significant(stored), _significant(present or {})
    return [
        Change(what, _text(before.get(what)), _text(now.get(what)))
        for what in sorted(before.keys() | now.keys())
        if before.get(what) != now.get(what)
    ]


def is_another(scored: UUID, present: UUID) -> list[Change]:
    """What a merge changes: whoever was scored is part of somebody else today (R-81)."""
    return [] if scored == present else [Change("customer", str(scored), str(present))]


def _significant(inputs: Mapping[str, object]) -> dict[str, Decimal | str]:
    values: dict[str, Decimal | str] = {}
    for factor, document in inputs.items():
        taken = cast("dict[str, Any]", document)
        values[factor] = Decimal(taken["value"]["value"])
        denominator = cast("Document | None", taken["denominator"])
        if denominator is not None:
            unit, year = denominator["unit"], denominator["year"]
            values[f"{factor} of {unit} {year}"] = Decimal(str(denominator["amount"]))
    return values


def _text(value: Decimal | str | None) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else value
