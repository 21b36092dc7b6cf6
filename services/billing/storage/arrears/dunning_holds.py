"""Complaints that hold dunning until they are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from uuid import UUID

from shared.work import Work

# Undated state: the newest version wins, whatever came first.
_KEEP = """
INSERT INTO dunning_holds AS held
    (complaint_id, customer_key, system, ref, is_open, opened_on, closed_on, version)
SELECT DISTINCT ON (complaint_id) *
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bool[], %s::date[], %s::date[],
    %s::int4[])
    AS hold (complaint_id, customer_key, system, ref, is_open, opened_on, closed_on, version)
ORDER BY complaint_id, version DESC
ON CONFLICT (complaint_id) DO UPDATE
    SET system = excluded.system, ref = excluded.ref, is_open = excluded.is_open,
        opened_on = excluded.opened_on, closed_on = excluded.closed_on, version = excluded.version,
        is_new = true
    WHERE held.version < excluded.version
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """A complaint that disputes a charge: dunning waits from its opening until it is settled."""

    complaint_id: UUID
    customer_key: UUID | None
    system: str
    ref: str
    is_open: bool
    opened_on: date
    closed_on: date | None
    version: int


async def keep(work: Work, holds: Sequence[Hold]) -> None:
    """Keep the newest version of every hold."""
    if holds:
        await work.bulk(_KEEP, *(list(column) for column in zip(*map(astuple, holds), strict=True)))
