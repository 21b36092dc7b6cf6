"""Postings as held, and the totals they sum to. Everything here is set-based and in binary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast
from uuid import UUID

import orjson

from services.tiering.domain.inputs.revenue import Difference, Key, Posting, Shares
from shared.work import Work

_COLUMNS = "posting_id, version, customer_key, occurred_on, business_line, shares"
_GIVEN = """
unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::date[], %s::text[], %s::text[])
    AS given (posting_id, version, customer_key, occurred_on, business_line, shares)
"""
_INSERT = f"""
INSERT INTO postings ({_COLUMNS})
SELECT posting_id, version, customer_key, occurred_on, business_line, shares::jsonb FROM {_GIVEN}
ON CONFLICT (posting_id) DO NOTHING
RETURNING posting_id
"""
_HOLD = (
    f"SELECT {_COLUMNS} FROM postings WHERE posting_id = ANY(%s::uuid[])"
    " ORDER BY posting_id FOR UPDATE"
)
_REPLACE = f"""
UPDATE postings
SET version = given.version, customer_key = given.customer_key, occurred_on = given.occurred_on,
    business_line = given.business_line, shares = given.shares::jsonb
FROM {_GIVEN}
WHERE postings.posting_id = given.posting_id
"""
_ADD = """
INSERT INTO totals AS held (customer_key, month, business_line, unit, amount, postings)
SELECT * FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::numeric[], %s::int4[])
ON CONFLICT (customer_key, month, business_line, unit) DO UPDATE
SET amount = held.amount + excluded.amount, postings = held.postings + excluded.postings
"""
_DROP_EMPTY = """
DELETE FROM totals USING unnest(%s::uuid[], %s::date[], %s::text[], %s::text[])
    AS left_by (customer_key, month, business_line, unit)
WHERE totals.customer_key = left_by.customer_key AND totals.month = left_by.month
    AND totals.business_line = left_by.business_line AND totals.unit = left_by.unit
    AND totals.postings = 0
"""


async def insert_new(work: Work, postings: Iterable[Posting]) -> set[UUID]:
    """Insert those that are not held in any version; return the ids of the ones inserted.

    Waits for a concurrent insert of the same posting and then leaves it alone, so what is not
    returned can be read and locked afterwards.
    """
    rows = await work.bulk(_INSERT, *_arrays(postings))
    return {posting_id for (posting_id,) in rows}


async def hold(work: Work, posting_ids: Iterable[UUID]) -> dict[UUID, Posting]:
    """The postings as held now, locked until the transaction ends."""
    rows = await work.bulk(_HOLD, sorted(posting_ids))
    return {
        row[0]: Posting(row[0], row[1], row[2], row[3], row[4], _shares(row[5])) for row in rows
    }


async def replace(work: Work, postings: Iterable[Posting]) -> None:
    """Replace what is held under the postings' ids, which `hold` has locked."""
    await work.bulk(_REPLACE, *_arrays(postings))


async def add(work: Work, differences: Mapping[Key, Difference]) -> None:
    """Add to the totals, in the order of their keys, so that replicas do not deadlock.

    A total that the last posting has left is no total, as if there had never been one.
    """
    keys = sorted(differences, key=lambda key: (key[0].int, key[1:]))
    if keys:
        await work.bulk(
            _ADD,
            *_columns(keys),
            [differences[key].amount for key in keys],
            [differences[key].postings for key in keys],
        )
    left = [key for key in keys if differences[key].postings < 0]
    if left:
        await work.bulk(_DROP_EMPTY, *_columns(left))


def _columns(keys: Sequence[Key]) -> Sequence[list[object]]:
    return tuple(list(column) for column in zip(*keys, strict=True))


def _arrays(postings: Iterable[Posting]) -> Sequence[list[object]]:
    ordered = sorted(postings, key=lambda posting: posting.posting_id.int)
    return (
        [posting.posting_id for posting in ordered],
        [posting.version for posting in ordered],
        [posting.customer_key for posting in ordered],
        [posting.occurred_on for posting in ordered],
        [posting.business_line for posting in ordered],
        [_json(posting.shares) for posting in ordered],
    )


def _json(shares: Shares) -> str:
    return orjson.dumps({unit: str(amount) for unit, amount in shares}).decode()


def _shares(stored: object) -> Shares:
    by_unit = cast("dict[str, str]", stored)
    return tuple((unit, Decimal(amount)) for unit, amount in by_unit.items())
