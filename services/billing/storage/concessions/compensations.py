"""How approved compensations were answered: each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.concessions.compensations import RefusedBecause
from shared.work import Work

_KEEP = """
INSERT INTO compensations (compensation_id, complaint_id, customer_key, charge_id, amount,
    decided_on, refused_because, charge_left, compensated_before, recorded_at)
SELECT answer.*, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[], %s::date[], %s::text[],
    %s::numeric[], %s::numeric[]) AS answer
"""
_POSTED = """
SELECT charge_id, sum(amount) FROM compensations
WHERE charge_id = ANY(%s::uuid[]) AND refused_because IS NULL GROUP BY charge_id
"""
_PAGE = """
SELECT compensation_id, complaint_id, customer_key, charge_id, amount, decided_on, refused_because,
    charge_left, compensated_before
FROM compensations WHERE compensation_id > %s::uuid ORDER BY compensation_id LIMIT %s::int4
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an approved compensation (yuan) on the business date `on`.

    `charge_left` is what was left of the disputed charge then, `compensated_before` what had been
    posted for it, where it is the customer's.
    """

    compensation_id: UUID
    complaint_id: UUID
    customer_key: UUID
    charge_id: UUID | None
    amount: Decimal
    on: date
    refused_because: RefusedBecause | None
    charge_left: Decimal | None = None
    compensated_before: Decimal | None = None


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


async def page(work: Work, after: UUID | None, size: int) -> list[Answered]:
    """The next answers in order of id."""
    rows = await work.bulk(_PAGE, after or UUID(int=0), size)
    answers = (Answered(*row) for row in rows)
    return [
        replace(each, refused_because=each.refused_because and RefusedBecause(each.refused_because))
        for each in answers
    ]


async def keep(work: Work, answers: Sequence[Answered]) -> None:
    """Keep the answers of a batch."""
    if answers:
        columns = zip(*map(astuple, answers), strict=True)
        await work.bulk(_KEEP, work.now, *(list(column) for column in columns))
