"""How a customer's revenue is shared between units: always exactly the whole (R-44, R-45)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid

WHOLE = Decimal(1)
_FINEST = Decimal("0.000000000001")
"""The last digit of a fraction: of a thousand million yuan it is less than a cent."""


class SplitRule(StrEnum):
    """What decided a split; which outweighs which is policy (C16)."""

    RULING = "ruling"
    TYPE_A = "type-a"
    TYPE_B = "type-b"
    TYPE_C = "type-c"
    TYPE_D = "type-d"
    BASE_INCREMENT = "base-increment"
    LEAD_REPORT = "lead-report"
    DEFAULT = "default"


class NotTheWhole(Invalid):
    """Shares must be positive, one per unit, and sum to exactly 100 %."""

    code = "shares-not-the-whole"
    rule = "R-45"
    title_zh = "分成比例之和须正好为100%"
    title_en = "Shares are not the whole"


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's share as a fraction of one: 0.6 is 60 %."""

    unit: str
    share: Decimal


Shares = tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The version of a policy that a decision followed."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Split:
    """A version of a customer's split; empty `increment` is shared like the base (R-44).

    `base_amount` is the base of a calendar year in yuan net of VAT; None: everything is base.
    `overruled` are the rules that gave way, the strongest first; `inputs` is what was weighed.
    """

    base: Shares
    rule: SplitRule
    effective_on: date
    version: int
    increment: Shares = ()
    base_amount: Decimal | None = None
    ruling_id: UUID | None = None
    supersedes: int | None = None
    overruled: tuple[SplitRule, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    policy: PolicyVersion | None = None

    @property
    def units(self) -> frozenset[str]:
        """Every unit that gets a share of base or increment."""
        return frozenset(part.unit for part in (*self.base, *self.increment))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says about sharing: base, increment and where the base ends."""

    base: Shares
    increment: Shares = ()
    base_amount: Decimal | None = None


def everything_to(unit: str) -> Shares:
    """The shares of a customer whose revenue is one unit's alone."""
    return (Share(unit, WHOLE),)


def divide(base: Shares, increment: Shares, base_amount: Decimal | None) -> Terms:
    """The terms, once it is sure that nothing is lost or given twice (R-44, R-45).

    Raises NotTheWhole; an increment needs the amount at which the base ends, and the other way
    round, since otherwise one of them would never be used.
    """
    _require_whole(base, "/base")
    if increment:
        _require_whole(increment, "/increment")
    if bool(increment) != (base_amount is not None):
        raise Invalid(
            "增量分成与存量基数须同时给出",
            "shares of the increment and the amount of the base belong together",
            pointer="/base_amount",
        )
    if base_amount is not None and base_amount < 0:
        raise Invalid("存量基数不能为负", "the base cannot be negative", pointer="/base_amount")
    return Terms(base, increment, base_amount)


def fractions(weights: Iterable[tuple[str, Decimal]]) -> Shares:
    """Shares by `weights` of (unit, weight), in order of unit, that sum to exactly one (R-45).

    Weights of the same unit add up and nothing is left of a zero. Where the fraction has no end,
    the last kept digit goes by largest remainder, the earlier unit first on a tie. Raises
    NotTheWhole when there is nothing to divide by.
    """
    by_unit: dict[str, Decimal] = {}
    for unit, weight in weights:
        by_unit[unit] = by_unit.get(unit, Decimal(0)) + weight
    total = sum(by_unit.values(), Decimal(0))
    if total <= 0 or min(by_unit.values()) < 0:
        raise NotTheWhole(
            "权重不能为负且须有大于零者",
            "weights are not negative, and one is above zero",
            total=str(total),
        )
    units = sorted(by_unit)
    exact = [by_unit[unit] / total for unit in units]
    parts = [part.quantize(_FINEST, rounding=ROUND_DOWN) for part in exact]
    missing = int((WHOLE - sum(parts, Decimal(0))) / _FINEST)
    by_loss = sorted(range(len(units)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_loss[:missing]:
        parts[index] += _FINEST
    return tuple(Share(unit, _plain(part)) for unit, part in zip(units, parts, strict=True) if part)


def first_split(owner_unit: str, on: date) -> Split:
    """The split of a customer of whom nothing but the owner is known (R-45, C16)."""
    return Split(everything_to(owner_unit), SplitRule.DEFAULT, on, version=1)


def _plain(part: Decimal) -> Decimal:
    """Without zeros at the end, and never in powers of ten."""
    return WHOLE if part == WHOLE else part.normalize()


def _require_whole(shares: Shares, pointer: str) -> None:
    total = sum((part.share for part in shares), Decimal(0))
    units = [part.unit for part in shares]
    if total == WHOLE and min(part.share for part in shares) > 0 and len(set(units)) == len(units):
        return
    raise NotTheWhole(
        f"份额须为正、每单位一份且之和正好为 1，现为 {total}",
        f"shares are positive, one per unit, and sum to exactly 1; these sum to {total}",
        pointer=pointer,
        total=str(total),
    )
