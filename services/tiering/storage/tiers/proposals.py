"""Proposals as they stand, and the overrides, which are kept apart (T-29, T-30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping

from services.tiering.domain.tiers.proposals import Override, Proposal
from shared.directory.grants import visible
from shared.errors import NotFound
from shared.work import Work

COLUMNS = """
proposal_id, version, customer_key, scheme, scheme_version, score_id, score_version, period,
cut_off, kind, before, after, is_above_range, state, proposed_on, policy_version, decided_by,
decided_on, reason, effective_on, effected_on
"""
_NAMES = [name.strip() for name in COLUMNS.split(",")]
SELECT = f"""
SELECT {", ".join(f"proposals.{name}" for name in _NAMES)},
    overrides.proposal_id IS NOT NULL AS is_overridden, overrides.tier AS override_tier,
    overrides.decided_by AS override_by, overrides.reason AS override_reason
FROM proposals LEFT JOIN overrides USING (proposal_id)
"""
_CHANGED = ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])
_SAVE = f"""
INSERT INTO proposals ({COLUMNS}, recorded_at)
SELECT {", ".join(f"given.{name}" for name in _NAMES)}, %s::timestamptz
FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::text[], %s::int4[], %s::uuid[], %s::int4[],
            %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::text[],
            %s::date[], %s::int4[], %s::text[], %s::date[], %s::text[], %s::date[], %s::date[])
    AS given ({COLUMNS})
ON CONFLICT (proposal_id) DO UPDATE SET {_CHANGED}
"""
_OVERRIDE = """
INSERT INTO overrides
    (proposal_id, customer_key, scored_tier, tier, decided_by, reason, decided_on, recorded_at)
VALUES (:proposal_id, :customer_key, :scored_tier, :tier, :decided_by, :reason, :decided_on, :now)
"""


async def save(work: Work, proposals: Sequence[Proposal]) -> None:
    """Insert proposals or store what has become of them."""
    if proposals:
        ordered = sorted(proposals, key=lambda proposal: proposal.proposal_id)
        columns = [[getattr(proposal, name) for proposal in ordered] for name in _NAMES]
        await work.bulk(_SAVE, work.now, *columns)


async def add_override(work: Work, proposal: Proposal) -> None:
    """Keep what a person decided instead of the score, and why."""
    assert proposal.override is not None
    await work.run(
        _OVERRIDE,
        {
            "proposal_id": proposal.proposal_id,
            "customer_key": proposal.customer_key,
            "scored_tier": proposal.after,
            "tier": proposal.override.tier,
            "decided_by": proposal.override.by,
            "reason": proposal.override.reason,
            "decided_on": proposal.decided_on,
            "now": work.now,
        },
    )


async def one(work: Work, proposal_id: UUID) -> Proposal:
    """The proposal. Raises NotFound."""
    row = await work.row(f"{SELECT} WHERE proposal_id = :proposal_id", proposal_id=proposal_id)
    if row is None:
        raise NotFound(f"没有建议 {proposal_id}", f"there is no proposal {proposal_id}")
    return made(row)


async def hold(work: Work, proposal_ids: Sequence[UUID]) -> list[Proposal]:
    """The proposals, with all others of the same customers and schemes locked as well.

    So two decisions about one customer's tier in one scheme come one after the other.
    """
    await work.run(
        "SELECT 1 FROM proposals WHERE (customer_key, scheme) IN"
        " (SELECT customer_key, scheme FROM proposals WHERE proposal_id = ANY(:ids))"
        " ORDER BY proposal_id FOR UPDATE",
        {"ids": list(proposal_ids)},
    )
    rows = await work.rows(
        f"{SELECT} WHERE proposal_id = ANY(:ids) ORDER BY proposal_id", ids=list(proposal_ids)
    )
    return [made(row) for row in rows]


async def open_ids(
    work: Work,
    scheme: str,
    cut_off: date,
    kinds: Sequence[str],
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Open proposals of a scheme and cut-off about customers that the caller may see.

    The next ones after `after` in the order of their ids; `kinds` empty: of any kind.
    """
    rows = await work.rows(
        "SELECT proposal_id FROM proposals WHERE state = 'proposed' AND scheme = :scheme"
        " AND cut_off = :cut_off AND (cardinality(CAST(:kinds AS text[])) = 0"
        " OR kind = ANY(:kinds)) AND (CAST(:after AS uuid) IS NULL OR proposal_id > :after)"
        f" AND {visible('base', 'proposals.customer_key')}"
        " ORDER BY proposal_id LIMIT :limit",
        scheme=scheme,
        cut_off=cut_off,
        kinds=list(kinds),
        after=after,
        limit=limit,
    )
    return [row["proposal_id"] for row in rows]


async def open_of(work: Work, scheme: str, customer_keys: Sequence[UUID]) -> dict[UUID, Proposal]:
    """The proposals that nobody has decided yet, by customer, locked."""
    rows = await work.rows(
        f"{SELECT} WHERE proposals.state = 'proposed' AND proposals.scheme = :scheme"
        " AND proposals.customer_key = ANY(:keys) ORDER BY proposal_id FOR UPDATE OF proposals",
        scheme=scheme,
        keys=list(customer_keys),
    )
    return {row["customer_key"]: made(row) for row in rows}


async def open_after(work: Work, last: UUID | None, limit: int) -> list[Proposal]:
    """The next proposals after `last` that nobody has decided, in the order of their ids."""
    rows = await work.rows(
        f"{SELECT} WHERE proposals.state = 'proposed'"
        " AND (CAST(:last AS uuid) IS NULL OR proposal_id > :last)"
        " ORDER BY proposal_id LIMIT :limit",
        last=last,
        limit=limit,
    )
    return [made(row) for row in rows]


async def awaiting(
    work: Work, pairs: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Proposal]:
    """Approved proposals that are not in effect yet, by customer and scheme."""
    rows = await work.rows(
        f"{SELECT} WHERE proposals.state = 'approved' AND proposals.effected_on IS NULL"
        " AND (proposals.customer_key, proposals.scheme) IN"
        " (SELECT * FROM unnest(CAST(:keys AS uuid[]), CAST(:schemes AS text[])))",
        keys=[key for key, _ in pairs],
        schemes=[scheme for _, scheme in pairs],
    )
    return {(row["customer_key"], row["scheme"]): made(row) for row in rows}


async def due(work: Work, on: date, limit: int) -> list[Proposal]:
    """Approved proposals whose day has come by `on`, locked; others' locked ones are skipped."""
    rows = await work.rows(
        f"{SELECT} WHERE proposals.state = 'approved' AND proposals.effected_on IS NULL"
        " AND proposals.effective_on <= :on ORDER BY proposals.effective_on, proposal_id"
        " LIMIT :limit FOR UPDATE OF proposals SKIP LOCKED",
        on=on,
        limit=limit,
    )
    return [made(row) for row in rows]


def made(row: RowMapping) -> Proposal:
    """The proposal that a row of SELECT says."""
    override = None
    if row["is_overridden"]:
        override = Override(row["override_tier"], row["override_by"], row["override_reason"])
    return Proposal(**{name: row[name] for name in _NAMES}, override=override)
