"""Dated state: every version is kept, and the highest one that has begun holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """One version of something that holds from a day on."""

    @property
    def version(self) -> int: ...

    @property
    def from_on(self) -> date: ...


V = TypeVar("V", bound=Dated)


def valid_on(versions: Iterable[V], day: date) -> V | None:
    """What holds on `day`: the highest version with `from_on` on or before it; None before all."""
    return max(
        (version for version in versions if version.from_on <= day),
        key=lambda version: version.version,
        default=None,
    )


def turning_points(versions: Iterable[Dated], first: date, last: date) -> set[date]:
    """The days after `first`, up to `last`, on which something else may begin to hold."""
    return {version.from_on for version in versions if first < version.from_on <= last}


def next_turning_point(histories: Sequence[Iterable[Dated]], after: date) -> date | None:
    """The first day later than `after` on which any of the `histories` may change."""
    days = (version.from_on for history in histories for version in history)
    return min((day for day in days if day > after), default=None)
