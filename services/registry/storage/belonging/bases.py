"""Agreements on base and increment, and the revenue of years that they are measured by (R-44)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.belonging.bases import BaseAgreement, Basis
from services.registry.storage import tables
from services.registry.storage.belonging.ownership import shares_from_json, shares_to_json
from shared.work import Work

_BY_YEAR = """
SELECT CAST(extract(year FROM occurred_on) AS int) AS year, sum(amount) AS amount
FROM revenue_places WHERE customer_key = :key GROUP BY 1
"""
_MEASURED = """
SELECT DISTINCT customer_key FROM base_agreements
WHERE basis = 'previous-year' AND (CAST(:keys AS uuid[]) IS NULL OR customer_key = ANY(:keys))
ORDER BY customer_key
"""


async def agreements(work: Work, customer_key: UUID) -> list[BaseAgreement]:
    """Every version of a customer's agreement, the oldest first."""
    rows = await work.rows(
        "SELECT * FROM base_agreements WHERE customer_key = :key ORDER BY sequence",
        key=customer_key,
    )
    return [
        BaseAgreement(
            basis=Basis(row["basis"]),
            effective_on=row["effective_on"],
            version=row["sequence"],
            base=shares_from_json(row["base"]),
            increment=shares_from_json(row["increment"]),
            base_amount=row["base_amount"],
        )
        for row in rows
    ]


async def add(
    work: Work,
    customer_key: UUID,
    agreement: BaseAgreement,
    decision: tuple[str, str, date, str],
) -> None:
    """Add a version; `decision` is by whom, for which unit, on which day, and why."""
    by, unit, on, reason = decision
    await work.run(
        insert(tables.base_agreements).values(
            customer_key=customer_key,
            sequence=agreement.version,
            basis=agreement.basis.value,
            effective_on=agreement.effective_on,
            base_amount=agreement.base_amount,
            base=shares_to_json(agreement.base),
            increment=shares_to_json(agreement.increment),
            decided_by=by,
            decided_unit=unit,
            decided_on=on,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def revenue_by_year(work: Work, customer_key: UUID) -> dict[int, Decimal]:
    """The customer's net revenue (yuan) of every calendar year that has any."""
    return {row["year"]: row["amount"] for row in await work.rows(_BY_YEAR, key=customer_key)}


async def measured_by_revenue(
    work: Work, customer_keys: Sequence[UUID] | None = None
) -> Sequence[UUID]:
    """Customers (of these) whose base is the revenue of the year before, in order of key."""
    keys = None if customer_keys is None else list(customer_keys)
    rows = await work.rows(_MEASURED, keys=keys)
    return [row["customer_key"] for row in rows]
