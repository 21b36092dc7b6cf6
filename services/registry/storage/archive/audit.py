"""The log of who read or changed what: entries are added freely and sealed in batches (X-08).

An entry waits with a mark that only this service can make. Whoever finds nobody else sealing
chains the entries that were committed so far; the others go on, so no read waits for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, insert

from services.registry.domain.archive.audit import AuditAction, AuditEntry, fingerprint, written
from services.registry.domain.proof.evidence_chain import EMPTY, Entry, Head, append
from services.registry.storage import tables
from shared.crypto import CannotOpen
from shared.identifiers import new_id
from shared.work import Work

COLUMNS = (
    "e.entry_id, e.recorded_at, e.action, e.staff_code, e.unit, e.acted_by, e.customer_key,"
    " e.section, e.item, e.part_version, e.purpose, e.permission, e.details"
)
AT_ONCE = 1000
"""Entries chained or read at once, so that memory does not grow with the log."""

_WAITING = f"""
SELECT {COLUMNS}, w.mark FROM archive_audit_waiting w JOIN archive_audit e USING (entry_id)
ORDER BY e.recorded_at, e.entry_id LIMIT :limit
"""
_KEEP_CHAINED = """
INSERT INTO archive_audit_chain (position, entry_id, chained_at, previous_hash, hash)
SELECT position, entry_id, %s::timestamptz, previous_hash, hash
FROM unnest(%s::int8[], %s::uuid[], %s::text[], %s::text[])
    AS chained (position, entry_id, previous_hash, hash)
"""
_RESEAL = """
SELECT position, mark FROM archive_audit_seals WHERE sealed_with <> :newest
ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED
"""


def entry(
    work: Work, action: AuditAction, *, staff_code: str | None = None, **what: Any
) -> AuditEntry:
    """An entry about what the caller, or `staff_code` where nobody calls, does now."""
    caller = work.caller
    by = staff_code or (caller.staff_code if caller else None)
    assert by is not None, "somebody does it"
    bare = AuditEntry(
        entry_id=new_id(),
        recorded_at=work.now,
        action=action.value,
        staff_code=by,
        unit=caller.unit if caller else None,
        acted_by=caller.acted_by if caller else None,
    )
    return replace(bare, **what)


async def add(work: Work, entries: Sequence[AuditEntry]) -> None:
    """Add entries, and seal what is committed if nobody else does so at this moment."""
    if not entries:
        return
    await work.run(insert(tables.archive_audit), [_row(each) for each in entries])
    marks = [work.box.seal(fingerprint(each)) for each in entries]
    await work.bulk(
        "INSERT INTO archive_audit_waiting (entry_id, mark)"
        " SELECT * FROM unnest(%s::uuid[], %s::bytea[])",
        [each.entry_id for each in entries],
        marks,
    )
    if await work.value("SELECT pg_try_advisory_xact_lock(hashtextextended('archive audit', 0))"):
        await _seal_batch(work)


async def seal(work: Work) -> int:
    """Seal every committed entry, batch by batch; how many. Waits for who seals already."""
    await work.run("SELECT pg_advisory_xact_lock(hashtextextended('archive audit', 0))")
    total = 0
    while sealed := await _seal_batch(work):
        total += sealed
    return total


async def reseal(work: Work, limit: int) -> int:
    """Mark up to `limit` seals anew that an older key marked; how many there were.

    Entries that wait are sealed first, since their marks are of older keys too. Raises CannotOpen.
    """
    await seal(work)
    rows = await work.rows(_RESEAL, newest=work.box.newest, limit=limit)
    for row in rows:
        await work.run(
            "UPDATE archive_audit_seals SET mark = :mark, sealed_with = :newest"
            " WHERE position = :position",
            {
                "mark": work.box.reseal(bytes(row["mark"])),
                "newest": work.box.newest,
                "position": row["position"],
            },
        )
    return len(rows)


def entry_from(row: RowMapping) -> AuditEntry:
    """The entry that a row with COLUMNS says."""
    return AuditEntry(**{name.strip()[2:]: row[name.strip()[2:]] for name in COLUMNS.split(",")})


def is_genuine(work: Work, mark: bytes | memoryview, expected: bytes) -> bool:
    """Whether this service made the mark, and over just that."""
    try:
        return work.box.open(bytes(mark)) == expected
    except CannotOpen:
        return False


async def _seal_batch(work: Work) -> int:
    rows = await work.rows(_WAITING, limit=AT_ONCE)
    known = [(entry_from(row), row["mark"]) for row in rows]
    genuine = [each for each, mark in known if is_genuine(work, mark, fingerprint(each))]
    if not genuine:
        return 0  # what bears no mark of ours is never made to look like ours
    chained = _chain(await _end(work), work, genuine)
    await work.bulk(
        _KEEP_CHAINED,
        work.now,
        [each.sequence for each in chained],
        [each.entry_id for each in genuine],
        [each.previous_hash for each in chained],
        [each.hash for each in chained],
    )
    await work.run(
        insert(tables.archive_audit_seals).values(
            position=chained[-1].sequence,
            hash=chained[-1].hash,
            sealed_at=work.now,
            mark=work.box.seal(seal_text(chained[-1].sequence, chained[-1].hash)),
            sealed_with=work.box.newest,
        )
    )
    await work.bulk(
        "DELETE FROM archive_audit_waiting WHERE entry_id = ANY(%s::uuid[])",
        [each.entry_id for each in genuine],
    )
    return len(genuine)


def seal_text(position: int, hash_: str) -> bytes:
    """What a seal's mark says."""
    return f"{position}\n{hash_}".encode()


async def _end(work: Work) -> Head:
    row = await work.row(
        "SELECT position, hash FROM archive_audit_chain ORDER BY position DESC LIMIT 1"
    )
    return EMPTY if row is None else Head(row["position"], row["hash"])


def _chain(head: Head, work: Work, entries: Sequence[AuditEntry]) -> list[Entry]:
    chained: list[Entry] = []
    for each in entries:
        chained.append(append(head, work.now, written(each)))
        head = Head(chained[-1].sequence, chained[-1].hash)
    return chained


def _row(each: AuditEntry) -> Mapping[str, object]:
    fields: dict[str, object] = {
        name.strip()[2:]: getattr(each, name.strip()[2:]) for name in COLUMNS.split(",")
    }
    return {**fields, "details": dict(each.details)}
