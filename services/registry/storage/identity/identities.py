"""What two customers hold, side by side, and the journal of merges (R-81)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, insert

from services.registry.domain.identity.merging import Holding, Identity
from services.registry.domain.register.closing import Matter
from services.registry.domain.register.customers import CustomerState
from services.registry.storage import reports, tables
from services.registry.storage.register import matters
from services.registry.storage.register.customers import UnknownCustomer
from shared.errors import NotFound
from shared.work import Work

_DECIDED = (
    *("contracts", "declarations", "documents", "disputes", "change_applications"),
    *("quality_flags", "former_names", "customer_moves", "customer_changes"),
    *("customer_types", "base_agreements", "routings", "marketing_requests"),
    *("archive_versions", "archive_requests", "archive_assets", "archive_loans"),
    *("manager_assignments", "handover_lines", "rotations"),
    *("recognitions", "government_profiles", "interests", "credit_problems"),
)
_FLOWING = ("contacts", "visit_places", "revenue_places", "contact_marks", "notices")
"""What comes in by itself every day: a preview does not go stale by it."""
COUNTED = (*_DECIDED, *_FLOWING)
"""What is counted on both sides of a preview, besides what is shown of it."""
_COUNTS = ", ".join(
    f"'{name}', (SELECT count(*) FROM {name} each WHERE each.customer_key = c.customer_key)"
    for name in COUNTED
)
_HOLDINGS = f"""
SELECT c.customer_key, c.name, c.short_name, c.customer_id, c.unified_credit_code,
       c.head_office_key, c.version, {reports.STATE} AS state,
       coalesce({reports.OWNED_BY}, c.declaring_unit) AS owner_unit,
       (SELECT jsonb_agg(system || ':' || code ORDER BY system, code) FROM customer_codes held
        WHERE held.customer_key = c.customer_key) AS codes,
       (SELECT jsonb_agg(contract_id ORDER BY contract_id) FROM contracts held
        WHERE held.customer_key = c.customer_key) AS contracts,
       m.a_staff_code, m.b_staff_code,
       (SELECT count(*) FROM declarations d WHERE d.customer_key = c.customer_key
            AND d.state = 'submitted') AS pending_declarations,
       (SELECT count(*) FROM customers b WHERE b.head_office_key = c.customer_key) AS branches,
       coalesce((SELECT root FROM kit.identities known
                 WHERE known.customer_key = c.customer_key), c.customer_key) AS root,
       jsonb_build_object({_COUNTS}) AS counts
FROM customers c LEFT JOIN managers m ON m.customer_key = c.customer_key
WHERE c.customer_key = ANY(:keys)
"""
_SHOWN = (
    *("customer_id", "name", "short_name", "state", "unified_credit_code", "owner_unit"),
    *("a_staff_code", "b_staff_code", "pending_declarations", "branches"),
)


class UnknownMerge(NotFound):
    """No such merge, or none that the caller may know of."""

    code = "unknown-merge"
    rule = "R-81"
    title_zh = "合并不存在"
    title_en = "Unknown merge"


@dataclass(frozen=True, slots=True)
class Preview:
    """What both hold; `stamp` is another one as soon as anything of it has changed."""

    merged: Holding
    survivor: Holding
    sides: Mapping[str, Mapping[str, Any]]
    stamp: str


async def preview(work: Work, merged: UUID, survivor: UUID) -> Preview:
    """The two side by side, as of `work.today`. Raises UnknownCustomer."""
    rows = {
        row["customer_key"]: row
        for row in await work.rows(_HOLDINGS, keys=[merged, survivor], today=work.today)
    }
    for key in (merged, survivor):
        if key not in rows:
            raise UnknownCustomer(f"没有客户 {key}", f"there is no customer {key}")
    open_of = {key: await matters.under_way(work, [key]) for key in (merged, survivor)}
    sides = {
        "merged": _side(rows[merged], open_of[merged]),
        "survivor": _side(rows[survivor], open_of[survivor]),
    }
    return Preview(
        merged=_holding(rows[merged], open_of[merged]),
        survivor=_holding(rows[survivor], open_of[survivor]),
        sides=sides,
        stamp=_stamp(sides, [rows[merged]["version"], rows[survivor]["version"]]),
    )


async def take_turns(work: Work) -> None:
    """Let no other merge be decided until this one is: chains of others must not change either."""
    await work.run("SELECT pg_advisory_xact_lock(hashtextextended('kit.identities', 0))")


async def history(work: Work, customer_key: UUID) -> list[Identity]:
    """The journal of one customer, the oldest entry first."""
    rows = await work.rows(
        'SELECT customer_key, version, survivor, merge_id, "on", by, reason FROM identities'
        " WHERE customer_key = :key ORDER BY version",
        key=customer_key,
    )
    return [Identity(**row) for row in rows]


async def add(work: Work, identity: Identity, sides: Mapping[str, Mapping[str, Any]]) -> None:
    """Write an entry, with what both held when it was decided."""
    await work.run(
        insert(tables.identities).values(
            customer_key=identity.customer_key,
            version=identity.version,
            survivor=identity.survivor,
            merge_id=identity.merge_id,
            on=identity.on,
            by=identity.by,
            reason=identity.reason,
            preview=sides,
            recorded_at=work.now,
        )
    )


async def merged_by(work: Work, merge_id: UUID) -> UUID | None:
    """The customer that a merge made part of another; None for an unknown merge."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM identities WHERE merge_id = :id LIMIT 1", id=merge_id
    )
    return key


def _stamp(sides: Mapping[str, Mapping[str, Any]], versions: Sequence[int]) -> str:
    decided = [
        {**side, "counts": {name: side["counts"][name] for name in _DECIDED}}
        for side in sides.values()
    ]
    written = orjson.dumps([decided, versions], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(written, digest_size=16).hexdigest()


def _side(row: RowMapping, under_way: Mapping[Matter, Sequence[UUID]]) -> dict[str, Any]:
    shown = {name: row[name] for name in _SHOWN}
    return {
        "customer_key": str(row["customer_key"]),
        **shown,
        "codes": row["codes"] or [],
        "contracts": row["contracts"] or [],
        "open_disputes": len(under_way.get(Matter.DISPUTES, ())),
        "under_way": {each.value: [str(id_) for id_ in ids] for each, ids in under_way.items()},
        "counts": row["counts"],
    }


def _holding(row: RowMapping, under_way: Mapping[Matter, Sequence[UUID]]) -> Holding:
    return Holding(
        customer_key=row["customer_key"],
        name=row["name"],
        state=CustomerState(row["state"]),
        customer_id=row["customer_id"],
        unified_credit_code=row["unified_credit_code"],
        head_office_key=row["head_office_key"],
        owner_unit=row["owner_unit"],
        managers=(row["a_staff_code"], row["b_staff_code"]),
        pending_declarations=row["pending_declarations"],
        branches=row["branches"],
        under_way=under_way,
        root=row["root"],
    )
