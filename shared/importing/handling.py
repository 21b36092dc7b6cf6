"""Runs the rows of an import through a handler of the service, a portion at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from hashlib import blake2b
from typing import Any

from shared.importing.kinds import ImportedRow, RowKind
from shared.importing.problems import from_refusal
from shared.importing.sinks import Ready, Taken
from shared.messaging.trouble import MAY_PASS, is_transient
from shared.work import Work, Works

_TRIES = 5
_PAUSE_SECONDS = 0.5


class _Undo(Exception):
    """Rolls a dry run back."""


class Handling:
    """Batches of rows, one transaction each; a row that was done before is left alone.

    What was done is remembered in the same transaction, by system, kind and ref with the content:
    the same row again changes nothing, a changed row goes to the handler as a change.
    """

    def __init__(self, works: Works, kind: RowKind[Any], system: str) -> None:
        self._works = works
        self._kind = kind
        self._system = system

    async def take(self, batch: Sequence[Ready]) -> Taken:
        """Run a batch; transient trouble (a deadlock, a lost connection) is tried again."""
        for left in reversed(range(_TRIES)):
            try:
                async with self._works.begin() as work:
                    return await self.run(work, batch)
            except MAY_PASS as error:
                if not left or not is_transient(error):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")

    async def run(self, work: Work, batch: Sequence[Ready]) -> Taken:
        """Run a batch in `work`."""
        done = await self._done(work, batch)
        asked = [(ready.entry, _row(ready)) for ready in batch]
        new = [(entry, row) for entry, row in asked if done.get(row.ref) != _digest(row)]
        refused = await self._kind.handler(work, [row for _, row in new]) if new else {}
        accepted = [(row.ref, _digest(row)) for _, row in new if row.ref not in refused]
        await self._remember(work, accepted)
        return Taken(
            now=len(accepted),
            before=len(batch) - len(new),
            refused=[
                (entry, from_refusal(refused[row.ref])) for entry, row in new if row.ref in refused
            ],
        )

    async def _done(self, work: Work, batch: Sequence[Ready]) -> dict[str, bytes]:
        rows = await work.rows(
            "SELECT ref, digest FROM kit.imported_rows"
            " WHERE system = :system AND kind = :kind AND ref = ANY(:refs)",
            system=self._system,
            kind=self._kind.name,
            refs=[_row(ready).ref for ready in batch],
        )
        return {row["ref"]: bytes(row["digest"]) for row in rows}

    async def _remember(self, work: Work, accepted: Sequence[tuple[str, bytes]]) -> None:
        newest = dict(accepted)
        await work.bulk(
            "INSERT INTO kit.imported_rows (system, kind, ref, digest, imported_at)"
            " SELECT %s::text, %s::text, ref, digest, %s::timestamptz"
            " FROM unnest(%s::text[], %s::bytea[]) AS row (ref, digest)"
            " ON CONFLICT (system, kind, ref) DO UPDATE"
            " SET digest = excluded.digest, imported_at = excluded.imported_at",
            self._system,
            self._kind.name,
            work.now,
            sorted(newest),
            [newest[ref] for ref in sorted(newest)],
        )


class Rehearsal:
    """A dry run through the handlers: everything happens in one transaction that is undone."""

    def __init__(self, works: Works, kind: RowKind[Any], system: str) -> None:
        self._works = works
        self._handling = Handling(works, kind, system)
        self._stack = AsyncExitStack()
        self._work: Work | None = None

    async def take(self, batch: Sequence[Ready]) -> Taken:
        """Run a batch for what it would be refused for."""
        if self._work is None:
            self._work = await self._stack.enter_async_context(self._works.begin())
        taken = await self._handling.run(self._work, batch)
        taken.now = 0  # All of it is undone.
        return taken

    async def undo(self) -> None:
        """Forget all of it."""
        try:
            async with self._stack:
                raise _Undo
        except _Undo:
            pass


def _row(ready: Ready) -> ImportedRow:
    assert isinstance(ready.entry.model, ImportedRow), "a handler takes rows of its kind"
    return ready.entry.model


def _digest(row: ImportedRow) -> bytes:
    return blake2b(
        row.model_dump_json(exclude_unset=True, exclude_none=True).encode(), digest_size=16
    ).digest()
