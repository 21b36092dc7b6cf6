"""Managers: assignments, swaps and signatures as they happened, and what they make together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert

from services.registry.domain.people.managers import (
    Assignment,
    History,
    ManagerRule,
    Managers,
    Phase,
    Signature,
    Swap,
)
from services.registry.storage import tables
from shared.work import Work


async def history(work: Work, customer_key: UUID) -> History:
    """What happened to the customer's managers, in the order in which it was recorded."""
    return (await histories(work, [customer_key]))[customer_key]


async def histories(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, History]:
    """As `history`, of each of the customers."""
    assignments = await _of_each(work, customer_keys, "manager_assignments", "sequence")
    signatures = await _of_each(work, customer_keys, "signatures", "contract_id")
    swaps = await _of_each(work, customer_keys, "manager_swaps", "sequence")
    return {
        key: History(
            [
                Assignment(
                    *(row["a_staff_code"], row["b_staff_code"], row["on"], row["sequence"]),
                    ManagerRule(row["rule"]),
                )
                for row in assignments[key]
            ],
            [Signature(row["contract_id"], row["signed_on"]) for row in signatures[key]],
            [Swap(Phase(row["phase"]), row["on"], row["sequence"]) for row in swaps[key]],
        )
        for key in customer_keys
    }


async def _of_each(
    work: Work, customer_keys: Sequence[UUID], table: str, order: str
) -> dict[UUID, list[RowMapping]]:
    found: dict[UUID, list[RowMapping]] = {key: [] for key in customer_keys}
    for row in await work.rows(
        f"SELECT * FROM {table} WHERE customer_key = ANY(:keys) ORDER BY {order}",
        keys=list(customer_keys),
    ):
        found[row["customer_key"]].append(row)
    return found


async def add_assignment(
    work: Work, customer_key: UUID, assignment: Assignment, by: str | None
) -> None:
    """Add who A and B are from a day on."""
    values = assignment_row(work, customer_key, assignment, by)
    await work.run(insert(tables.manager_assignments).values(values))


def assignment_row(
    work: Work, customer_key: UUID, assignment: Assignment, by: str | None
) -> dict[str, object]:
    """The row of an assignment."""
    return {
        "customer_key": customer_key,
        "sequence": assignment.sequence,
        "a_staff_code": assignment.a,
        "b_staff_code": assignment.b,
        "on": assignment.on,
        "assigned_by": by,
        "rule": assignment.rule.value,
        "recorded_at": work.now,
    }


async def add_swap(work: Work, customer_key: UUID, swap: Swap, by: str, reason: str) -> None:
    """Add that a person handed the lead to the other manager."""
    await work.run(
        insert(tables.manager_swaps).values(
            customer_key=customer_key,
            sequence=swap.sequence,
            phase=swap.phase.value,
            on=swap.on,
            swapped_by=by,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def add_signatures(
    work: Work, signed: Sequence[tuple[UUID, Signature, str | None]], publisher: str
) -> None:
    """Add signatures: (customer, signature, unit of its place); the same contract twice is one."""
    rows = [
        {
            "customer_key": customer_key,
            "contract_id": signature.contract_id,
            "signed_on": signature.signed_on,
            "signed_at_unit": signed_at_unit,
            "publisher": publisher,
            "recorded_at": work.now,
        }
        for customer_key, signature, signed_at_unit in signed
    ]
    await work.run(insert(tables.signatures).on_conflict_do_nothing(), rows)


async def current(work: Work, customer_key: UUID) -> tuple[Managers | None, int]:
    """The managers as last published, and their version; (None, 0) before the first."""
    return (await currents(work, [customer_key])).get(customer_key, (None, 0))


async def currents(
    work: Work, customer_keys: Sequence[UUID]
) -> dict[UUID, tuple[Managers | None, int]]:
    """As `current`, of each of the customers that have any."""
    rows = await work.rows(
        "SELECT * FROM managers WHERE customer_key = ANY(:keys)", keys=list(customer_keys)
    )
    return {row["customer_key"]: (_managers(row), row["version"]) for row in rows}


def _managers(row: RowMapping) -> Managers:
    return Managers(
        a=row["a_staff_code"],
        b=row["b_staff_code"],
        phase=Phase(row["phase"]),
        phase_contract_id=row["phase_contract_id"],
        rule=ManagerRule(row["rule"]),
        effective_on=row["effective_on"],
        lead_since_on=row["lead_since_on"],
    )


async def keep(work: Work, customer_key: UUID, managers: Managers, version: int) -> None:
    """Keep the managers as they are being published."""
    values = row_of(work, customer_key, managers, version)
    statement = insert(tables.managers).values(values)
    await work.run(statement.on_conflict_do_update(index_elements=["customer_key"], set_=values))


def row_of(work: Work, customer_key: UUID, managers: Managers, version: int) -> dict[str, object]:
    """The row of the managers."""
    return {
        "customer_key": customer_key,
        "a_staff_code": managers.a,
        "b_staff_code": managers.b,
        "phase": managers.phase.value,
        "phase_contract_id": managers.phase_contract_id,
        "lead_staff_code": managers.lead,
        "lead_since_on": managers.lead_since_on,
        "rule": managers.rule.value,
        "effective_on": managers.effective_on,
        "version": version,
        "recorded_at": work.now,
    }


async def customers_of(work: Work, staff_codes: Iterable[str]) -> list[UUID]:
    """Customers that any of `staff_codes` manages or ever managed, sorted."""
    rows = await work.rows(
        "SELECT DISTINCT customer_key FROM manager_assignments"
        " WHERE a_staff_code = ANY(:codes) OR b_staff_code = ANY(:codes) ORDER BY customer_key",
        codes=sorted(set(staff_codes)),
    )
    return [row["customer_key"] for row in rows]


async def tiers_on(work: Work, customer_key: UUID, on: date) -> list[tuple[str, str | None]]:
    """The customer's tier in every scheme on `on`: the highest version that has begun."""
    rows = await work.rows(
        "SELECT DISTINCT ON (scheme) scheme, tier FROM tiers"
        " WHERE customer_key = :key AND effective_on <= :on ORDER BY scheme, version DESC",
        key=customer_key,
        on=on,
    )
    return [(row["scheme"], row["tier"]) for row in rows]


async def managed_by(work: Work, staff_code: str) -> list[UUID]:
    """Living customers whose A or B manager is `staff_code` now, sorted."""
    rows = await work.rows(
        "SELECT customer_key FROM managers JOIN customers USING (customer_key)"
        " WHERE :code IN (a_staff_code, b_staff_code) AND closed_on IS NULL ORDER BY customer_key",
        code=staff_code,
    )
    return [row["customer_key"] for row in rows]


async def left_behind(work: Work) -> list[str]:
    """Who has left by today and still manages living customers, sorted."""
    rows = await work.rows(
        "SELECT DISTINCT gone.staff_code FROM (SELECT DISTINCT ON (staff_code) staff_code, state"
        " FROM staff_states WHERE effective_on <= :today ORDER BY staff_code, version DESC) gone"
        " JOIN managers m ON gone.staff_code IN (m.a_staff_code, m.b_staff_code)"
        " JOIN customers c USING (customer_key)"
        " WHERE gone.state = 'left' AND c.closed_on IS NULL ORDER BY 1",
        today=work.today,
    )
    return [row["staff_code"] for row in rows]
