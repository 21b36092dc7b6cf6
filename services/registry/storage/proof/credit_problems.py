"""Credit problems of customers; closed ones stay (R-22)."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from sqlalchemy import RowMapping, insert, update

from services.registry.domain.proof.credit_problems import CreditProblem
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_FIELDS = tuple(field.name for field in dataclasses.fields(CreditProblem))


class UnknownProblem(NotFound):
    """No such credit problem, or none that the caller may know of."""

    code = "unknown-credit-problem"
    rule = "R-22"
    title_zh = "信用问题不存在"
    title_en = "Unknown credit problem"


async def customer_of(work: Work, problem_id: UUID) -> UUID:
    """The customer whose problem it is; raises UnknownProblem."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM credit_problems WHERE problem_id = :id", id=problem_id
    )
    if key is None:
        raise UnknownProblem(
            f"没有信用问题 {problem_id}", f"there is no credit problem {problem_id}"
        )
    return key


async def load(work: Work, problem_id: UUID) -> CreditProblem:
    """The problem, whose customer is held; raises UnknownProblem."""
    await customer_of(work, problem_id)
    row = await work.row("SELECT * FROM credit_problems WHERE problem_id = :id", id=problem_id)
    assert row is not None, "problems are never deleted"
    return _problem(row)


async def open_of(work: Work, customer_key: UUID) -> CreditProblem | None:
    """The problem for which the customer, which is held, is suspended now."""
    row = await work.row(
        "SELECT * FROM credit_problems WHERE customer_key = :key AND lifted_on IS NULL",
        key=customer_key,
    )
    return None if row is None else _problem(row)


async def add(work: Work, problem: CreditProblem) -> None:
    """Keep a problem that was raised."""
    row = {**dataclasses.asdict(problem), "recorded_at": work.now}
    await work.run(insert(tables.credit_problems).values(row))


async def save(work: Work, problem: CreditProblem) -> None:
    """Keep that it was noted or lifted."""
    table = tables.credit_problems
    where = table.c.problem_id == problem.problem_id
    await work.run(update(table).where(where).values(dataclasses.asdict(problem)))


def _problem(row: RowMapping) -> CreditProblem:
    return CreditProblem(**{name: row[name] for name in _FIELDS})
