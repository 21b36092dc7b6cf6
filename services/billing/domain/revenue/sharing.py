"""Who gets a customer's revenue on a day: the split in force, else the owner (R-44, R-45, C16).

Every version that was ever told is kept. In force on a day is the highest version that is effective
by then, in whatever order the versions came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's share as a fraction of one."""

    unit: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a split, or of an ownership (`split_id` is None), and how it shares revenue.

    `base_amount` is the base of a calendar year in yuan; None: everything is base. Revenue beyond
    it is shared by `increment`.
    """

    rule: str
    version: int
    effective_on: date
    base: tuple[Share, ...]
    increment: tuple[Share, ...] = ()
    base_amount: Decimal | None = None
    split_id: UUID | None = None
    ruling_id: UUID | None = None

    @property
    def separates_increment(self) -> bool:
        """Whether it matters what else the customer brought in that year (R-44)."""
        return self.base_amount is not None

    @property
    def identity(self) -> tuple[UUID | None, int]:
        """What a posting remembers of the terms that decided it."""
        return self.split_id, self.version


def everything_to(
    unit: str, rule: str, version: int, effective_on: date, ruling_id: UUID | None = None
) -> Terms:
    """The terms of an ownership: 100 % to the owner."""
    return Terms(rule, version, effective_on, (Share(unit, WHOLE),), ruling_id=ruling_id)


@dataclass(frozen=True, slots=True)
class Sharing:
    """All that is known of a customer: every version of its splits and of its ownership."""

    splits: tuple[Terms, ...] = ()
    ownerships: tuple[Terms, ...] = ()

    def on(self, day: date) -> Terms | None:
        """The terms that decide revenue of `day`; None while neither owner nor split is known.

        Revenue of days before the first owner goes to the first owner.
        """
        return (
            _in_force(self.splits, day)
            or _in_force(self.ownerships, day)
            or _first(self.ownerships)
            or _first(self.splits)
        )

    @property
    def separates_increment(self) -> bool:
        """Whether any version of the split tells the increment from the base."""
        return any(terms.separates_increment for terms in self.splits)


NOTHING_KNOWN = Sharing()


def _in_force(versions: Sequence[Terms], day: date) -> Terms | None:
    effective = [terms for terms in versions if terms.effective_on <= day]
    if len(effective) < 2:
        return effective[0] if effective else None
    return max(effective, key=lambda terms: (terms.version, str(terms.split_id)))


def _first(versions: Sequence[Terms]) -> Terms | None:
    return min(
        versions,
        key=lambda terms: (terms.effective_on, -terms.version, str(terms.split_id)),
        default=None,
    )
