"""Flags on data that could not be taken as it came, and how each was resolved (X-11)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.register.quality import (
    Flag,
    FlagFinding,
    FlaggedField,
    KeptFlag,
    Resolution,
    behind_mask,
    is_confidential,
)
from services.registry.storage import tables
from services.registry.storage.archive import audit, vault
from shared.errors import NotFound
from shared.identifiers import new_id
from shared.work import Work

_ADD = """
INSERT INTO quality_flags
    (flag_id, customer_key, field, finding, said, kept, said_secret, system, ref, recorded_at)
SELECT *, %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[],
                                      %s::text[], %s::uuid[], %s::text[], %s::text[])
"""
_FLAGS = """
SELECT f.*, EXISTS (SELECT FROM flag_resolutions r WHERE r.flag_id = f.flag_id) AS is_resolved
FROM quality_flags f WHERE f.customer_key = :key
"""
_SAID = "/said"
Source = tuple[str, str | None]
"""The system and ref that said it."""


class UnknownFlag(NotFound):
    """The customer has no such flag."""

    code = "unknown-flag"
    title_zh = "标记不存在"
    title_en = "Unknown flag"


async def add(work: Work, flags: Sequence[tuple[UUID, Flag, Source]]) -> None:
    """Flag customers: (customer, flag, who said it). What is confidential is sealed (R-74)."""
    if not flags:
        return
    sealed = [place for place, (_, flag, _) in enumerate(flags) if is_confidential(flag)]
    secrets = await vault.seal_many(
        work, [(flags[place][0], {_SAID: flags[place][1].said}) for place in sealed]
    )
    secret_of = dict(zip(sealed, secrets, strict=True))
    flags = [(key, behind_mask(flag), source) for key, flag, source in flags]
    await work.bulk(
        _ADD,
        work.now,
        [new_id() for _ in flags],
        [key for key, _, _ in flags],
        [flag.field.value for _, flag, _ in flags],
        [flag.finding.value for _, flag, _ in flags],
        [flag.said for _, flag, _ in flags],
        [flag.kept for _, flag, _ in flags],
        [secret_of.get(place) for place in range(len(flags))],
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


async def read_said(work: Work, customer_key: UUID, flag_id: UUID, purpose: str) -> str:
    """What came, whole; that the caller read it, and why, is logged (R-73, X-08).

    Raises UnknownFlag, SealedForUs.
    """
    kept = await load(work, customer_key, flag_id)
    secret = await work.value(
        "SELECT said_secret FROM quality_flags WHERE flag_id = :flag", flag=flag_id
    )
    entry = audit.entry(
        work,
        AuditAction.READ,
        customer_key=customer_key,
        section="flags",
        item=kept.flag.field.value,
        purpose=purpose,
    )
    await audit.add(work, [entry])
    return kept.flag.said if secret is None else await vault.value(work, secret, _SAID) or ""


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
