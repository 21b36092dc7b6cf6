"""Deposits: one row each, the live one of an object unique; every change noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.domain.objects.deposits import Deposit, Kind, State
from services.billing.storage.objects import reservations
from shared.directory.identities import present
from shared.errors import NotFound
from shared.work import Work

_COLUMNS = (
    "deposit_id, chain_id, customer_key, object_code, kind, state, amount, chain_amount,"
    " excess_amount, price, taken_on, valid_until_on, contract_due_on, policy_version, version,"
    " upgraded_to, agreement_id, settled_on, settled_amount, contract_overdue_on, preliminary_id"
)
_OF_D = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))
# Whoever comes second for an object waits here until the first has decided (B-11).
_INSERT = f"""
INSERT INTO deposits ({_COLUMNS})
VALUES (:{_COLUMNS.replace(", ", ", :")})
ON CONFLICT (object_code) WHERE state = 'taken' DO NOTHING
RETURNING deposit_id
"""
_UPDATE = """
UPDATE deposits SET state = :state, version = :version, upgraded_to = :upgraded_to,
    agreement_id = :agreement_id, settled_on = :settled_on, settled_amount = :settled_amount,
    price = :price, excess_amount = :excess_amount, valid_until_on = :valid_until_on,
    contract_due_on = :contract_due_on, contract_overdue_on = :contract_overdue_on
WHERE deposit_id = :deposit_id
"""
_NOTE = """
INSERT INTO deposit_changes (deposit_id, version, state, "on", staff_code, reason, recorded_at)
VALUES (:deposit_id, :version, :state, :on, :staff_code, :reason, :recorded_at)
"""


class UnknownDeposit(NotFound):
    """No such deposit, or none that the caller may know of."""

    code = "unknown-deposit"
    title_zh = "没有此定金"
    title_en = "No such deposit"


async def insert(work: Work, deposit: Deposit) -> bool:
    """Add a live deposit; False when the object has one already (B-11)."""
    return await work.value(_INSERT, **asdict(deposit)) is not None


async def update(work: Work, deposit: Deposit) -> None:
    """Save what changed of a deposit that is held for update."""
    await work.run(_UPDATE, asdict(deposit))


async def note(work: Work, deposit: Deposit, on: date, reason: str | None = None) -> None:
    """Note a change with who made it; nobody did when it fell due."""
    await work.run(
        _NOTE,
        {
            "deposit_id": deposit.deposit_id,
            "version": deposit.version,
            "state": deposit.state,
            "on": on,
            "staff_code": work.caller.staff_code if work.caller is not None else None,
            "reason": reason,
            "recorded_at": work.now,
        },
    )


async def held(work: Work, deposit_id: UUID) -> Deposit:
    """The deposit with its object, held until the work ends (B-11). Raises UnknownDeposit."""
    object_code = await work.value(
        "SELECT object_code FROM deposits WHERE deposit_id = :id", id=deposit_id
    )
    if object_code is not None:
        await reservations.hold(work, object_code)
    row = await work.row(
        f"SELECT {_COLUMNS} FROM deposits WHERE deposit_id = :id FOR UPDATE", id=deposit_id
    )
    if row is None:
        raise UnknownDeposit(f"没有定金 {deposit_id}", f"there is no deposit {deposit_id}")
    return _deposit(dict(row))


async def live_on(work: Work, object_code: str) -> Deposit | None:
    """The live deposit on an object, held until the work ends."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM deposits WHERE object_code = :object AND state = 'taken'"
        " FOR UPDATE",
        object=object_code,
    )
    return None if row is None else _deposit(dict(row))


async def due(work: Work, on: date) -> list[Deposit]:
    """Live deposits whose last day lies before `on`, held; those in other hands are left out.

    A deposit whose contract is signed waits for it to be applied, and does not fall due.
    """
    return await _waiting(work, "state = 'taken' AND valid_until_on < :on", on)


async def without_contract(work: Work, on: date) -> list[Deposit]:
    """Deposits held whose contract was due before `on` and never signed, not found late yet."""
    return await _waiting(
        work,
        "state IN ('taken', 'expired') AND contract_due_on < :on AND contract_overdue_on IS NULL"
        " AND agreement_id IS NULL",
        on,
    )


async def to_apply(work: Work, on: date) -> dict[UUID, Deposit]:
    """By agreement the deposit that held when it was signed, before `on`, and waits for it.

    Both are held; those in other hands are left out. Nor is one in it that a cancelled agreement
    gave free: what becomes of that is decided by a person.
    """
    rows = await work.rows(
        f"SELECT a.agreement_id AS waited_for, {_OF_D} FROM deposits d JOIN agreements a"
        " ON a.object_code = d.object_code AND a.state <> 'cancelled' AND a.signed_on < :on"
        f" AND {present('a.customer_key')} = {present('d.customer_key')}"
        " AND a.signed_on >= d.taken_on"
        " AND a.signed_on <= least(d.contract_due_on, d.valid_until_on)"
        " WHERE d.state IN ('taken', 'expired') AND d.agreement_id IS NULL"
        " ORDER BY 1 FOR UPDATE SKIP LOCKED",
        on=on,
    )
    found = [dict(row) for row in rows]
    return {row.pop("waited_for"): _deposit(row) for row in found}


async def applied_to(work: Work, agreement_id: UUID) -> list[Deposit]:
    """The deposits that were applied to an agreement, held until the work ends.

    There are two where one that an earlier agreement gave free was applied beside the live one.
    """
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM deposits WHERE agreement_id = :id AND state = 'applied'"
        " ORDER BY deposit_id FOR UPDATE",
        id=agreement_id,
    )
    return [_deposit(dict(row)) for row in rows]


async def collectors(work: Work, chain_id: UUID) -> set[str]:
    """Who took the money of a chain, by staff code (B-04)."""
    rows = await work.rows(
        "SELECT staff_code FROM deposit_changes JOIN deposits USING (deposit_id)"
        " WHERE chain_id = :chain AND deposit_changes.version = 1",
        chain=chain_id,
    )
    return {row["staff_code"] for row in rows}


async def _waiting(work: Work, which: str, on: date) -> list[Deposit]:
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM deposits d WHERE {which} AND NOT EXISTS ("
        " SELECT FROM agreements a WHERE a.object_code = d.object_code AND a.state <> 'cancelled'"
        f" AND {present('a.customer_key')} = {present('d.customer_key')})"
        " ORDER BY valid_until_on, deposit_id FOR UPDATE OF d SKIP LOCKED",
        on=on,
    )
    return [_deposit(dict(row)) for row in rows]


async def page(work: Work, after: UUID | None, size: int) -> list[tuple[Deposit, date]]:
    """The next deposits in order of id, each with the day of its last change."""
    rows = await work.rows(
        f'SELECT {_COLUMNS}, (SELECT "on" FROM deposit_changes changed'
        " WHERE changed.deposit_id = deposits.deposit_id AND changed.version = deposits.version)"
        " AS changed_on FROM deposits"
        " WHERE CAST(:after AS uuid) IS NULL OR deposit_id > :after"
        " ORDER BY deposit_id LIMIT :size",
        after=after,
        size=size,
    )
    pairs = []
    for row in rows:
        columns = dict(row)
        changed_on = columns.pop("changed_on")
        pairs.append((_deposit(columns), changed_on))
    return pairs


def _deposit(row: Mapping[str, Any]) -> Deposit:
    return Deposit(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})
