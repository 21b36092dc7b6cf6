"""What was taken back of opening balances."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shared.work import Work

_REVERSALS = """
SELECT cancellation_id FROM charge_cancellations WHERE cancellation_id = ANY(%s::uuid[])
UNION ALL
SELECT return_id FROM payment_returns WHERE return_id = ANY(%s::uuid[])
"""


async def reversals(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that took back a receivable or an advance."""
    keys = sorted(ids)
    return {key for (key,) in await work.bulk(_REVERSALS, keys, keys)}
