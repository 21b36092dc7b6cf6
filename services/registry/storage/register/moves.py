"""Under which division an ID was issued, and where a customer went since (C18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert

from services.registry.domain.register.customers import Customer
from services.registry.domain.register.moves import Move
from services.registry.storage import tables
from shared.work import Work

_ISSUED = """
INSERT INTO issued_under (customer_id, customer_key, division_code, issued_on, recorded_at)
SELECT id, key, division, day, %s::timestamptz
FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::date[]) AS issued (id, key, division, day)
"""


async def record_issue(
    work: Work, customers: Iterable[Customer], division_digits: int, on: date
) -> None:
    """Keep for ever under which division the IDs of `customers` were given out on the day `on`.

    A branch has the division of its head office's ID. Those without an ID are left out.
    """
    issued = [(c.customer_id, c.customer_key) for c in customers if c.customer_id is not None]
    if not issued:
        return
    await work.bulk(
        _ISSUED,
        work.now,
        [customer_id for customer_id, _ in issued],
        [key for _, key in issued],
        [customer_id[:division_digits] for customer_id, _ in issued],
        [on] * len(issued),
    )


async def add(work: Work, customer: Customer, move: Move) -> None:
    """Add a move to the customer's history."""
    await work.run(
        insert(tables.customer_moves).values(
            customer_key=customer.customer_key,
            version=move.version,
            from_division=move.from_division,
            to_division=move.to_division,
            on=move.on,
            moved_by=move.moved_by,
            reason=move.reason,
            recorded_at=work.now,
        )
    )
