"""Runs: one period scored batch by batch, with its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson
from sqlalchemy import RowMapping

from services.tiering.domain.scoring.runs import Run
from services.tiering.domain.scoring.unscored import Unscored
from shared.directory.grants import visible
from shared.errors import NotFound
from shared.work import Work

COLUMNS = """
run_id, version, scheme, scheme_version, period, from_on, cut_off, state, started_by, started_on,
last_customer_key, customers, seen, scored, unchanged, unscored, proposed
"""
_POPULATION = """
FROM kit.customers
WHERE customers.state = ANY(:states)
    AND NOT EXISTS (SELECT FROM kit.identities
                    WHERE identities.customer_key = customers.customer_key
                        AND identities.root <> identities.customer_key)
"""
_IN_SIGHT = f" AND {visible('money', 'customers.customer_key')}"


async def save(work: Work, run: Run) -> None:
    """Insert a run or store its progress."""
    names = [name.strip() for name in COLUMNS.split(",")]
    places = ", ".join(f":{name}" for name in names)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    await work.run(
        f"INSERT INTO score_runs ({COLUMNS}, started_at) VALUES ({places}, :now)"
        f" ON CONFLICT (run_id) DO UPDATE SET {changed}",
        {**asdict(run), "now": work.now},
    )


async def hold(work: Work, run_id: UUID) -> Run:
    """The run, locked until the transaction ends. Raises NotFound."""
    row = await work.row(
        f"SELECT {COLUMNS} FROM score_runs WHERE run_id = :run_id FOR UPDATE", run_id=run_id
    )
    if row is None:
        raise NotFound(f"没有评分任务 {run_id}", f"there is no run {run_id}")
    return made(row)


async def one(work: Work, run_id: UUID) -> Run:
    """The run as it stands. Raises NotFound."""
    row = await work.row(f"SELECT {COLUMNS} FROM score_runs WHERE run_id = :run_id", run_id=run_id)
    if row is None:
        raise NotFound(f"没有评分任务 {run_id}", f"there is no run {run_id}")
    return made(row)


async def population(work: Work, states: Sequence[str]) -> int:
    """How many customers of `states` there are that the caller may see (all for a sweep)."""
    count = await work.value(f"SELECT count(*) {_people(work)}", states=list(states))
    return int(count)


async def next_customers(
    work: Work, states: Sequence[str], after: UUID | None, limit: int
) -> list[UUID]:
    """The next customers to score, in the order of their keys; merged ones are not among them."""
    rows = await work.rows(
        f"SELECT customers.customer_key {_people(work)}"
        " AND (CAST(:after AS uuid) IS NULL OR customers.customer_key > :after)"
        " ORDER BY customers.customer_key LIMIT :limit",
        states=list(states),
        after=after,
        limit=limit,
    )
    return [row["customer_key"] for row in rows]


async def those_in(work: Work, states: Sequence[str], customer_keys: Sequence[UUID]) -> list[UUID]:
    """Those of `customer_keys` that are of `states` and part of no other, in order."""
    rows = await work.rows(
        f"SELECT customers.customer_key {_POPULATION}"
        " AND customers.customer_key = ANY(:keys) ORDER BY customers.customer_key",
        states=list(states),
        keys=list(customer_keys),
    )
    return [row["customer_key"] for row in rows]


async def add_unscored(work: Work, run_id: UUID, why: Mapping[UUID, Unscored]) -> None:
    """Keep who could not be scored in a run, and why."""
    keys = sorted(why)
    if not keys:
        return
    details = [
        {"factor": why[key].factor, "unit": why[key].unit, "year": why[key].year} for key in keys
    ]
    await work.bulk(
        "INSERT INTO unscored (run_id, customer_key, reason, detail)"
        " SELECT %s::uuid, key, reason, detail::jsonb"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS given (key, reason, detail)",
        run_id,
        keys,
        [why[key].reason for key in keys],
        [orjson.dumps(detail).decode() for detail in details],
    )


def made(row: RowMapping) -> Run:
    """The run that a row of all COLUMNS says."""
    return Run(**{name.strip(): row[name.strip()] for name in COLUMNS.split(",")})


def _people(work: Work) -> str:
    return _POPULATION if work.caller is None else _POPULATION + _IN_SIGHT
