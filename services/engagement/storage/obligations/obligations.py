"""Obligations as they were last published, and the decisions taken about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert

from services.engagement.domain.obligations.duties import Duty
from services.engagement.domain.obligations.obligations import (
    Key,
    Obligation,
    ObligationState,
    Revision,
    inputs,
)
from services.engagement.domain.obligations.periods import Period, Unit
from services.engagement.storage import tables
from shared.identifiers import derived_id
from shared.work import Work


def obligation_id(duty: Duty) -> UUID:
    """The ID of what is owed to this customer by this row of the plan in this period."""
    return derived_id("obligation", duty.customer_key, duty.code, duty.first_on)


async def kept(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, list[Obligation]]:
    """What was published about these customers."""
    rows = await work.rows(
        "SELECT * FROM obligations WHERE customer_key = ANY(:keys)", keys=list(customer_keys)
    )
    found: dict[UUID, list[Obligation]] = {}
    for row in rows:
        found.setdefault(row["customer_key"], []).append(_obligation(row))
    return found


async def page(work: Work, after: UUID | None, size: int) -> list[tuple[UUID, Obligation, date]]:
    """The `size` obligations after the ID `after`, each with its ID and what it was known by."""
    rows = await work.rows(
        "SELECT * FROM obligations WHERE CAST(:after AS uuid) IS NULL OR obligation_id > :after"
        " ORDER BY obligation_id LIMIT :size",
        after=after,
        size=size,
    )
    return [(row["obligation_id"], _obligation(row), row["as_of"]) for row in rows]


async def missed(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, set[Key]]:
    """Which obligations were ever decided to be missed."""
    rows = await work.rows(
        "SELECT customer_key, code, first_on FROM obligation_decisions"
        " WHERE customer_key = ANY(:keys) AND kind = 'missed'",
        keys=list(customer_keys),
    )
    found: dict[UUID, set[Key]] = {}
    for row in rows:
        found.setdefault(row["customer_key"], set()).add((row["code"], row["first_on"]))
    return found


async def customers_overdue(work: Work, on: date, limit: int) -> list[UUID]:
    """Up to `limit` customers with an obligation that was due before `on` and is still open."""
    rows = await work.bulk(
        "SELECT DISTINCT customer_key FROM obligations"
        " WHERE state = 'due' AND due_on < %s::date ORDER BY customer_key LIMIT %s::int4",
        on,
        limit,
    )
    return [key for (key,) in rows]


async def save(work: Work, changed: Sequence[Obligation], as_of: date) -> None:
    """Keep these obligations by what was known on `as_of`; their customers are locked."""
    if not changed:
        return
    rows = [{**_row(work, obligation), "as_of": as_of} for obligation in changed]
    statement = insert(tables.obligations)
    renewed = {
        column.name: statement.excluded[column.name]
        for column in tables.obligations.columns
        if not column.primary_key
    }
    await work.run(
        statement.on_conflict_do_update(index_elements=["obligation_id"], set_=renewed), rows
    )


async def decide_missed(work: Work, obligations: Iterable[Obligation], as_of: date) -> None:
    """Record the decision that these were missed, with what it saw."""
    rows = [
        {**_decision(work, obligation, as_of), "kind": "missed", "reason": None, "number": 1}
        for obligation in obligations
    ]
    if rows:
        await work.run(plain_insert(tables.obligation_decisions), rows)


async def revise(work: Work, revisions: Iterable[Revision], as_of: date) -> None:
    """Record beside a decision that it no longer holds; the decision stays as it is."""
    for revision in revisions:
        row = _decision(work, revision.obligation, as_of)
        number = await work.value(
            "SELECT max(number) + 1 FROM obligation_decisions WHERE obligation_id = :id",
            id=row["obligation_id"],
        )
        values = {**row, "kind": "revised", "reason": revision.reason, "number": number}
        await work.run(plain_insert(tables.obligation_decisions), [values])


def _decision(work: Work, obligation: Obligation, as_of: date) -> dict[str, Any]:
    duty = obligation.duty
    return {
        "obligation_id": obligation_id(duty),
        "customer_key": duty.customer_key,
        "code": duty.code,
        "first_on": duty.first_on,
        "as_of": as_of,
        "plan_version": duty.plan_version,
        "inputs": inputs(duty),
        "recorded_at": work.now,
    }


def _row(work: Work, obligation: Obligation) -> dict[str, Any]:
    duty = obligation.duty
    return {
        "obligation_id": obligation_id(duty),
        "customer_key": duty.customer_key,
        "code": duty.code,
        "first_on": duty.first_on,
        "due_on": duty.due_on,
        "role": duty.role,
        "channel": duty.channel,
        "target_levels": list(duty.target_levels),
        "period_unit": duty.period.unit.value,
        "period_days": duty.period.days,
        "minimum": duty.minimum,
        "maximum": duty.maximum,
        "scheme": duty.scheme,
        "tier": duty.tier,
        "specialty_class": duty.specialty_class,
        "visit_class": duty.visit_class,
        "plan_version": duty.plan_version,
        "unit": duty.unit,
        "manager_a": duty.manager_a,
        "manager_b": duty.manager_b,
        "holder": duty.holder,
        "visit_ids": list(duty.visit_ids),
        "met_on": duty.met_on,
        "state": obligation.state.value,
        "version": obligation.version,
        "changed_at": work.now,
    }


def _obligation(row: Any) -> Obligation:
    duty = Duty(
        customer_key=row["customer_key"],
        code=row["code"],
        role=row["role"],
        channel=row["channel"],
        target_levels=tuple(row["target_levels"]),
        period=Period(Unit(row["period_unit"]), row["period_days"]),
        first_on=row["first_on"],
        due_on=row["due_on"],
        minimum=row["minimum"],
        maximum=row["maximum"],
        scheme=row["scheme"],
        tier=row["tier"],
        specialty_class=row["specialty_class"],
        visit_class=row["visit_class"],
        plan_version=row["plan_version"],
        unit=row["unit"],
        manager_a=row["manager_a"],
        manager_b=row["manager_b"],
        holder=row["holder"],
        visit_ids=tuple(row["visit_ids"]),
        met_on=row["met_on"],
    )
    return Obligation(duty, ObligationState(row["state"]), row["version"])
