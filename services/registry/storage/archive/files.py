"""The file of each key account: opened once, its custodian and when it was updated (R-60, R-69)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.archive.files import ArchiveFile
from services.registry.domain.archive.parts.fields import Section
from services.registry.storage import tables
from shared.identifiers import new_id
from shared.work import Work

_OPEN = """
INSERT INTO archives (customer_key, opened_on, version, recorded_at)
VALUES (:key, :on, 1, :now) ON CONFLICT DO NOTHING
"""
_OPEN_MISSING = """
INSERT INTO archives (customer_key, opened_on, version, recorded_at)
SELECT customer_key, :on, 1, :now FROM customers c
WHERE c.approved_on <= :on AND c.closed_on IS NULL
    AND NOT EXISTS (SELECT FROM archives a WHERE a.customer_key = c.customer_key)
ORDER BY customer_key ON CONFLICT DO NOTHING
"""


async def opened(work: Work, customer_key: UUID, on: date) -> ArchiveFile:
    """The file, opened on `on` if there was none (R-60); locked until the work ends."""
    await work.run(_OPEN, {"key": customer_key, "on": on, "now": work.now})
    row = await work.row(
        "SELECT customer_key, opened_on, updated_on, custodian, version FROM archives"
        " WHERE customer_key = :key FOR UPDATE",
        key=customer_key,
    )
    assert row is not None, "it was opened a moment ago"
    return ArchiveFile(**row)


async def open_missing(work: Work, on: date) -> int:
    """Open a file for every approved customer that has none; how many (R-60)."""
    return (await work.run(_OPEN_MISSING, {"on": on, "now": work.now})).rowcount


async def custodian_of(work: Work, customer_key: UUID) -> str | None:
    """Who keeps the archive; None while nobody does."""
    found: str | None = await work.value(
        "SELECT custodian FROM archives WHERE customer_key = :key", key=customer_key
    )
    return found


async def save(work: Work, file: ArchiveFile) -> None:
    """Give the file, which must be loaded, its newest state."""
    await work.run(
        "UPDATE archives SET updated_on = :updated_on, custodian = :custodian,"
        " version = :version, recorded_at = :now WHERE customer_key = :key",
        {
            "updated_on": file.updated_on,
            "custodian": file.custodian,
            "version": file.version,
            "now": work.now,
            "key": file.customer_key,
        },
    )


async def note_custodian(
    work: Work, file: ArchiveFile, on: date, appointed_by: str, reason: str
) -> None:
    """Write into the history who keeps the archive from a day on."""
    await work.run(
        insert(tables.archive_custodians).values(
            customer_key=file.customer_key,
            version=file.version,
            custodian=file.custodian,
            on=on,
            reason=reason,
            appointed_by=appointed_by,
            recorded_at=work.now,
        )
    )


async def add_confirmation(
    work: Work, customer_key: UUID, section: Section, version: int, on: date, by: str
) -> None:
    """Add that somebody found a part correct on a day (R-69)."""
    await work.run(
        insert(tables.archive_confirmations).values(
            confirmation_id=new_id(),
            customer_key=customer_key,
            section=section.value,
            version=version,
            on=on,
            confirmed_by=by,
            recorded_at=work.now,
        )
    )


async def units_in_sight(work: Work, customer_key: UUID) -> list[str]:
    """The units that may see the customer's archive today, sorted."""
    rows = await work.rows(
        "SELECT DISTINCT unit FROM kit.grants WHERE customer_key = :key AND aspect = 'archive'"
        " AND from_on <= :today AND coalesce(until_on, :today) >= :today ORDER BY unit",
        key=customer_key,
        today=work.today,
    )
    return [row["unit"] for row in rows]
