"""Whether the log of archives is as it was written, and how far it is sealed (X-08)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.archive.audit import AuditReport, fingerprint, written
from services.registry.domain.proof.evidence_chain import (
    EMPTY,
    Entry,
    Head,
    Verification,
    canonical,
)
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


async def verify(work: Work, noted: Head | None = None) -> AuditReport:
    """Check every sealed entry, every seal and every entry that waits; the first fault is told.

    Finds an entry that was changed, dropped, moved or added, and a chain that was written anew
    without the key. `noted` is an end that somebody wrote down earlier: a log that was cut back
    and went on differently no longer has it. What was added and dropped again between two seals
    nobody can find.
    """
    verification, seals, after = Verification(), 0, 0
    fault_of_noted = noted is not None and noted.sequence > 0
    while page := await work.rows(_PAGE, after=after, limit=AT_ONCE):
        after = page[-1]["position"]
        for row in page:
            if not _agrees(work, verification, row):
                break
            seals += row["seal"] is not None
            if noted is not None and row["position"] == noted.sequence:
                fault_of_noted = row["hash"] != noted.hash
        else:
            continue
        break
    if fault_of_noted and noted is not None:
        verification.fault(noted.sequence, "与所记下的末尾不符", "differs from the end noted down")
    last = await work.row(_LAST_SEAL)
    report = verification.finish(EMPTY if last is None else Head(last["position"], last["hash"]))
    found = AuditReport(
        sealed=report.entries,
        head=report.head,
        sealed_at=None if last is None else last["sealed_at"],
        unsealed=0,
        broken_at=report.broken_at,
        reason_zh=report.reason_zh,
        reason_en=report.reason_en,
    )
    return await _outside(work, found)


def _agrees(work: Work, verification: Verification, row: RowMapping) -> bool:
    position = row["position"]
    if row["action"] is None:
        verification.fault(position, "缺少记录", "an entry is missing")
        return False
    payload = canonical(written(entry_from(row)))
    entry = Entry(position, row["chained_at"], payload, row["previous_hash"], row["hash"])
    if not verification.take(entry):
        return False
    if row["seal"] is None:
        return True
    is_ours = is_genuine(work, row["mark"], seal_text(position, row["hash"]))
    if row["sealed_hash"] != row["hash"] or not is_ours:
        verification.fault(position, "封印不实", "the seal is not ours")
        return False
    return True


async def _outside(work: Work, report: AuditReport) -> AuditReport:
    """Entries that no chain holds: each has to wait with a mark of ours."""
    unsealed, strange, zh, en = 0, None, "", ""
    for row in await work.rows(_OUTSIDE):
        if row["action"] is None:
            found: UUID = row["waiting"]
            zh, en = "待封记录缺失", "an entry that waits for its seal is missing"
        elif row["waiting"] is None:
            found, zh, en = row["entry_id"], "记录不在链上", "an entry stands outside the chain"
        elif not is_genuine(work, row["mark"], fingerprint(entry_from(row))):
            found, zh, en = row["entry_id"], "记录非本服务所写", "an entry bears no mark of ours"
        else:
            unsealed += 1
            continue
        strange = found
        break
    if strange is None or report.broken_at is not None:
        return replace(report, unsealed=unsealed)
    return replace(report, unsealed=unsealed, strange=strange, reason_zh=zh, reason_en=en)
