"""What the service would say of events, found out before they are sent.

A dry run says it all; a real run sends only what the service will take, so that what it refuses
comes back in the error file and not hours later as a dead letter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import RowMapping

from shared.contracts.envelope import Enterprise, Event
from shared.importing.checks import as_fact
from shared.importing.extraction import Entry
from shared.importing.problems import Reason, RemarksFile
from shared.importing.sinks import Ready
from shared.messaging.cloudevents import Fact

if TYPE_CHECKING:
    from shared.work import Work, Works

_FATES = """
SELECT ref, event_id, state FROM kit.fates
WHERE system = :system AND type = :type AND ref = ANY(:refs)
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that people should know of an entry, which is sent all the same."""

    kind: str
    chinese: str
    english: str


Opinion = Reason | list[Remark]
"""A reason to refuse the entry, or remarks on it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event of the file and the line it stands on (0: of several lines)."""

    line: int
    fact: Fact[Event]


Look = Callable[["Work", Sequence[Said]], Awaitable[list[Opinion]]]
"""Gives an opinion of each; whatever it writes is undone. One per import: it may remember."""


class _Undo(Exception):
    """Rolls back what looking wrote."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """A batch after the look: what goes on, what was taken before, what is refused."""

    good: list[Ready]
    before: list[Ready]
    refused: list[tuple[Entry, Reason]]


class Preview:
    """Asks the service about batches of events, each in a transaction that is undone."""

    def __init__(self, works: Works, look: Look, system: str, remarks: RemarksFile) -> None:
        self._works = works
        self._look = look
        self._system = system
        self._remarks = remarks

    async def take(self, batch: Sequence[Ready]) -> Previewed:
        """What would become of the batch."""
        outcome = Previewed([], [], [])
        try:
            async with self._works.begin() as work:
                await self._judge(work, batch, outcome)
                raise _Undo
        except _Undo:
            return outcome

    async def _judge(self, work: Work, batch: Sequence[Ready], outcome: Previewed) -> None:
        new: list[Ready] = []
        fates = await self._fates(work, batch)
        for ready, fate in zip(batch, fates, strict=True):
            if fate is None:
                new.append(ready)
            elif isinstance(fate, Reason):
                outcome.refused.append((ready.entry, fate))
            else:
                outcome.before.append(ready)
        said = [self._said(work, ready) for ready in new]
        opinions = await self._look(work, said)
        for ready, opinion in zip(new, opinions, strict=True):
            if isinstance(opinion, Reason):
                continue
            outcome.good.append(ready)
            for remark in opinion:
                self._remarks.add(
                    _line(ready), _event(ready).ref, remark.kind, remark.chinese, remark.english
                )

        objected = [
            (ready, opinion)
            for ready, opinion in zip(new, opinions, strict=True)
            if isinstance(opinion, Reason)
        ]
        # What a broken import had sent may be taken while we look: then it meets itself.
        fates = await self._fates(work, [ready for ready, _ in objected])
        for (ready, reason), fate in zip(objected, fates, strict=True):
            if fate is True:
                outcome.before.append(ready)
            else:
                outcome.refused.append((ready.entry, reason))

    async def _fates(self, work: Work, batch: Sequence[Ready]) -> list[bool | Reason | None]:
        """Per entry: True if just this was taken, a reason if something else was, None if new."""
        refs: dict[str, list[str]] = {}
        for ready in batch:
            event = _event(ready)
            refs.setdefault(event.event_name, []).append(event.ref)
        held = {}
        for name, asked in refs.items():
            for row in await work.rows(_FATES, system=self._system, type=name, refs=asked):
                held[name, row["ref"]] = row
        return [
            _fate(ready, held.get((event.event_name, event.ref)))
            for ready in batch
            for event in [_event(ready)]
        ]

    def _said(self, work: Work, ready: Ready) -> Said:
        assert ready.outgoing is not None, "only events are previewed"
        return Said(_line(ready), as_fact(_event(ready), ready.outgoing, self._system, work.now))


def _event(ready: Ready) -> Enterprise:
    return cast("Enterprise", ready.entry.model)


def _line(ready: Ready) -> int:
    return ready.entry.line.number if ready.entry.line else 0


def _fate(ready: Ready, row: RowMapping | None) -> bool | Reason | None:
    if row is None or row["state"] == "refused":
        return None
    assert ready.outgoing is not None, "only events are previewed"
    if row["event_id"] == ready.outgoing.event_id:
        return True
    if row["state"] == "waiting":
        return None
    ref = _event(ready).ref
    return Reason(
        f"编号 {ref} 已以不同内容接收过", f"ref {ref} was taken before, with other content"
    )
