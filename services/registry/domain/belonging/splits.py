"""How a customer's revenue is shared between units: always exactly the whole (R-44, R-45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid

from .timelines import next_version, restated

WHOLE = Decimal(1)


class SplitRule(StrEnum):
    """What decided a split; a ruling outweighs the default (C16)."""

    RULING = "ruling"
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
class Split:
    """A version of a customer's split; empty `increment` is shared like the base (R-44).

    `base_amount` is the base of a calendar year in yuan net of VAT; None: everything is base.
    """

    base: Shares
    rule: SplitRule
    effective_on: date
    version: int
    increment: Shares = ()
    base_amount: Decimal | None = None
    ruling_id: UUID | None = None
    supersedes: int | None = None

    @property
    def units(self) -> frozenset[str]:
        """Every unit that gets a share of base or increment."""
        return frozenset(part.unit for part in (*self.base, *self.increment))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ruling says about sharing: base, increment and where the base ends."""

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


def default_split(
    history: Sequence[Split], owner_unit: str, effective_on: date, decided_on: date
) -> Split | None:
    """Everything to the owner, the default (R-45, C16).

    None while a ruling's split stands, or when the owner has everything already.
    """
    everything = everything_to(owner_unit)
    latest = max(history, key=lambda split: split.version, default=None)
    if latest is not None and (latest.rule is SplitRule.RULING or latest.base == everything):
        return None
    return Split(
        base=everything,
        rule=SplitRule.DEFAULT,
        effective_on=effective_on,
        version=next_version(history),
        supersedes=restated(history, effective_on, decided_on),
    )


def by_ruling(
    history: Sequence[Split],
    terms: Terms,
    ruling_id: UUID,
    effective_on: date,
    ruled_on: date,
) -> Split:
    """The split that a ruling sets; before `ruled_on` it restates what was posted (R-37, R-45)."""
    return Split(
        base=terms.base,
        increment=terms.increment,
        base_amount=terms.base_amount,
        rule=SplitRule.RULING,
        effective_on=effective_on,
        version=next_version(history),
        ruling_id=ruling_id,
        supersedes=restated(history, effective_on, ruled_on),
    )


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
