"""Where good entries go: to the bus, through a handler, or nowhere (a dry run)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.importing.extraction import Entry
from shared.importing.problems import Reason


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event ready to be sent. Its id comes from its content, so a second run sends the same."""

    subject: str
    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """An entry that was checked; with its event if it is to be sent."""

    entry: Entry
    outgoing: Outgoing | None


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    now: int = 0
    before: int = 0
    """What an earlier run had sent or done already."""
    refused: Sequence[tuple[Entry, Reason]] = ()


class Sink(Protocol):
    """Takes batches in the order of the file."""

    async def take(self, batch: Sequence[Ready]) -> Taken:
        """Send or do all of `batch`; returns when it is safe."""
        ...


class Nowhere:
    """Counts and sends nothing."""

    async def take(self, batch: Sequence[Ready]) -> Taken:
        """Nothing happens."""
        return Taken()
