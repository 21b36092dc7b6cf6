"""Confidential values at rest: sealed, resealed with a new key, erased by law (R-68, R-74)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import orjson
from sqlalchemy import RowMapping

from services.registry.domain.archive.content import Secrets, without
from services.registry.domain.archive.masking import Plain
from shared.crypto import CannotOpen
from shared.errors import Conflict
from shared.identifiers import new_id
from shared.work import Work

_STALE = """
SELECT secret_id, sealed FROM archive_secrets WHERE sealed_with <> :newest
ORDER BY secret_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_RESEAL = """
UPDATE archive_secrets held SET sealed = fresh.sealed, sealed_with = %s
FROM unnest(%s::uuid[], %s::bytea[]) AS fresh (secret_id, sealed)
WHERE held.secret_id = fresh.secret_id
"""
_SEAL = """
INSERT INTO archive_secrets (secret_id, customer_key, sealed, sealed_with, erased)
SELECT secret_id, customer_key, sealed, %s::text, '{}'
FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[]) AS given (secret_id, customer_key, sealed)
"""


class SealedForUs(Conflict):
    """The key that sealed it is not among this process's keys, or the bytes were altered."""

    code = "sealed-content-unreadable"
    rule = "R-74"
    title_zh = "密封内容无法打开"
    title_en = "Sealed content cannot be opened"


async def seal(work: Work, customer_key: UUID, secrets: Secrets) -> UUID:
    """Keep `secrets` sealed with the newest key; the id under which they are kept."""
    (secret_id,) = await seal_many(work, [(customer_key, secrets)])
    return secret_id


async def seal_many(work: Work, given: Sequence[tuple[UUID, Secrets]]) -> list[UUID]:
    """As `seal`, for secrets of many customers with one statement; the ids in the same order."""
    ids = [new_id() for _ in given]
    if given:
        await work.bulk(
            _SEAL,
            work.box.newest,
            ids,
            [customer_key for customer_key, _ in given],
            [work.box.seal(orjson.dumps(dict(secrets))) for _, secrets in given],
        )
    return ids


async def value(work: Work, secret_id: UUID | None, pointer: str) -> str | None:
    """One sealed value as text; None where nothing was sealed, or the law made us erase it."""
    row = await work.row("SELECT sealed FROM archive_secrets WHERE secret_id = :id", id=secret_id)
    found = None if row is None else opened(work, row).get(pointer)
    return None if found is None else str(found)


def opened(work: Work, row: RowMapping) -> dict[str, Plain]:
    """The confidential values of a row that has `sealed`; raises SealedForUs."""
    try:
        found: dict[str, Plain] = orjson.loads(work.box.open(bytes(row["sealed"])))
    except CannotOpen as error:
        raise SealedForUs(
            "密封该内容的密钥不在本服务中，或内容被改动",
            "this service does not hold the key of this content, or the content was altered",
        ) from error
    return found


async def erase(work: Work, secret_id: UUID, pointers: Iterable[str]) -> list[str]:
    """Erase the values that `pointers` name, or all below them, for good; what was erased.

    The values leave the sealed bytes; that they were erased stays (R-68).
    """
    row = await work.row(
        "SELECT sealed, erased FROM archive_secrets WHERE secret_id = :id FOR UPDATE", id=secret_id
    )
    assert row is not None, "sealed values are never deleted"
    secrets = opened(work, row)
    kept = without(secrets, pointers)
    gone = sorted(secrets.keys() - kept.keys())
    await work.run(
        "UPDATE archive_secrets SET sealed = :sealed, sealed_with = :newest, erased = :erased"
        " WHERE secret_id = :id",
        {
            "sealed": work.box.seal(orjson.dumps(kept)),
            "newest": work.box.newest,
            "erased": sorted({*row["erased"], *gone}),
            "id": secret_id,
        },
    )
    return gone


async def reseal(work: Work, limit: int) -> int:
    """Seal up to `limit` values anew that an older key sealed; how many there were (R-74).

    Replicas share the work. Raises SealedForUs when the older key was dropped too early.
    """
    rows = await work.rows(_STALE, newest=work.box.newest, limit=limit)
    if rows:
        fresh = [_resealed(work, row) for row in rows]
        ids = [row["secret_id"] for row in rows]
        await work.bulk(_RESEAL, work.box.newest, ids, fresh)
    return len(rows)


def _resealed(work: Work, row: RowMapping) -> bytes:
    try:
        return work.box.reseal(bytes(row["sealed"]))
    except CannotOpen as error:
        raise SealedForUs(
            f"密封内容 {row['secret_id']} 的密钥不在本服务中",
            f"this service does not hold the key of {row['secret_id']}",
        ) from error
