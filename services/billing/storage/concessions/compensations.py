"""How approved compensations were answered: each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.concessions.compensations import RefusedBecause
from shared.work import Work

_KEEP = """
INSERT INTO compensations (compensation_id, complaint_id, customer_key, charge_id, amount,
    decided_on, refused_because, recorded_at)
SELECT compensation_id, complaint_id, customer_key, charge_id, amount, decided_on, refused_because,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[], %s::date[], %s::text[])
    AS answer (compensation_id, complaint_id, customer_key, charge_id, amount, decided_on,
        refused_because)
"""
_POSTED = """
SELECT charge_id, sum(amount) FROM compensations
WHERE charge_id = ANY(%s::uuid[]) AND refused_because IS NULL GROUP BY charge_id
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an approved compensation (yuan) on the business date `on`."""

    compensation_id: UUID
    complaint_id: UUID
    customer_key: UUID
    charge_id: UUID | None
    amount: Decimal
    on: date
    refused_because: RefusedBecause | None


async def answered(work: Work, compensation_ids: Collection[UUID]) -> set[UUID]:
    """Those of the compensations that were answered before."""
    rows = await work.bulk(
        "SELECT compensation_id FROM compensations WHERE compensation_id = ANY(%s::uuid[])",
        sorted(compensation_ids),
    )
    return {key for (key,) in rows}


async def posted_for(work: Work, charge_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What was posted for each of the charges, in yuan; those without any are left out."""
    return dict(await work.bulk(_POSTED, sorted(charge_ids))) if charge_ids else {}


async def keep(work: Work, answers: Sequence[Answered]) -> None:
    """Keep the answers of a batch."""
    if answers:
        columns = zip(*map(astuple, answers), strict=True)
        await work.bulk(_KEEP, work.now, *(list(column) for column in columns))
