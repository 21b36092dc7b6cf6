"""Tiers: every version, effective-dated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import orjson
from sqlalchemy import RowMapping

from services.tiering.domain.tiers.tiers import Tier
from services.tiering.domain.tiers.transitions import Standing
from shared.work import Work

COLUMNS = """
customer_key, scheme, version, scheme_version, before, after, rank, is_above_range, is_override,
effective_on, decided_by, proposal_id, score_id, governs, policy_name, policy_version, as_of,
supersedes
"""
_NAMES = [name.strip() for name in COLUMNS.split(",")]
_INSERT = f"""
INSERT INTO tiers ({COLUMNS}, recorded_at)
SELECT {", ".join("governs::jsonb" if name == "governs" else name for name in _NAMES)},
    %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::int4[], %s::int4[], %s::text[], %s::text[], %s::int4[],
            %s::bool[], %s::bool[], %s::date[], %s::text[], %s::uuid[], %s::uuid[], %s::text[],
            %s::text[], %s::int4[], %s::date[], %s::int4[]) AS given ({COLUMNS})
"""
_NEWEST = f"""
SELECT DISTINCT ON (customer_key, scheme) {COLUMNS} FROM tiers
WHERE (customer_key, scheme) IN
    (SELECT * FROM unnest(CAST(:keys AS uuid[]), CAST(:schemes AS text[])))
ORDER BY customer_key, scheme, version DESC
"""


async def add(work: Work, tiers: Sequence[Tier]) -> None:
    """Keep new versions of tiers."""
    if not tiers:
        return
    ordered = sorted(tiers, key=lambda tier: (tier.customer_key, tier.scheme, tier.version))
    columns = [[_stored(getattr(tier, name)) for tier in ordered] for name in _NAMES]
    await work.bulk(_INSERT, work.now, *columns)


async def newest(work: Work, pairs: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Tier]:
    """The highest version of each (customer, scheme) that was ever placed."""
    rows = await work.rows(
        _NEWEST,
        keys=[key for key, _ in pairs],
        schemes=[scheme for _, scheme in pairs],
    )
    return {(row["customer_key"], row["scheme"]): made(row) for row in rows}


async def standings(work: Work, scheme: str, customer_keys: Sequence[UUID]) -> dict[UUID, Standing]:
    """The tier that each customer was last given, whenever it takes effect."""
    rows = await work.rows(
        "SELECT DISTINCT ON (customer_key) customer_key, after FROM tiers"
        " WHERE scheme = :scheme AND customer_key = ANY(:keys)"
        " ORDER BY customer_key, version DESC",
        scheme=scheme,
        keys=list(customer_keys),
    )
    return {row["customer_key"]: Standing(row["after"]) for row in rows}


async def governing_otherwise(
    work: Work, governs_by_scheme: Mapping[str, tuple[str, ...]], on: date, limit: int
) -> list[Tier]:
    """The newest versions of tiers in effect by `on` that govern something else than they should.

    Schemes that `governs_by_scheme` lacks govern nothing.
    """
    rows = await work.rows(
        f"SELECT {COLUMNS} FROM ("
        f"SELECT DISTINCT ON (customer_key, scheme) {COLUMNS} FROM tiers"
        " ORDER BY customer_key, scheme, version DESC) newest"
        " WHERE effective_on <= :on"
        " AND governs <> coalesce(CAST(:expected AS jsonb) -> scheme, '[]')"
        " ORDER BY customer_key, scheme LIMIT :limit",
        expected=orjson.dumps(governs_by_scheme).decode(),
        on=on,
        limit=limit,
    )
    return [made(row) for row in rows]


async def after(work: Work, last: tuple[UUID, str, int] | None, limit: int) -> list[Tier]:
    """The next versions after `last` (customer, scheme, version), of all customers, in order."""
    key, scheme, version = last or (UUID(int=0), "", 0)
    rows = await work.rows(
        f"SELECT {COLUMNS} FROM tiers WHERE (customer_key, scheme, version)"
        " > (:key, :scheme, :version) ORDER BY customer_key, scheme, version LIMIT :limit",
        key=key,
        scheme=scheme,
        version=version,
        limit=limit,
    )
    return [made(row) for row in rows]


def made(row: RowMapping) -> Tier:
    """The version that a row of all COLUMNS says."""
    values = {name: row[name] for name in _NAMES}
    return Tier(**{**values, "governs": tuple(row["governs"])})


def _stored(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, tuple) else value
