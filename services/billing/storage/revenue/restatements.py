"""Postings that are shared anew: what decided them, which are stale, and what was before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.revenue.revenue import Decided
from services.billing.storage.revenue import postings
from services.billing.storage.revenue.postings import Stored
from shared.work import Work

_DECISIONS = """
SELECT decided_on, split_id, terms_version, rule FROM postings
WHERE customer_key = %s::uuid GROUP BY decided_on, split_id, terms_version, rule
"""
_STALE = """
SELECT DISTINCT customer_key FROM postings
WHERE EXISTS (
    SELECT FROM splits WHERE splits.customer_key = postings.customer_key
        AND effective_on <= decided_on
        AND (postings.split_id IS NULL OR splits.version > terms_version))
    OR (split_id IS NULL AND EXISTS (
        SELECT FROM ownerships WHERE ownerships.customer_key = postings.customer_key
            AND effective_on <= decided_on AND ownerships.version > terms_version))
"""
_REMEMBER = """
INSERT INTO posting_history (posting_id, version, journal_id, split_id, terms_version, rule, base,
    reason, ruling_id, replaced_at)
SELECT postings.posting_id, version, journal_id, split_id, terms_version, rule, base, why.reason,
    why.ruling_id, %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS why (posting_id, reason, ruling_id)
JOIN postings ON postings.posting_id = why.posting_id
"""
_REPLACE = """
UPDATE postings SET version = version + 1, journal_id = fresh.journal_id,
    split_id = fresh.split_id, terms_version = fresh.terms_version, rule = fresh.rule,
    base = fresh.base, remaining = fresh.remaining, remaining_base = fresh.remaining_base
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int4[], %s::text[], %s::numeric[],
    %s::numeric[], %s::numeric[])
    AS fresh (posting_id, journal_id, split_id, terms_version, rule, base, remaining,
        remaining_base)
WHERE postings.posting_id = fresh.posting_id
"""
_RESTATED_FROM = """
SELECT DISTINCT ON (posting_id) posting_id, version, reason, ruling_id FROM posting_history
WHERE posting_id = ANY(%s::uuid[]) ORDER BY posting_id, version DESC
"""


@dataclass(frozen=True, slots=True)
class Restated:
    """A posting that is shared anew, why, and the journal of its new shares."""

    stored: Stored
    decided: Decided
    journal_id: UUID
    reason: str


async def decisions(work: Work, customer_key: UUID) -> list[tuple[date, UUID | None, int, str]]:
    """By what a customer's postings were decided: (day, split, version, rule)."""
    rows = await work.bulk(_DECISIONS, customer_key)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def stale(work: Work) -> list[UUID]:
    """Customers with a posting that older terms decided than those in force, in order of key."""
    return sorted(key for (key,) in await work.bulk(_STALE))


async def replace(work: Work, restated: Sequence[Restated]) -> None:
    """Give postings their new decision, and keep the one before in their history."""
    if not restated:
        return
    ids = [each.stored.posting.posting_id for each in restated]
    await work.bulk(
        _REMEMBER,
        work.now,
        ids,
        [each.reason for each in restated],
        [each.decided.terms.ruling_id for each in restated],
    )
    await work.bulk(
        _REPLACE,
        ids,
        [each.journal_id for each in restated],
        [each.decided.terms.split_id for each in restated],
        [each.decided.terms.version for each in restated],
        [each.decided.terms.rule for each in restated],
        [each.decided.base for each in restated],
        [postings.remaining(each.decided) for each in restated],
        [postings.remaining_base(each.decided) for each in restated],
    )


async def restated_from(
    work: Work, posting_ids: Collection[UUID]
) -> dict[UUID, tuple[int, str, UUID | None]]:
    """Of postings that were re-stated: the version before, why, and the ruling if one decided."""
    return {
        posting_id: (version, reason, ruling_id)
        for posting_id, version, reason, ruling_id in await work.bulk(
            _RESTATED_FROM, sorted(posting_ids)
        )
    }
