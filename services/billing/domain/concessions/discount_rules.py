"""How a discount is allowed: who says what in which order, and how much for which tier. Policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class Step:
    """A word that has to be given: by which roles, at which levels of the organisation.

    A step `by_specialty` is the specialty bureau's that the application names; any other belongs
    to units that see the customer's money. Without `unit_levels` the level does not matter.
    """

    name: str
    roles: tuple[str, ...]
    unit_levels: tuple[str, ...] = ()
    by_specialty: bool = False


@dataclass(frozen=True)
class DiscountRules:
    """B-26, B-27.

    `steps` are taken in order, each by another person: the first applies, with the last the
    discount is in force. `scheme` names the tier scheme that governs discounts, `ceilings` the most
    that a tier may get, as a fraction of the charge; a tier without ceiling gets none. A discount
    holds at most `longest_days` days.
    """

    policy_name: ClassVar[str] = "discounts"

    scheme: str
    ceilings: Mapping[str, Decimal]
    steps: tuple[Step, ...]
    longest_days: int

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if len(names) < 2 or len(set(names)) != len(names):
            raise ValueError(
                "至少两步，且名称不能重复 / at least two steps, each with a name of its own"
            )
        if not all(0 < most < 1 for most in self.ceilings.values()):
            raise ValueError("折扣上限须在 0 与 1 之间 / a ceiling lies between 0 and 1")
