"""Where the managers of a customer worked while they managed it: those units see the customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ..belonging.scope import Presence
from ..belonging.timelines import spans
from ..centres.staff import PublishedStaff, StaffState
from .managers import Assignment


def people_of(assignments: Iterable[Assignment]) -> set[str]:
    """Everybody who ever was A or B."""
    return {code for each in assignments for code in (each.a, each.b) if code is not None}


def presences_of(
    assignments: Sequence[Assignment], moves: Mapping[str, Sequence[PublishedStaff]]
) -> list[Presence]:
    """The units of A and B for as long as they were; a move takes the sight along (R-48).

    Whoever left brings nobody sight any more (R-52).

    `moves` holds the published states of everybody in `people_of`.
    """
    ordered = sorted(assignments, key=lambda each: (each.on, each.sequence))
    found: list[Presence] = []
    for place, each in enumerate(ordered, start=1):
        following = ordered[place].on if place < len(ordered) else None
        ends = None if following is None else following - timedelta(days=1)
        if ends is not None and ends < each.on:
            continue
        for code in sorted({each.a, each.b} - {None}, key=str):
            found.extend(_units(moves.get(str(code), ()), each.on, ends))
    return found


def _units(
    states: Sequence[PublishedStaff], from_on: date, until_on: date | None
) -> list[Presence]:
    found = []
    for span in spans(states):
        begins = max(span.from_on, from_on)
        ends = min((day for day in (span.until_on, until_on) if day is not None), default=None)
        is_here = span.held.member.state is StaffState.ACTIVE
        if is_here and (ends is None or begins <= ends):
            found.append(Presence(span.held.member.unit, begins, ends))
    return found
