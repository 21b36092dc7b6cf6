"""Customers. The row of a customer is the lock of everything that is decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert, update

from services.registry.domain.register.customers import Customer, CustomerKind
from services.registry.domain.register.observations import name_key
from services.registry.storage import tables
from services.registry.storage.identity import search_rows
from shared.errors import Conflict, NotFound
from shared.work import Work

_COLUMNS = tuple(
    column.name
    for column in tables.customers.columns
    if column.name not in ("name_key", "recorded_at")
)
Codes = Sequence[tuple[str, str]]


class UnknownCustomer(NotFound):
    """No customer of that key, or none that the caller may know of."""

    code = "unknown-customer"
    title_zh = "客户不存在"
    title_en = "Unknown customer"


class CodeTaken(Conflict):
    """Another customer is cross-referenced under that code."""

    code = "code-taken"
    rule = "R-81"
    title_zh = "外部编码已属于另一客户"
    title_en = "Code taken"


async def load(work: Work, customer_key: UUID) -> Customer:
    """The customer, locked until the work ends; raises UnknownCustomer."""
    found = await find(work, customer_key)
    if found is None:
        raise UnknownCustomer(
            f"没有客户 {customer_key}",
            f"there is no customer {customer_key}",
            customer_key=str(customer_key),
        )
    return found


async def find(work: Work, customer_key: UUID) -> Customer | None:
    """As `load`, None for an unknown one."""
    row = await work.row(
        "SELECT * FROM customers WHERE customer_key = :key FOR UPDATE", key=customer_key
    )
    return None if row is None else customer_from(row)


async def load_all(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, Customer]:
    """Those customers, locked in the order of their keys until the work ends."""
    rows = await work.rows(
        "SELECT * FROM customers WHERE customer_key = ANY(:keys) ORDER BY customer_key FOR UPDATE",
        keys=sorted(set(customer_keys)),
    )
    return {row["customer_key"]: customer_from(row) for row in rows}


async def glance(work: Work, customer_key: UUID) -> Customer:
    """The customer, not held, if it may be seen; raises UnknownCustomer."""
    row = await work.row("SELECT * FROM customers WHERE customer_key = :key", key=customer_key)
    if row is None:
        raise UnknownCustomer(f"没有客户 {customer_key}", f"there is no customer {customer_key}")
    return customer_from(row)


def customer_from(row: RowMapping) -> Customer:
    """The customer that a row of the table says."""
    fields = {name: row[name] for name in _COLUMNS}
    fields["kind"] = CustomerKind(fields["kind"])
    fields["joint_units"] = tuple(fields["joint_units"])
    fields["traits"] = tuple(fields["traits"])
    return Customer(**fields)


async def add(work: Work, customer: Customer) -> None:
    """Add a customer that was declared or opened."""
    await work.run(insert(tables.customers).values(row_of(work, customer)))
    await search_rows.keep(work, [customer])


async def save(work: Work, customer: Customer) -> None:
    """Give the customer, which must be loaded, its newest state."""
    statement = update(tables.customers).where(
        tables.customers.c.customer_key == customer.customer_key
    )
    await work.run(statement.values(row_of(work, customer)))
    await search_rows.keep(work, [customer])


async def note(
    work: Work, customer: Customer, step: str, on: date, by: str | None, reason: str | None = None
) -> None:
    """Write into the customer's history what was done, on which day, by whom and why."""
    change = change_row(work, customer, step, on, by, reason)
    await work.run(insert(tables.customer_changes).values(change))


async def codes(work: Work, customer_key: UUID) -> Codes:
    """The (system, code) pairs under which others know the customer, sorted."""
    rows = await work.rows(
        "SELECT system, code FROM customer_codes WHERE customer_key = :key ORDER BY system, code",
        key=customer_key,
    )
    return [(row["system"], row["code"]) for row in rows]


async def link(work: Work, customer_key: UUID, system: str, code: str) -> bool:
    """Cross-reference the code; False if it was before. Raises CodeTaken (R-81)."""
    inserted = await work.run(
        "INSERT INTO customer_codes (system, code, customer_key, recorded_at)"
        " VALUES (:system, :code, :key, :now) ON CONFLICT DO NOTHING",
        {"system": system, "code": code, "key": customer_key, "now": work.now},
    )
    if await holder(work, system, code) != customer_key:
        raise CodeTaken(
            f"{system} 的编码 {code} 已属于另一客户",
            f"the code {code} of {system} belongs to another customer",
            pointer="/customer/codes",
            system=system,
            code=code,
        )
    return inserted.rowcount == 1


async def holder(work: Work, system: str, code: str) -> UUID | None:
    """The customer that `system` means by `code`, if it is cross-referenced."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM customer_codes WHERE system = :system AND code = :code",
        system=system,
        code=code,
    )
    return key


async def holders(work: Work, codes: Codes) -> dict[tuple[str, str], UUID]:
    """Those of the (system, code) pairs that are cross-referenced, with the customers meant."""
    rows = await work.bulk(
        "SELECT system, code, customer_key FROM customer_codes JOIN unnest(%s::text[], %s::text[])"
        " AS wanted (system, code) USING (system, code)",
        [system for system, _ in codes],
        [code for _, code in codes],
    )
    return {(system, code): key for system, code, key in rows}


async def lock_credit_codes(work: Work, credit_codes: Iterable[str]) -> None:
    """Let one work at a time look who has the credit codes and act on it."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('credit code ' || code, 0))"
        " FROM (SELECT code FROM unnest(CAST(:codes AS text[])) AS code ORDER BY code) ordered",
        {"codes": sorted(set(credit_codes))},
    )


async def living_with(work: Work, credit_codes: Iterable[str]) -> dict[str, list[RowMapping]]:
    """Customers not closed that have one of the credit codes, and the unit to ask about each."""
    found: dict[str, list[RowMapping]] = {}
    for row in await work.rows(
        "SELECT unified_credit_code, customer_key, head_office_key, coalesce("
        " (SELECT owner_unit FROM ownerships held WHERE held.customer_key = c.customer_key"
        "  ORDER BY version DESC LIMIT 1), declaring_unit) AS unit"
        " FROM customers c WHERE unified_credit_code = ANY(:codes) AND closed_on IS NULL"
        " AND NOT EXISTS (SELECT FROM kit.identities known"
        "  WHERE known.customer_key = c.customer_key AND known.root <> known.customer_key)"
        " ORDER BY customer_key",
        codes=sorted(set(credit_codes)),
    ):
        found.setdefault(row["unified_credit_code"], []).append(row)
    return found


async def living_branches(work: Work, customer_key: UUID) -> list[UUID]:
    """The branches below the head office `customer_key` that are not closed (R-32)."""
    rows = await work.rows(
        "SELECT customer_key FROM customers WHERE head_office_key = :key AND closed_on IS NULL"
        " ORDER BY customer_key",
        key=customer_key,
    )
    return [row["customer_key"] for row in rows]


def change_row(
    work: Work, customer: Customer, step: str, on: date, by: str | None, reason: str | None
) -> dict[str, object]:
    """A row of the customer's history."""
    return {
        "customer_key": customer.customer_key,
        "version": customer.version,
        "step": step,
        "on": on,
        "by": by,
        "reason": reason,
        "state": customer.state.value,
        "recorded_at": work.now,
    }


def code_row(work: Work, customer_key: UUID, system: str, code: str) -> dict[str, object]:
    """A row of the cross-reference."""
    return {
        "system": system,
        "code": code,
        "customer_key": customer_key,
        "recorded_at": work.now,
    }


def row_of(work: Work, customer: Customer) -> dict[str, object]:
    """The row of the customer's newest state."""
    values: dict[str, object] = {name: getattr(customer, name) for name in _COLUMNS}
    return {
        **values,
        "kind": customer.kind.value,
        "joint_units": list(customer.joint_units),
        "traits": list(customer.traits),
        "name_key": name_key(customer.name),
        "recorded_at": work.now,
    }
