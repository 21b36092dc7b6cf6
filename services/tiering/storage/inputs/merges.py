"""Customers that were merged at some time, and whose scores have to be looked at again (R-81)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from shared.work import Work

_ADD = """
INSERT INTO merges (customer_key, survivor, is_pending)
SELECT *, true FROM unnest(%s::uuid[], %s::uuid[])
ON CONFLICT (customer_key, survivor) DO UPDATE SET is_pending = true
"""
_PERIODS = """
SELECT scheme, max(cut_off) FROM scores WHERE customer_key = ANY(%s::uuid[])
GROUP BY scheme ORDER BY scheme
"""


async def add(work: Work, merged: Collection[tuple[UUID, UUID]], undone: Collection[UUID]) -> None:
    """Keep who was ever merged into whom; those of a merge that is undone are pending again."""
    pairs = sorted(merged)
    if pairs:
        await work.bulk(_ADD, [key for key, _ in pairs], [survivor for _, survivor in pairs])
    if undone:
        await work.bulk(
            "UPDATE merges SET is_pending = true WHERE customer_key = ANY(%s::uuid[])",
            sorted(undone),
        )


async def claim(work: Work) -> set[UUID]:
    """Everybody concerned by a merge or an undoing since the last time; taken off the list."""
    rows = await work.bulk(
        "UPDATE merges SET is_pending = false WHERE is_pending RETURNING customer_key, survivor"
    )
    return {key for row in rows for key in row}


async def last_periods(work: Work, customer_keys: Sequence[UUID]) -> list[tuple[str, date]]:
    """The schemes in which any of these was scored, each with its latest cut-off."""
    return [(scheme, cut_off) for scheme, cut_off in await work.bulk(_PERIODS, list(customer_keys))]
