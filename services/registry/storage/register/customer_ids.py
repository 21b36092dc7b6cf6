"""The sequences of IDs: one row per division and per head office, which is the lock (R-33).

The number is taken in the transaction that registers the customer. A roll-back gives it back, so
there is no gap; the row lock lets nobody take the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.registry.domain.register.customer_ids import (
    CustomerIdLayout,
    Issued,
    faults_of_form,
    next_branch,
    next_customer,
    take_apart,
)
from shared.work import Work


async def take_customer(work: Work, division: str, layout: CustomerIdLayout) -> Issued:
    """The next customer number of `division`; raises NumbersUsedUp (R-31, R-33)."""
    held = await hold_divisions(work, [division])
    issued = next_customer(held[division], layout, division)
    await keep_divisions(work, {division: issued.number})
    return issued


async def hold_divisions(work: Work, divisions: Iterable[str]) -> dict[str, int]:
    """The highest number given out in each division, held in their order until the end."""
    keys = sorted(set(divisions))
    await work.bulk(
        "INSERT INTO division_sequences SELECT key, 0 FROM unnest(%s::text[]) AS key"
        " ON CONFLICT DO NOTHING",
        keys,
    )
    rows = await work.bulk(
        "SELECT division_code, last_number FROM division_sequences"
        " WHERE division_code = ANY(%s::text[]) ORDER BY division_code FOR UPDATE",
        keys,
    )
    return dict(rows)


async def seen_divisions(work: Work, divisions: Iterable[str]) -> dict[str, int]:
    """As `hold_divisions`, and nobody waits for it: for whoever gives out no number."""
    keys = sorted(set(divisions))
    rows = await work.bulk(
        "SELECT division_code, last_number FROM division_sequences"
        " WHERE division_code = ANY(%s::text[])",
        keys,
    )
    return {**dict.fromkeys(keys, 0), **dict(rows)}


async def keep_divisions(work: Work, numbers: Mapping[str, int]) -> None:
    """Keep the highest number given out in each of the divisions, which are held."""
    await work.bulk(
        "UPDATE division_sequences held SET last_number = given.number"
        " FROM unnest(%s::text[], %s::int4[]) AS given (division, number)"
        " WHERE held.division_code = given.division",
        list(numbers),
        list(numbers.values()),
    )


async def hold_head_offices(work: Work, head_office_ids: Iterable[str]) -> dict[str, int]:
    """The highest branch number below each head office, held in their order until the end."""
    keys = sorted(set(head_office_ids))
    if not keys:
        return {}
    await work.bulk(
        "INSERT INTO branch_sequences SELECT key, 0 FROM unnest(%s::text[]) AS key"
        " ON CONFLICT DO NOTHING",
        keys,
    )
    rows = await work.bulk(
        "SELECT head_office_id, last_number FROM branch_sequences"
        " WHERE head_office_id = ANY(%s::text[]) ORDER BY head_office_id FOR UPDATE",
        keys,
    )
    return dict(rows)


async def seen_head_offices(work: Work, head_office_ids: Iterable[str]) -> dict[str, int]:
    """As `hold_head_offices`, and nobody waits for it."""
    keys = sorted(set(head_office_ids))
    rows = await work.bulk(
        "SELECT head_office_id, last_number FROM branch_sequences"
        " WHERE head_office_id = ANY(%s::text[])",
        keys,
    )
    return {**dict.fromkeys(keys, 0), **dict(rows)}


async def keep_head_offices(work: Work, numbers: Mapping[str, int]) -> None:
    """Keep the highest branch number below each of the head offices, which are held."""
    if not numbers:
        return
    await work.bulk(
        "UPDATE branch_sequences held SET last_number = given.number"
        " FROM unnest(%s::text[], %s::int4[]) AS given (head_office_id, number)"
        " WHERE held.head_office_id = given.head_office_id",
        list(numbers),
        list(numbers.values()),
    )


async def take_branch(work: Work, head_office_id: str, layout: CustomerIdLayout) -> Issued:
    """The next branch number below `head_office_id`; raises NumbersUsedUp (R-31, R-32)."""
    held = await hold_head_offices(work, [head_office_id])
    issued = next_branch(held[head_office_id], layout, head_office_id)
    await keep_head_offices(work, {head_office_id: issued.number})
    return issued


async def highest_for(work: Work, text: str, layout: CustomerIdLayout) -> dict[str, int]:
    """The numbers given out so far in the division and below the head office of `text` (R-34).

    Empty when the text has not the form of an ID.
    """
    if faults_of_form(text, layout):
        return {}
    parsed = take_apart(text, layout)
    rows = await work.rows(
        "SELECT division_code AS key, last_number FROM division_sequences"
        " WHERE division_code = :division"
        " UNION ALL SELECT head_office_id, last_number FROM branch_sequences"
        " WHERE head_office_id = :head_office",
        division=parsed.division,
        head_office=parsed.head_office_id,
    )
    return {row["key"]: row["last_number"] for row in rows}
