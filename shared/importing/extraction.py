"""From the lines of a file to events (or rows of a handler), one by one or group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from shared.importing.gathering import Sum
from shared.importing.plan import EventPlan, Plan
from shared.importing.problems import Reason, from_value_error, wrong_width
from shared.importing.sources import Line, Source

NOTHING_APPLIES = "没有适用的事件 / becomes no event"

Key = tuple[str, ...]
OnBad = Callable[[Line, Sequence[Reason]], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event or row that is good so far, and where it came from."""

    event: str
    model: BaseModel
    line: Line | None
    """The line, if it is one line's; None for a group's and for a row of the mapping itself."""
    key: Key | None
    """The group, if it is a group's."""
    exact: dict[str, Decimal]
    """Calculated fields before they were rounded."""


@dataclass(slots=True)
class _Group:
    """What is kept of one group while the file is read: little, however many lines it has."""

    kept: list[list[Any] | None]
    """Per event of the plan; None where the event does not apply."""
    order: datetime | None
    problem: Reason | None = None
    line_of_problem: int = 0


@dataclass(slots=True)
class Extraction:
    """One pass over a file; what is wrong goes to `on_bad`, whole groups together.

    A group with one bad line is bad as a whole: half an invoice would be a wrong amount under the
    invoice's number. Its lines are written by `finish`, which reads the file again.
    """

    plan: Plan
    source: Source
    on_bad: OnBad
    lines_read: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    _bad_groups: dict[Key, list[Reason]] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """What is good, in the order of the file (of each group's first line)."""
        for model in self.plan.extra:
            yield Entry(self.plan.events[0].name, model, None, None, {})
        if self.plan.group_by:
            yield from self._grouped()
        else:
            for line in self._wanted():
                yield from self._single(line)

    def refuse(self, entry: Entry, reasons: Sequence[Reason]) -> None:
        """Something later found that `entry` is not good after all."""
        if entry.line is not None:
            self.on_bad(entry.line, reasons)
        elif entry.key is not None:
            self._bad_groups.setdefault(entry.key, list(reasons))
        else:
            self.on_bad(Line(0, []), reasons)

    def finish(self) -> None:
        """Report the lines of bad groups, in one more pass if there are any."""
        if not self._bad_groups:
            return
        for line in self.source.lines():
            key = self._key(line)
            if key in self._bad_groups and self._reason_to_set_aside(line) is None:
                self.on_bad(line, self._bad_groups[key])

    def _wanted(self) -> Iterator[Line]:
        """The lines that are not set aside and have a cell for every column."""
        for line in self.source.lines():
            self.lines_read += 1
            if len(line.cells) != self.plan.width:
                self._refuse_width(line)
                continue
            reason = self._reason_to_set_aside(line)
            if reason is not None:
                self.set_aside[reason] += 1
                continue
            yield line

    def _refuse_width(self, line: Line) -> None:
        reason = wrong_width(len(line.cells), self.plan.width)
        key = self._key(line)
        if self.plan.group_by and key is not None:
            self._bad_groups.setdefault(key, [_in_line(reason, line.number)])
        else:
            self.on_bad(line, [reason])

    def _reason_to_set_aside(self, line: Line) -> str | None:
        if len(line.cells) != self.plan.width:
            return None
        return next((why for test, why in self.plan.set_aside if test.holds(line.cells)), None)

    def _key(self, line: Line) -> Key | None:
        if max(self.plan.group_by, default=0) >= len(line.cells):
            return None
        return tuple(line.cells[position] for position in self.plan.group_by)

    def _single(self, line: Line) -> Iterator[Entry]:
        applying = [event for event in self.plan.events if event.applies(line.cells)]
        if not applying:
            self.set_aside[NOTHING_APPLIES] += 1
        built = []
        for event in applying:
            kept = event.start(line.cells)
            if isinstance(kept, Reason):
                self.on_bad(line, [kept])
                return
            outcome = event.build(kept)
            if isinstance(outcome, list):
                self.on_bad(line, outcome)
                return
            built.append(Entry(event.name, outcome, line, None, _exact(event, kept)))
        yield from built

    def _grouped(self) -> Iterator[Entry]:
        groups: dict[Key, _Group] = {}
        for line in self._wanted():
            key = self._key(line)
            assert key is not None, "a line of full width has every column of its group"
            group = groups.get(key)
            if group is None:
                groups[key] = self._open(line)
            elif group.problem is None:
                self._extend(group, line)
        for key, group in groups.items():
            if group.problem is not None:
                self._bad_groups.setdefault(key, [_in_line(group.problem, group.line_of_problem)])
            if key not in self._bad_groups:
                yield from self._close(key, group)

    def _open(self, line: Line) -> _Group:
        group = _Group([], None)
        try:
            group.order = self._order(line)
        except ValueError as error:
            self._spoil(group, line, error)
        for event in self.plan.events:
            kept = event.start(line.cells) if event.applies(line.cells) else None
            if isinstance(kept, Reason):
                group.problem, group.line_of_problem = kept, line.number
                kept = None
            group.kept.append(kept)
        return group

    def _extend(self, group: _Group, line: Line) -> None:
        try:
            order = self._order(line)
        except ValueError as error:
            self._spoil(group, line, error)
            return
        is_first = order is not None and (group.order is None or order < group.order)
        if is_first:
            group.order = order
        for index, event in enumerate(self.plan.events):
            had = group.kept[index]
            if had is None:
                continue
            kept = event.add(had, line.cells, is_first=is_first)
            if isinstance(kept, Reason):
                group.problem, group.line_of_problem = kept, line.number
                return
            group.kept[index] = kept

    def _spoil(self, group: _Group, line: Line, error: ValueError) -> None:
        assert self.plan.order is not None, "only the order of the group raises"
        group.problem = from_value_error(error, self.plan.order.column, self.plan.order.name)
        group.line_of_problem = line.number

    def _close(self, key: Key, group: _Group) -> Iterator[Entry]:
        built = []
        for event, kept in zip(self.plan.events, group.kept, strict=True):
            if kept is None:
                continue
            outcome = event.build(kept)
            if isinstance(outcome, list):
                self._bad_groups[key] = outcome
                return
            built.append(Entry(event.name, outcome, None, key, _exact(event, kept)))
        if not built:
            self.set_aside[NOTHING_APPLIES] += 1
        yield from built

    def _order(self, line: Line) -> datetime | None:
        order = self.plan.order
        if order is None:
            return None
        found = order.gathering.value(order.gathering.start(line.cells))
        return found if isinstance(found, datetime) else None


def _exact(event: EventPlan, kept: list[Any]) -> dict[str, Decimal]:
    return {
        plan.name: value
        for plan, value in zip(event.fields, kept, strict=True)
        if isinstance(plan.gathering, Sum)
    }


def _in_line(reason: Reason, number: int) -> Reason:
    """A reason for all lines of a group, saying which of them it is about."""
    return Reason(
        f"第 {number} 行：{reason.chinese}", f"line {number}: {reason.english}", reason.column
    )
