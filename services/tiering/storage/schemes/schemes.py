"""Schemes and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import RowMapping

from services.tiering.domain.policies import ShippedSchemes
from services.tiering.domain.schemes.scheme_versions import SchemeVersion
from services.tiering.domain.schemes.schemes import Scheme
from shared import policy
from shared.errors import Conflict, NotFound
from shared.policy_body import stored, to_json
from shared.work import Work

COLUMNS = """
scheme, scheme_version, version, state, body::text AS body, source, drafted_by, effective_on,
activated_by, activation_reason, shipped_version
"""
_ACTIVE = f"""
SELECT {COLUMNS} FROM schemes
WHERE scheme = :scheme AND state = 'active' AND effective_on <= :on
ORDER BY effective_on DESC LIMIT 1
"""
_SAVE = """
INSERT INTO schemes (scheme, scheme_version, version, state, body, source, drafted_by, drafted_at,
    activated_by, activated_at, activation_reason, effective_on, shipped_version)
VALUES (:scheme, :scheme_version, :version, :state, CAST(:body AS jsonb), :source, :drafted_by,
    :now, :activated_by, :activated_at, :activation_reason, :effective_on, :shipped_version)
ON CONFLICT (scheme, scheme_version) DO UPDATE
SET version = excluded.version, state = excluded.state, body = excluded.body,
    source = excluded.source, activated_by = excluded.activated_by,
    activated_at = excluded.activated_at, activation_reason = excluded.activation_reason,
    effective_on = excluded.effective_on
"""


class NoActiveScheme(Conflict):
    """No version of the scheme is active on that day, or there is no such scheme."""

    code = "no-active-scheme"
    rule = "T-28"
    title_zh = "没有生效的方案"
    title_en = "No active scheme"


async def lock(work: Work, scheme: str) -> None:
    """Let nobody else add or activate versions of `scheme` until the transaction ends."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('scheme ' || :scheme, 0))",
        {"scheme": scheme},
    )


async def versions(work: Work, scheme: str) -> list[SchemeVersion]:
    """All versions of `scheme`, the first one first; empty when nobody drafted it."""
    rows = await work.rows(
        f"SELECT {COLUMNS} FROM schemes WHERE scheme = :scheme ORDER BY scheme_version",
        scheme=scheme,
    )
    return [made(row) for row in rows]


async def one(work: Work, scheme: str, scheme_version: int) -> SchemeVersion:
    """One version. Raises NotFound."""
    row = await work.row(
        f"SELECT {COLUMNS} FROM schemes"
        " WHERE scheme = :scheme AND scheme_version = :scheme_version",
        scheme=scheme,
        scheme_version=scheme_version,
    )
    if row is None:
        raise NotFound(
            f"方案 {scheme} 没有第 {scheme_version} 版",
            f"the scheme {scheme} has no version {scheme_version}",
        )
    return made(row)


async def active_on(work: Work, scheme: str, on: date) -> SchemeVersion:
    """The version that is active on the day `on`. Raises NoActiveScheme."""
    row = await work.row(_ACTIVE, scheme=scheme, on=on)
    if row is None:
        raise NoActiveScheme(
            f"方案 {scheme} 在 {on} 没有生效的版本",
            f"no version of the scheme {scheme} is active on {on}",
            scheme=scheme,
            on=on.isoformat(),
        )
    return made(row)


async def save(work: Work, version: SchemeVersion) -> None:
    """Insert or replace one version's record."""
    await work.run(
        _SAVE,
        {
            "scheme": version.scheme.name,
            "scheme_version": version.scheme_version,
            "version": version.version,
            "state": version.state,
            "body": to_json(version.scheme),
            "source": version.source,
            "drafted_by": version.drafted_by,
            "now": work.now,
            "activated_by": version.activated_by,
            "activated_at": work.now if version.activated_by else None,
            "activation_reason": version.activation_reason,
            "effective_on": version.effective_on,
            "shipped_version": version.shipped_version,
        },
    )


async def not_adopted(work: Work) -> Sequence[policy.Versioned[ShippedSchemes]]:
    """The versions of the policy `shipped-schemes` whose schemes are not among ours yet."""
    adopted = await work.value("SELECT coalesce(max(shipped_version), 0) FROM schemes")
    shipped = await policy.timeline(work, ShippedSchemes)
    return [version for version in shipped.versions if version.version > adopted]


def made(row: RowMapping) -> SchemeVersion:
    """The version that a row (with `body` as text) says."""
    return SchemeVersion(
        scheme=stored(Scheme, row["body"].encode()),
        scheme_version=row["scheme_version"],
        version=row["version"],
        state=row["state"],
        source=row["source"],
        drafted_by=row["drafted_by"],
        effective_on=row["effective_on"],
        activated_by=row["activated_by"],
        activation_reason=row["activation_reason"],
        shipped_version=row["shipped_version"],
    )
