"""Interests of staff in customers and suppliers, and those that assignments touch (R-78)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.conduct.conflicts import Interest
from services.registry.domain.register.observations import name_key
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_INTERESTS = """
SELECT i.*, ended.until_on FROM interests i
LEFT JOIN interest_endings ended USING (interest_id)
"""
CONCERNS = """
(c.customer_key = i.customer_key OR c.head_office_key = i.customer_key
 OR c.unified_credit_code = i.unified_credit_code OR c.name_key = nullif(i.party_name_key, ''))
"""
"""SQL: whether the interest `i` is one in the customer `c`, however its party was named."""


_TOUCHING = f"""
SELECT i.*, ended.until_on, c.customer_key AS touched_key FROM interests i
LEFT JOIN interest_endings ended USING (interest_id)
JOIN customers c ON c.customer_key = ANY(:keys) AND {CONCERNS}
WHERE i.staff_code = ANY(:codes) AND i.from_on <= :on
    AND (ended.until_on IS NULL OR ended.until_on >= :on)
ORDER BY i.interest_id
"""


class UnknownInterestEntry(NotFound):
    """No such entry in the register, or none that the caller may know of."""

    code = "unknown-interest-entry"
    rule = "R-78"
    title_zh = "利益冲突登记不存在"
    title_en = "Unknown interest"


async def load(work: Work, interest_id: UUID) -> Interest:
    """The interest, locked until the work ends; raises UnknownInterestEntry."""
    row = await work.row(f"{_INTERESTS} WHERE i.interest_id = :id FOR UPDATE OF i", id=interest_id)
    if row is None:
        raise unknown(interest_id)
    return _interest(row)


def unknown(interest_id: UUID) -> UnknownInterestEntry:
    """What is said of an entry that the caller may not know of."""
    return UnknownInterestEntry(
        f"没有登记 {interest_id}", f"there is no entry {interest_id} that you may see"
    )


async def add(work: Work, interest: Interest, statement: str, by: str) -> None:
    """Add an interest to the register."""
    await work.run(
        insert(tables.interests).values(
            interest_id=interest.interest_id,
            staff_code=interest.staff_code,
            unit=interest.unit,
            kind=interest.kind,
            party_name=interest.party_name,
            party_name_key=name_key(interest.party_name),
            unified_credit_code=interest.unified_credit_code,
            customer_key=interest.customer_key,
            statement=statement,
            from_on=interest.from_on,
            declared_on=interest.declared_on,
            declared_by=by,
            recorded_at=work.now,
        )
    )


async def add_ending(work: Work, interest: Interest, by: str, reason: str) -> None:
    """Add the last day of an interest."""
    await work.run(
        insert(tables.interest_endings).values(
            interest_id=interest.interest_id,
            until_on=interest.until_on,
            ended_by=by,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def touched(
    work: Work, customer_key: UUID, staff_codes: Iterable[str], on: date
) -> list[Interest]:
    """Interests in the customer that any of `staff_codes` has on `on`, in a fixed order."""
    found = await touching(work, [customer_key], staff_codes, on)
    return found.get(customer_key, [])


async def touching(
    work: Work, customer_keys: Sequence[UUID], staff_codes: Iterable[str], on: date
) -> dict[UUID, list[Interest]]:
    """As `touched`, of each of the customers in whom there is one."""
    found: dict[UUID, list[Interest]] = {}
    for row in await work.rows(
        _TOUCHING, keys=list(customer_keys), codes=sorted(set(staff_codes)), on=on
    ):
        found.setdefault(row["touched_key"], []).append(_interest(row))
    return found


def _interest(row: RowMapping) -> Interest:
    return Interest(
        interest_id=row["interest_id"],
        staff_code=row["staff_code"],
        unit=row["unit"],
        kind=row["kind"],
        party_name=row["party_name"],
        declared_on=row["declared_on"],
        from_on=row["from_on"],
        unified_credit_code=row["unified_credit_code"],
        customer_key=row["customer_key"],
        until_on=row["until_on"],
    )
