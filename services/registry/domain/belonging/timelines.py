"""Dated versions: every one is kept, and the highest that has begun holds on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """A version that holds from a day on."""

    @property
    def version(self) -> int: ...

    @property
    def effective_on(self) -> date: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class Span(Generic[D]):
    """A version and the days on which it holds; `until_on` is the last day, None for ever."""

    held: D
    from_on: date
    until_on: date | None


def in_force(history: Sequence[D], on: date) -> D | None:
    """The version that holds on `on`: the highest with `effective_on` on or before it."""
    begun = [item for item in history if item.effective_on <= on]
    return max(begun, key=lambda item: item.version, default=None)


def spans(history: Sequence[D]) -> list[Span[D]]:
    """Which version holds from when to when, in order of days; a restated one shows no more."""
    found: list[Span[D]] = []
    for day in sorted({item.effective_on for item in history}):
        held = in_force(history, day)
        assert held is not None
        if found and found[-1].held.version == held.version:
            continue
        if found:
            before = found.pop()
            found.append(Span(before.held, before.from_on, day - timedelta(days=1)))
        found.append(Span(held, day, None))
    return found


def next_version(history: Sequence[Dated]) -> int:
    """The number of the version to come; versions count from 1."""
    return max((item.version for item in history), default=0) + 1


def restated(history: Sequence[Dated], effective_on: date, decided_on: date) -> int | None:
    """The version that a new one, effective before the day it was decided, takes the place of.

    None when it only follows the earlier ones. Where the new one begins before all others, the
    first of them.
    """
    if not history or effective_on >= decided_on:
        return None
    begun = in_force(history, effective_on)
    return (begun or min(history, key=lambda item: item.effective_on)).version
