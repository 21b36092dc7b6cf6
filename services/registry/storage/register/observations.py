"""Customers that other systems have seen, as they last described them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.registry.domain.register.observations import name_key
from services.registry.storage.register.divisions import credit_code
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KEEP = """
INSERT INTO observations AS held
    (system, code, name, name_key, unified_credit_code, phone, address, division_code, industry,
     observed_at, ref)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                     %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
ON CONFLICT (system, code) DO UPDATE
    SET name = excluded.name, name_key = excluded.name_key,
        unified_credit_code = excluded.unified_credit_code, phone = excluded.phone,
        address = excluded.address, division_code = excluded.division_code,
        industry = excluded.industry, observed_at = excluded.observed_at, ref = excluded.ref
    WHERE (held.observed_at, held.ref) < (excluded.observed_at, excluded.ref)
"""


async def keep(work: Work, facts: Sequence[Fact[CustomerObserved] | Fact[CustomerOpened]]) -> None:
    """Keep what systems say of their customers; the latest by its own time and ref holds."""
    latest: dict[tuple[str, str], Fact[CustomerObserved] | Fact[CustomerOpened]] = {}
    for fact in sorted(facts, key=lambda each: (each.time, each.data.ref)):
        latest[(fact.system, fact.data.code)] = fact
    if latest:
        rows = [
            _row(fact.system, fact.data, fact.time)
            for _, fact in sorted(latest.items(), key=lambda item: item[0])
        ]
        await work.bulk(_KEEP, *(list(column) for column in zip(*rows, strict=True)))


async def unlinked_with(
    work: Work, credit_codes: Iterable[str]
) -> dict[str, list[tuple[str, str]]]:
    """The (system, code) pairs seen with each credit code and not cross-referenced yet."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await work.rows(
        "SELECT unified_credit_code, system, code FROM observations seen"
        " WHERE unified_credit_code = ANY(:codes)"
        " AND NOT EXISTS (SELECT FROM customer_codes held"
        "                 WHERE held.system = seen.system AND held.code = seen.code)"
        " ORDER BY system, code",
        codes=sorted(set(credit_codes)),
    ):
        found.setdefault(row["unified_credit_code"], []).append((row["system"], row["code"]))
    return found


def _row(
    system: str, seen: CustomerObserved | CustomerOpened, observed_at: datetime
) -> tuple[object, ...]:
    return (
        *(system, seen.code, seen.name, name_key(seen.name)),
        *(credit_code(seen.unified_credit_code), seen.phone, seen.address),
        *(seen.division_code, seen.industry, observed_at, seen.ref),
    )
