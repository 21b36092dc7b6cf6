"""Why a customer could not be scored: reported, never silently left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Unscored:
    """`no-owner`: nobody owned it at the cut-off. `no-unit-at-level`: its owner has no unit of the
    denominator's level at or above it. `no-denominator`: that unit's revenue of the year was not
    reported. `denominator-not-positive`: it was, and nothing can be divided by it.
    """

    reason: Literal["no-owner", "no-unit-at-level", "no-denominator", "denominator-not-positive"]
    factor: str
    unit: str | None = None
    year: int | None = None
