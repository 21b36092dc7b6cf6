"""Who has an object: one at a time, and one on any day (B-11)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.directory.identities import present
from shared.work import Work

# An object is a chain's from its first deposit to its last day, or to the day on which it was
# paid back, kept or set off; and an agreement's until that is cancelled.
_WAS_TAKEN = f"""
SELECT EXISTS (
    SELECT FROM deposits d WHERE object_code = :object AND state NOT IN ('taken', 'upgraded')
        AND {present("d.customer_key")} IS DISTINCT FROM {present("CAST(:buyer AS uuid)")}
        AND :on <= valid_until_on
        AND (state = 'expired' AND agreement_id IS NULL OR :on < settled_on)
        AND :on >= (SELECT min(taken_on) FROM deposits first WHERE first.chain_id = d.chain_id)
) OR EXISTS (
    SELECT FROM agreements WHERE object_code = :object AND state = 'cancelled'
        AND signed_on <= :on AND :on < settled_on
)
"""


async def hold(work: Work, object_code: str) -> None:
    """Let nobody else reserve, sell or free the object until the work ends.

    Comes before any row of the object is held: its deposits, its agreements of either kind.
    """
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('object ' || :object, 0))",
        {"object": object_code},
    )


async def was_taken(work: Work, object_code: str, on: date, buyer: UUID | None = None) -> bool:
    """Whether somebody who has the object no longer had it on the day `on`.

    What `buyer` himself had deposited does not count.
    """
    is_taken: bool = await work.value(_WAS_TAKEN, object=object_code, on=on, buyer=buyer)
    return is_taken
