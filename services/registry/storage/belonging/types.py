"""Types of customers, and what province and specialty bureaus set for all customers of a type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.belonging.type_claims import (
    BenefitWeights,
    DatedLinks,
    Provincial,
    ServiceRatio,
)
from services.registry.domain.belonging.types import (
    Classification,
    CustomerType,
    LinkOf,
    ServiceLinks,
    TypeTerms,
    Weight,
)
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.policy import timeline
from shared.work import Work

RATIO, WEIGHTS = "service-ratio", "benefit-weights"

_OF_TYPE = """
SELECT DISTINCT c.customer_key FROM customer_types c
WHERE c.type = :type AND (CAST(:specialty AS text) IS NULL OR c.terms ->> 'specialty' = :specialty)
ORDER BY c.customer_key
"""


async def classifications(work: Work, customer_key: UUID) -> list[Classification]:
    """Every version of a customer's type, the oldest first."""
    rows = await work.rows(
        "SELECT * FROM customer_types WHERE customer_key = :key ORDER BY sequence",
        key=customer_key,
    )
    return [classification_from(row) for row in rows]


async def add(
    work: Work,
    customer_key: UUID,
    classification: Classification,
    decision: tuple[str, str, date, str],
    policy: PolicyRef,
) -> None:
    """Add a version; `decision` is by whom, for which unit, on which day, and why."""
    by, unit, on, reason = decision
    await work.run(
        insert(tables.customer_types).values(
            customer_key=customer_key,
            sequence=classification.version,
            type=classification.type.value,
            effective_on=classification.effective_on,
            terms=_terms_to_json(classification.terms),
            decided_by=by,
            decided_unit=unit,
            decided_on=on,
            reason=reason,
            policy_name=policy.name,
            policy_version=policy.version,
            recorded_at=work.now,
        )
    )


async def provincial(work: Work) -> Provincial:
    """What holds for all customers of a type, every version."""
    rows = await work.rows("SELECT * FROM sharing_terms ORDER BY kind, unit, sequence")
    ratios: dict[str, list[ServiceRatio]] = {}
    weights: list[BenefitWeights] = []
    for row in rows:
        if row["kind"] == RATIO:
            share = Decimal(row["body"]["developer_share"])
            ratios.setdefault(row["unit"], []).append(
                ServiceRatio(row["unit"], row["sequence"], row["effective_on"], share)
            )
        else:
            shares = tuple(Weight(each["unit"], Decimal(each["weight"])) for each in row["body"])
            weights.append(BenefitWeights(row["sequence"], row["effective_on"], shares))
    links = await timeline(work, ServiceLinks)
    return Provincial(
        ratios=ratios,
        weights=weights,
        links=[
            DatedLinks(each.version, each.effective_on, each.body) for each in links.versions
        ],
    )  # fmt: skip


async def next_sequence(work: Work, kind: str, unit: str) -> int:
    """The number of the next version that `unit` sets, kept for this work alone."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('sharing terms ' || :kind || :unit, 0))",
        {"kind": kind, "unit": unit},
    )
    last: int = await work.value(
        "SELECT coalesce(max(sequence), 0) FROM sharing_terms WHERE kind = :kind AND unit = :unit",
        kind=kind,
        unit=unit,
    )
    return last + 1


async def add_terms(
    work: Work,
    kind: str,
    unit: str,
    terms: ServiceRatio | BenefitWeights,
    decision: tuple[str, date, str],
) -> None:
    """Add a version of a ratio or of the weights; `decision` is by whom, on which day, and why."""
    by, on, reason = decision
    body: object
    if isinstance(terms, ServiceRatio):
        body = {"developer_share": str(terms.developer_share)}
    else:
        body = [{"unit": each.unit, "weight": str(each.weight)} for each in terms.weights]
    await work.run(
        insert(tables.sharing_terms).values(
            kind=kind,
            unit=unit,
            sequence=terms.version,
            effective_on=terms.effective_on,
            body=body,
            decided_by=by,
            decided_on=on,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def of_type(work: Work, kind: CustomerType, specialty: str | None = None) -> Sequence[UUID]:
    """Customers that were ever of the type (under that specialty bureau), in order of key."""
    rows = await work.rows(_OF_TYPE, type=kind.value, specialty=specialty)
    return [row["customer_key"] for row in rows]


def classification_from(row: RowMapping) -> Classification:
    """The classification that a row of the table says."""
    terms = row["terms"]
    return Classification(
        type=CustomerType(row["type"]),
        effective_on=row["effective_on"],
        version=row["sequence"],
        terms=TypeTerms(
            city=terms["city"],
            specialty=terms["specialty"],
            serving=tuple(
                Weight(each["unit"], Decimal(each["weight"])) for each in terms["serving"]
            ),
            links=tuple(LinkOf(each["link"], each["unit"]) for each in terms["links"]),
        ),
    )


def _terms_to_json(terms: TypeTerms) -> dict[str, object]:
    return {
        "city": terms.city,
        "specialty": terms.specialty,
        "serving": [{"unit": each.unit, "weight": str(each.weight)} for each in terms.serving],
        "links": [{"link": each.link, "unit": each.unit} for each in terms.links],
    }


async def hold_family(work: Work, customer_key: UUID) -> Sequence[UUID]:
    """The customer and its branches, held in order of key until the work ends."""
    rows = await work.rows(
        "SELECT customer_key FROM customers WHERE customer_key = :key OR head_office_key = :key"
        " ORDER BY customer_key FOR UPDATE",
        key=customer_key,
    )
    return [row["customer_key"] for row in rows]
