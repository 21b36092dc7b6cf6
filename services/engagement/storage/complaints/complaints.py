"""Complaint cases with their rounds and clocks; what was said is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert

from services.engagement.storage import tables
from services.engagement.storage.complaints import case_rows
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.work import Work


async def add(work: Work, cases: Sequence[KeptCase], words: Sequence[str]) -> None:
    """Keep new cases with what was said in each."""
    if not cases:
        return
    rows = [
        {**case_rows.origin(kept), **case_rows.state(kept), "words": work.box.seal(said.encode())}
        for kept, said in zip(cases, words, strict=True)
    ]
    await work.run(plain_insert(tables.complaints), rows)
    await _save_parts(work, cases)


async def save(work: Work, cases: Sequence[KeptCase]) -> None:
    """Keep these cases as they are now; they are locked."""
    if not cases:
        return
    states = [case_rows.state(kept) for kept in cases]
    columns = tables.complaints.c
    changed: dict[str, Any] = {
        name: bindparam(name) for name in states[0] if name != "complaint_id"
    }
    statement = (
        update(tables.complaints)
        .where(columns.complaint_id == bindparam("this_case"))
        .values(**changed)
    )
    await work.run(
        statement, [{"this_case": state.pop("complaint_id"), **state} for state in states]
    )
    await _save_parts(work, cases)


async def one(work: Work, complaint_id: UUID) -> KeptCase | None:
    """The case, locked; None if there is none."""
    return next(iter(await load(work, [complaint_id])), None)


async def load(work: Work, complaint_ids: Sequence[UUID]) -> list[KeptCase]:
    """These cases, locked, in order of their IDs."""
    columns = tables.complaints.c
    statement = (
        select(*(column for column in columns if column.name != "words"))
        .where(columns.complaint_id.in_(complaint_ids))
        .order_by(columns.complaint_id)
        .with_for_update()
    )
    rows = await work.rows(statement)
    rounds = await _parts(work, "complaint_rounds", "number", complaint_ids)
    clocks = await _parts(work, "complaint_clocks", "round, due_at, stage", complaint_ids)
    return [
        case_rows.kept(row, rounds[row["complaint_id"]], clocks.get(row["complaint_id"], []))
        for row in rows
    ]


async def page(work: Work, after: UUID | None, size: int) -> list[KeptCase]:
    """The `size` cases after the ID `after`, in order of their IDs; locked."""
    ids = await work.bulk(
        "SELECT complaint_id FROM complaints WHERE %s::uuid IS NULL OR complaint_id > %s::uuid"
        " ORDER BY complaint_id LIMIT %s::int4",
        after,
        after,
        size,
    )
    return await load(work, [complaint_id for (complaint_id,) in ids])


async def by_source(work: Work, sources: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """The cases that came from these systems under these refs."""
    rows = await work.bulk(
        "SELECT source_system, source_ref, complaint_id FROM complaints"
        " JOIN unnest(%s::text[], %s::text[]) AS wanted (system, ref)"
        " ON source_system = wanted.system AND source_ref = wanted.ref",
        [system for system, _ in sources],
        [ref for _, ref in sources],
    )
    return {(system, ref): complaint_id for system, ref, complaint_id in rows}


async def of_customers(work: Work, customer_keys: Sequence[UUID]) -> list[UUID]:
    """The cases of these customers, and of all who are the same customer today."""
    rows = await work.bulk(
        "SELECT complaint_id FROM complaints WHERE customer_key = ANY(%s::uuid[]) OR customer_key"
        " IN (SELECT customer_key FROM kit.identities WHERE root = ANY(%s::uuid[]))",
        list(customer_keys),
        list(customer_keys),
    )
    return [key for (key,) in rows]


async def opened_before(work: Work, at: datetime) -> list[UUID]:
    """Cases not known as history that were opened before `at`."""
    rows = await work.bulk(
        "SELECT complaint_id FROM complaints"
        " WHERE occurred_at < %s::timestamptz AND NOT is_imported",
        at,
    )
    return [key for (key,) in rows]


async def with_provisional_clocks(work: Work) -> list[UUID]:
    """Cases of which some limit was counted on a calendar not announced."""
    rows = await work.bulk(
        "SELECT DISTINCT complaint_id FROM complaint_clocks WHERE is_provisional"
    )
    return [key for (key,) in rows]


async def overdue(work: Work, by: datetime, highest_level: int) -> list[UUID]:
    """Cases with a limit that ended by `by` unkept: undecided, or still climbing below that level.

    What is decided and has climbed as far as it can by itself is left in peace.
    """
    rows = await work.bulk(
        "SELECT DISTINCT clocks.complaint_id FROM complaint_clocks clocks"
        " JOIN complaints USING (complaint_id)"
        " WHERE clocks.due_at <= %s::timestamptz AND NOT clocks.is_provisional"
        " AND ((clocks.stopped_at IS NULL AND complaints.level < %s::int4)"
        " OR ((clocks.stopped_at IS NULL OR clocks.stopped_at > clocks.due_at) AND NOT EXISTS ("
        "  SELECT FROM complaint_breaches decided"
        "  WHERE decided.complaint_id = clocks.complaint_id AND decided.round = clocks.round"
        "  AND decided.stage = clocks.stage)))",
        by,
        highest_level,
    )
    return [key for (key,) in rows]


async def _save_parts(work: Work, cases: Sequence[KeptCase]) -> None:
    statement = insert(tables.complaint_rounds)
    renewed = {
        column.name: statement.excluded[column.name]
        for column in tables.complaint_rounds.columns
        if not column.primary_key
    }
    await work.run(
        statement.on_conflict_do_update(index_elements=["complaint_id", "number"], set_=renewed),
        [case_rows.round_(kept, each) for kept in cases for each in kept.case.rounds],
    )
    await work.bulk(
        "DELETE FROM complaint_clocks WHERE complaint_id = ANY(%s::uuid[])",
        [kept.case.complaint_id for kept in cases],
    )
    if clocks := [case_rows.clock(kept, each) for kept in cases for each in kept.clocks]:
        await work.run(plain_insert(tables.complaint_clocks), clocks)


async def _parts(
    work: Work, table: str, order: str, complaint_ids: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    rows = await work.rows(
        f"SELECT * FROM {table} WHERE complaint_id = ANY(:ids) ORDER BY {order}",
        ids=list(complaint_ids),
    )
    parts: dict[UUID, list[Any]] = {}
    for row in rows:
        parts.setdefault(row["complaint_id"], []).append(row)
    return parts
