"""Flags on data that could not be taken as it came, and how each was resolved (X-11)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.register.quality import (
    Flag,
    FlagFinding,
    FlaggedField,
    KeptFlag,
    Resolution,
)
from services.registry.storage import tables
from shared.errors import NotFound
from shared.identifiers import new_id
from shared.work import Work

_ADD = """
INSERT INTO quality_flags
    (flag_id, customer_key, field, finding, said, kept, system, ref, recorded_at)
SELECT *, %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[],
                                      %s::text[], %s::text[], %s::text[])
"""
_FLAGS = """
SELECT f.*, EXISTS (SELECT FROM flag_resolutions r WHERE r.flag_id = f.flag_id) AS is_resolved
FROM quality_flags f WHERE f.customer_key = :key
"""
Source = tuple[str, str | None]
"""The system and ref that said it."""


class UnknownFlag(NotFound):
    """The customer has no such flag."""

    code = "unknown-flag"
    title_zh = "标记不存在"
    title_en = "Unknown flag"


async def add(work: Work, flags: Sequence[tuple[UUID, Flag, Source]]) -> None:
    """Flag customers: (customer, flag, who said it)."""
    if not flags:
        return
    await work.bulk(
        _ADD,
        work.now,
        [new_id() for _ in flags],
        [key for key, _, _ in flags],
        [flag.field.value for _, flag, _ in flags],
        [flag.finding.value for _, flag, _ in flags],
        [flag.said for _, flag, _ in flags],
        [flag.kept for _, flag, _ in flags],
        [system for _, _, (system, _) in flags],
        [ref for _, _, (_, ref) in flags],
    )


async def load(work: Work, customer_key: UUID, flag_id: UUID) -> KeptFlag:
    """A flag of the customer, whose row must be held; raises UnknownFlag."""
    row = await work.row(f"{_FLAGS} AND f.flag_id = :flag", key=customer_key, flag=flag_id)
    if row is None:
        raise UnknownFlag(
            f"客户没有标记 {flag_id}", f"the customer has no flag {flag_id}", flag_id=str(flag_id)
        )
    return _flag(row)


async def open_flags(work: Work, customer_key: UUID) -> list[KeptFlag]:
    """The flags of the customer that nobody resolved yet, the oldest first."""
    rows = await work.rows(f"{_FLAGS} ORDER BY f.recorded_at, f.flag_id", key=customer_key)
    return [_flag(row) for row in rows if not row["is_resolved"]]


async def keep(work: Work, resolution: Resolution) -> None:
    """Keep how a flag was resolved; the flag itself stays."""
    await work.run(
        insert(tables.flag_resolutions).values(
            flag_id=resolution.flag_id,
            customer_key=resolution.customer_key,
            outcome=resolution.outcome.value,
            value=resolution.value,
            reason=resolution.reason,
            on=resolution.on,
            resolved_by=resolution.resolved_by,
            recorded_at=work.now,
        )
    )


def _flag(row: RowMapping) -> KeptFlag:
    said = Flag(FlaggedField(row["field"]), FlagFinding(row["finding"]), row["said"], row["kept"])
    return KeptFlag(row["flag_id"], row["customer_key"], said, row["is_resolved"])
