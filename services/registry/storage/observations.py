"""Customers that other systems have seen, as they last described them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.registry.domain.observations import name_key
from services.registry.storage.divisions import credit_code
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.work import Work

_KEEP = """
INSERT INTO observations AS held
    (system, code, name, name_key, unified_credit_code, phone, address, division_code, industry,
     observed_at, ref)
VALUES (:system, :code, :name, :name_key, :credit_code, :phone, :address, :division_code,
        :industry, :observed_at, :ref)
ON CONFLICT (system, code) DO UPDATE
    SET name = excluded.name, name_key = excluded.name_key,
        unified_credit_code = excluded.unified_credit_code, phone = excluded.phone,
        address = excluded.address, division_code = excluded.division_code,
        industry = excluded.industry, observed_at = excluded.observed_at, ref = excluded.ref
    WHERE (held.observed_at, held.ref) < (excluded.observed_at, excluded.ref)
"""


async def keep(
    work: Work, system: str, seen: CustomerObserved | CustomerOpened, observed_at: datetime
) -> None:
    """Keep what `system` says of its customer; the latest by its own time and ref holds."""
    await work.run(
        _KEEP,
        {
            "system": system,
            "code": seen.code,
            "name": seen.name,
            "name_key": name_key(seen.name),
            "credit_code": credit_code(seen.unified_credit_code),
            "phone": seen.phone,
            "address": seen.address,
            "division_code": seen.division_code,
            "industry": seen.industry,
            "observed_at": observed_at,
            "ref": seen.ref,
        },
    )


async def unlinked_with(work: Work, code: str) -> Sequence[tuple[str, str]]:
    """The (system, code) pairs seen with the credit code `code` and not cross-referenced yet."""
    rows = await work.rows(
        "SELECT system, code FROM observations seen WHERE unified_credit_code = :code"
        " AND NOT EXISTS (SELECT FROM customer_codes held"
        "                 WHERE held.system = seen.system AND held.code = seen.code)"
        " ORDER BY system, code",
        code=code,
    )
    return [(row["system"], row["code"]) for row in rows]
