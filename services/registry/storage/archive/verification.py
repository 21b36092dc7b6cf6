"""Whether the log of archives is as it was written, and how far it is sealed (X-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping

from services.registry.domain.archive.audit import AuditReport, StrangeEntry, fingerprint, written
from services.registry.domain.proof.chain_verification import ChainReport, Verification
from services.registry.domain.proof.evidence_chain import EMPTY, Entry, Head, canonical
from services.registry.storage.archive.audit import (
    AT_ONCE,
    COLUMNS,
    entry_from,
    is_genuine,
    seal_text,
)
from shared.work import Work

_PAGE = f"""
SELECT c.position, c.chained_at, c.previous_hash, c.hash, {COLUMNS},
       s.position AS seal, s.hash AS sealed_hash, s.mark
FROM archive_audit_chain c LEFT JOIN archive_audit e USING (entry_id)
LEFT JOIN archive_audit_seals s USING (position)
WHERE c.position > :after ORDER BY c.position LIMIT :limit
"""
_LAST_SEAL = """
SELECT position, hash, sealed_at FROM archive_audit_seals ORDER BY position DESC LIMIT 1
"""
_OUTSIDE = f"""
SELECT w.entry_id AS waiting, w.mark, {COLUMNS}
FROM archive_audit_waiting w FULL JOIN archive_audit e USING (entry_id)
WHERE w.entry_id IS NOT NULL
    OR NOT EXISTS (SELECT FROM archive_audit_chain c WHERE c.entry_id = e.entry_id)
ORDER BY 1
"""


async def verify(work: Work, noted: Sequence[Head] = ()) -> AuditReport:
    """Check every sealed entry, every seal and every entry that waits (X-08).

    Finds what was changed, dropped, moved or added, and a chain that was written anew without the
    key. `noted` are ends that were written down outside: a log that was cut back and went on
    differently does not meet them. What is added and dropped again between two seals nobody finds.
    """
    verification, after = Verification(noted), 0
    while page := await work.rows(_PAGE, after=after, limit=AT_ONCE):
        after = page[-1]["position"]
        for row in page:
            _check(work, verification, row)
    last = await work.row(_LAST_SEAL)
    chain = verification.finish(EMPTY if last is None else Head(last["position"], last["hash"]))
    return await _outside(work, chain, None if last is None else last["sealed_at"])


def _check(work: Work, verification: Verification, row: RowMapping) -> None:
    position = row["position"]
    if row["action"] is None:
        verification.fault(position, "对应的记录缺失", "its entry is missing")
        payload = ""
    else:
        payload = canonical(written(entry_from(row)))
    verification.take(
        Entry(position, row["chained_at"], payload, row["previous_hash"], row["hash"])
    )
    if row["seal"] is None:
        return
    is_ours = is_genuine(work, row["mark"], seal_text(position, row["hash"]))
    if row["sealed_hash"] != row["hash"] or not is_ours:
        verification.fault(position, "封印不实", "its seal is not ours")


async def _outside(work: Work, chain: ChainReport, sealed_at: datetime | None) -> AuditReport:
    """What no chain holds: each entry has to wait with a mark of ours."""
    rows = await work.rows(_OUTSIDE)
    judged = [(row, _strange(work, row)) for row in rows]
    waiting = [row["recorded_at"] for row, strange in judged if strange is None]
    return AuditReport(
        chain=chain,
        sealed_at=sealed_at,
        unsealed=len(waiting),
        oldest_unsealed_at=min(waiting, default=None),
        strange=tuple(strange for _, strange in judged if strange is not None),
    )


def _strange(work: Work, row: RowMapping) -> StrangeEntry | None:
    if row["action"] is None:
        return StrangeEntry(row["waiting"], "待封记录缺失", "waited for its seal and is missing")
    if row["waiting"] is None:
        return StrangeEntry(row["entry_id"], "不在链上也不待封", "stands outside the chain")
    if not is_genuine(work, row["mark"], fingerprint(entry_from(row))):
        return StrangeEntry(row["entry_id"], "非本服务所写或被改动", "bears no mark of ours")
    return None
