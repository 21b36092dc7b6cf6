"""Verifications of trip records, and every call that was made for one (E-26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.engagement.domain.visits.verification import Verdict, Verification
from services.engagement.storage import tables
from shared.identifiers import derived_id
from shared.work import Work


@dataclass(frozen=True)
class KeptVerification:
    """A verification with where it belongs; `reported_on` is the day its deadline counts from."""

    verification_id: UUID
    customer_key: UUID
    reported_on: date
    verification: Verification
    verified_by: str | None = None
    verified_at: datetime | None = None
    version: int = 1


def verification_id(visit_id: UUID) -> UUID:
    """The ID of the verification of a visit."""
    return derived_id("verification", visit_id)


async def add(work: Work, verifications: Sequence[KeptVerification]) -> None:
    """Keep new verifications."""
    if verifications:
        await work.run(insert(tables.verifications), [_row(kept) for kept in verifications])


async def of_visit(work: Work, visit_id: UUID) -> KeptVerification | None:
    """The verification of a visit, locked; None if the visit leaves no trip record."""
    row = await work.row(
        "SELECT * FROM verifications WHERE visit_id = :visit_id FOR UPDATE", visit_id=visit_id
    )
    return _kept(row) if row else None


async def provisional(work: Work) -> list[KeptVerification]:
    """Those still open whose deadline was counted on a calendar not announced; locked."""
    rows = await work.rows(
        "SELECT * FROM verifications WHERE is_provisional AND verdict IS NULL"
        " ORDER BY verification_id FOR UPDATE SKIP LOCKED"
    )
    return [_kept(row) for row in rows]


async def save(work: Work, kept: KeptVerification) -> None:
    """Keep the verification as it is now; it is locked."""
    await work.run(
        "UPDATE verifications SET due_on = :due_on, is_provisional = :is_provisional,"
        " attempts = :attempts, verdict = :verdict, verified_by = :verified_by,"
        " verified_at = :verified_at, version = :version"
        " WHERE verification_id = :verification_id",
        _row(kept),
    )


async def add_call(
    work: Work, kept: KeptVerification, found: Verdict, note: str, called_at: datetime, by: str
) -> None:
    """Keep one call; what was said is sealed."""
    await work.run(
        insert(tables.verification_calls),
        [
            {
                "verification_id": kept.verification_id,
                "number": kept.verification.attempts,
                "found": found.value,
                "note": work.box.seal(note.encode()) if note else None,
                "called_by": by,
                "called_at": called_at,
                "recorded_at": work.now,
            }
        ],
    )


def _row(kept: KeptVerification) -> dict[str, Any]:
    check = kept.verification
    return {
        "verification_id": kept.verification_id,
        "visit_id": check.visit_id,
        "customer_key": kept.customer_key,
        "reported_on": kept.reported_on,
        "due_on": check.due_on,
        "is_provisional": check.is_provisional,
        "attempts": check.attempts,
        "verdict": check.verdict.value if check.verdict else None,
        "verified_by": kept.verified_by,
        "verified_at": kept.verified_at,
        "version": kept.version,
    }


def _kept(row: Any) -> KeptVerification:
    return KeptVerification(
        verification_id=row["verification_id"],
        customer_key=row["customer_key"],
        reported_on=row["reported_on"],
        verification=Verification(
            visit_id=row["visit_id"],
            due_on=row["due_on"],
            is_provisional=row["is_provisional"],
            attempts=row["attempts"],
            verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        ),
        verified_by=row["verified_by"],
        verified_at=row["verified_at"],
        version=row["version"],
    )
