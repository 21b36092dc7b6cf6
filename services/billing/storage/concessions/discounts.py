"""Discounts: one row each, every step noted, and what they took off which charge."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping

from services.billing.domain.concessions.discounts import Discount, State
from services.billing.domain.concessions.grants import BilledCharge
from shared.errors import NotFound
from shared.work import Work

_NAMES = tuple(field.name for field in fields(Discount))
_COLUMNS = ", ".join(_NAMES)
_NOTE = """
INSERT INTO discount_steps (discount_id, version, step, state, staff_code, unit, "on", reason, tier,
    ceiling, recorded_at)
VALUES (:discount_id, :version, :step, :state, :staff_code, :unit, :on, :reason, :tier, :ceiling,
    :recorded_at)
"""
_CHARGES = """
SELECT charge_id, customer_key, system, ref, business_line, gross, issued_on FROM charges c
WHERE (charge_id = ANY(%s::uuid[]) OR (customer_key = ANY(%s::uuid[])
        AND issued_on BETWEEN %s::date AND %s::date))
ORDER BY charge_id
"""
_EXCEPTED = """
SELECT charge_id FROM agreements WHERE charge_id = ANY(%s::uuid[])
UNION
SELECT charge_id FROM issued_charges WHERE charge_id = ANY(%s::uuid[]) AND kind = 'asset-damage'
"""
_CANCELLED = """
SELECT charge_id, cancelled_on, sum(amount) FROM charge_cancellations
WHERE charge_id = ANY(%s::uuid[]) GROUP BY 1, 2
"""
_HELD = """
SELECT charge_id, discount_id, event_on, amount FROM granted_discounts
WHERE charge_id = ANY(%s::uuid[]) OR customer_key = ANY(%s::uuid[])
"""
_PUT = """
INSERT INTO granted_discounts AS held (charge_id, discount_id, event_on, customer_key, amount)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::uuid[], %s::numeric[])
ON CONFLICT (charge_id, discount_id, event_on) DO UPDATE SET amount = held.amount + excluded.amount
"""

Held = dict[UUID, dict[UUID, dict[date, Decimal]]]
"""Yuan by charge, discount and day."""


class UnknownDiscount(NotFound):
    """No such discount, or none that the caller may know of."""

    code = "unknown-discount"
    title_zh = "没有此优惠"
    title_en = "No such discount"


async def insert(work: Work, discount: Discount) -> None:
    """Add an application."""
    await work.run(
        f"INSERT INTO discounts ({_COLUMNS}, recorded_at)"
        f" VALUES (:{_COLUMNS.replace(', ', ', :')}, :recorded_at)",
        {**_row(discount), "recorded_at": work.now},
    )


async def update(work: Work, discount: Discount) -> None:
    """Save what became of a discount that is held for update."""
    await work.run(
        "UPDATE discounts SET state = :state, steps_taken = :steps_taken, version = :version,"
        " until_on = :until_on, tier = :tier, ceiling = :ceiling WHERE discount_id = :discount_id",
        _row(discount),
    )


async def note(work: Work, discount: Discount, step: str, on: date, reason: str | None) -> None:
    """Note the step that made the discount what it is, with who took it."""
    await work.run(
        _NOTE,
        {
            "discount_id": discount.discount_id,
            "version": discount.version,
            "step": step,
            "state": discount.state,
            "staff_code": work.person.staff_code,
            "unit": work.person.unit,
            "on": on,
            "reason": reason,
            "tier": discount.tier,
            "ceiling": discount.ceiling,
            "recorded_at": work.now,
        },
    )


async def held(work: Work, discount_id: UUID) -> Discount:
    """The discount, held until the work ends. Raises UnknownDiscount."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM discounts WHERE discount_id = :id FOR UPDATE", id=discount_id
    )
    if row is None:
        raise UnknownDiscount(f"没有优惠 {discount_id}", f"there is no discount {discount_id}")
    return _discount(row)


async def taken_by(work: Work, discount_id: UUID) -> dict[str, str]:
    """Who has taken a step of the discount, with the unit; the last step of each."""
    rows = await work.rows(
        "SELECT staff_code, unit FROM discount_steps WHERE discount_id = :id ORDER BY version",
        id=discount_id,
    )
    return {row["staff_code"]: row["unit"] for row in rows}


async def last_step(work: Work, discount_id: UUID) -> tuple[date, str]:
    """The business date of the last step of a discount, and the unit that took it."""
    row = await work.row(
        'SELECT "on", unit FROM discount_steps WHERE discount_id = :id ORDER BY version DESC'
        " LIMIT 1",
        id=discount_id,
    )
    assert row is not None, "an application is the first step"
    return row["on"], row["unit"]


async def holding(work: Work, customer_keys: Collection[UUID]) -> list[Discount]:
    """Discounts of these customers that hold on some day."""
    rows = await work.bulk(
        f"SELECT {_COLUMNS} FROM discounts WHERE customer_key = ANY(%s::uuid[])"
        " AND state IN ('in_force', 'withdrawn') AND from_on <= until_on",
        sorted(customer_keys),
    )
    return [_discount(dict(zip(_NAMES, row, strict=True))) for row in rows]


async def decided_page(work: Work, after: UUID | None, size: int) -> list[Discount]:
    """The next discounts that were decided, in order of id."""
    rows = await work.bulk(
        f"SELECT {_COLUMNS} FROM discounts d WHERE discount_id > %s::uuid AND EXISTS ("
        " SELECT FROM discount_steps s WHERE s.discount_id = d.discount_id"
        " AND s.state IN ('in_force', 'refused')) ORDER BY discount_id LIMIT %s::int4",
        after or UUID(int=0),
        size,
    )
    return [_discount(dict(zip(_NAMES, row, strict=True))) for row in rows]


async def charges(
    work: Work,
    charge_ids: Collection[UUID],
    customer_keys: Collection[UUID] = (),
    period: tuple[date, date] = (date.max, date.min),
) -> list[BilledCharge]:
    """Charges that discounts may hold for: these, and those of customers issued in a period.

    Those that none holds for are left out.
    """
    rows = await work.bulk(_CHARGES, sorted(charge_ids), sorted(customer_keys), *period)
    without = await excepted(work, [row[0] for row in rows])
    rows = [row for row in rows if row[0] not in without]
    cancelled: dict[UUID, dict[date, Decimal]] = {}
    for charge_id, day, amount in await work.bulk(_CANCELLED, [row[0] for row in rows]):
        cancelled.setdefault(charge_id, {})[day] = amount
    return [BilledCharge(*(*row, cancelled.get(row[0], {}))) for row in rows]


async def excepted(work: Work, charge_ids: Collection[UUID]) -> set[UUID]:
    """Those charges that no discount holds for.

    What an agreement asks for is a price of its own, and damage to assets is no business.
    """
    if not charge_ids:
        return set()
    keys = sorted(charge_ids)
    return {key for (key,) in await work.bulk(_EXCEPTED, keys, keys)}


async def of(work: Work, discount_ids: Collection[UUID]) -> list[Discount]:
    """Discounts by id."""
    rows = await work.bulk(
        f"SELECT {_COLUMNS} FROM discounts WHERE discount_id = ANY(%s::uuid[])",
        sorted(discount_ids),
    )
    return [_discount(dict(zip(_NAMES, row, strict=True))) for row in rows]


async def grants(
    work: Work, charge_ids: Collection[UUID], customer_keys: Collection[UUID] = ()
) -> Held:
    """What was taken off these charges, and off all those of customers."""
    found: Held = {}
    for charge_id, discount_id, day, amount in await work.bulk(
        _HELD, sorted(charge_ids), sorted(customer_keys)
    ):
        found.setdefault(charge_id, {}).setdefault(discount_id, {})[day] = amount
    return found


async def put_grants(work: Work, rows: Sequence[tuple[UUID, UUID, date, UUID, Decimal]]) -> None:
    """Add to what was taken off, as (charge, discount, day, customer, yuan)."""
    if rows:
        await work.bulk(_PUT, *(list(column) for column in zip(*sorted(rows), strict=True)))


def _row(discount: Discount) -> dict[str, object]:
    return {name: getattr(discount, name) for name in _NAMES}


def _discount(row: RowMapping | Mapping[str, object]) -> Discount:
    return Discount(**{**row, "state": State(str(row["state"]))})
