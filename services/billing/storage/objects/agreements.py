"""Purchase agreements of objects."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from services.billing.domain.objects.agreements import Agreement
from shared.errors import NotFound
from shared.work import Work

_COLUMNS = (
    "agreement_id, number, object_code, customer_key, charge_id, price, signed_on,"
    " signed_at_unit, staff_code, version"
)


class UnknownAgreement(NotFound):
    """No such agreement, or none that the caller may know of."""

    code = "unknown-agreement"
    title_zh = "没有此合同"
    title_en = "No such agreement"


async def insert(work: Work, agreement: Agreement) -> bool:
    """Add an agreement; False when its number or its object is taken."""
    added = await work.value(
        f"INSERT INTO agreements ({_COLUMNS}, recorded_at)"
        f" VALUES (:{_COLUMNS.replace(', ', ', :')}, :recorded_at)"
        " ON CONFLICT DO NOTHING RETURNING agreement_id",
        **asdict(agreement),
        recorded_at=work.now,
    )
    return added is not None


async def get(work: Work, agreement_id: UUID) -> Agreement:
    """The agreement. Raises UnknownAgreement."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM agreements WHERE agreement_id = :id", id=agreement_id
    )
    if row is None:
        raise UnknownAgreement(f"没有合同 {agreement_id}", f"there is no agreement {agreement_id}")
    return Agreement(**row)


async def is_sold(work: Work, object_code: str) -> bool:
    """Whether an agreement on the object was signed."""
    found = await work.value(
        "SELECT 1 FROM agreements WHERE object_code = :object", object=object_code
    )
    return found is not None


async def page(work: Work, after: UUID | None, size: int) -> list[Agreement]:
    """The next agreements in order of id."""
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM agreements"
        " WHERE CAST(:after AS uuid) IS NULL OR agreement_id > :after"
        " ORDER BY agreement_id LIMIT :size",
        after=after,
        size=size,
    )
    return [Agreement(**row) for row in rows]
