"""Credit assessments with their inputs; only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.billing.domain.credit.limits import Limit, Traits
from services.billing.domain.credit.scoring import Behaviour, Scored
from services.billing.storage.tables.credit import credit_assessments
from shared.work import Work

_LAST = """
SELECT customer_key, max(version) FROM credit_assessments
WHERE customer_key = ANY(%s::uuid[]) GROUP BY customer_key
"""
_PAGE = """
SELECT DISTINCT ON (customer_key) * FROM credit_assessments
WHERE customer_key > :after ORDER BY customer_key, version DESC LIMIT :size
"""
_SWEPT = """
SELECT customer_key FROM credit_assessments
WHERE customer_key = ANY(%s::uuid[]) AND as_of = %s::date AND assessed_by IS NULL
"""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a customer's behaviour in a period came to, and what its group owes and may (yuan)."""

    assessment_id: UUID
    customer_key: UUID
    version: int
    as_of: date
    from_on: date
    until_on: date
    behaviour: Behaviour
    scored: Scored
    policy_version: int
    limit: Limit
    exposure: Decimal
    assessed_by: str | None


async def add(work: Work, assessments: Sequence[Assessment]) -> None:
    """Keep assessments; their customers' accounts are held."""
    await work.copy(
        credit_assessments,
        [
            {
                "assessment_id": each.assessment_id,
                "customer_key": each.customer_key,
                "version": each.version,
                "as_of": each.as_of,
                "from_on": each.from_on,
                "until_on": each.until_on,
                "score": each.scored.score,
                "grade": each.scored.grade,
                "punctuality": each.scored.punctuality,
                "days_late": each.scored.days_late,
                "inputs": as_inputs(each.behaviour),
                "parts": [
                    {
                        "part": part.part,
                        "points": str(part.points),
                        "weight": str(part.weight),
                    }
                    for part in each.scored.parts
                ],
                "policy_version": each.policy_version,
                "credit_limit": each.limit.amount,
                "exposure": each.exposure,
                "assessed_by": each.assessed_by,
                "recorded_at": work.now,
            }
            for each in assessments
        ],
    )


def as_inputs(behaviour: Behaviour) -> dict[str, object]:
    """What was looked at, by name; amounts as strings."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in asdict(behaviour).items()
    }


async def page(work: Work, after: UUID | None, size: int) -> list[Assessment]:
    """The last assessment of the next customers in order of key."""
    rows = await work.rows(_PAGE, after=after or UUID(int=0), size=size)
    return [
        Assessment(
            assessment_id=row["assessment_id"],
            customer_key=row["customer_key"],
            version=row["version"],
            as_of=row["as_of"],
            from_on=row["from_on"],
            until_on=row["until_on"],
            behaviour=_behaviour(row["inputs"]),
            scored=Scored(row["score"], row["grade"], row["punctuality"], row["days_late"], ()),
            policy_version=row["policy_version"],
            limit=Limit(row["credit_limit"], None, None, Traits(row["grade"])),
            exposure=row["exposure"],
            assessed_by=row["assessed_by"],
        )
        for row in rows
    ]


async def last_versions(work: Work, customer_keys: Collection[UUID]) -> dict[UUID, int]:
    """How often each was assessed; those who never were are left out."""
    return dict(await work.bulk(_LAST, sorted(customer_keys)))


async def swept(work: Work, customer_keys: Collection[UUID], as_of: date) -> set[UUID]:
    """Those whom the sweep of that day has assessed already."""
    return {key for (key,) in await work.bulk(_SWEPT, sorted(customer_keys), as_of)}


def _behaviour(inputs: Mapping[str, Any]) -> Behaviour:
    known: dict[str, Any] = {
        name: Decimal(value) if isinstance(value, str) else value for name, value in inputs.items()
    }
    return Behaviour(**known)
