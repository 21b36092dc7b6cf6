"""Credit problems that were reported upwards, and contracts that are lacking (R-22, R-30)."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Literal
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import DECIDING, OnDay, actor, in_sight
from services.registry.domain.proof.required_contracts import RequiredContracts
from services.registry.handlers.register import suspend_customer
from services.registry.handlers.register.suspend_customer import NoteProblem
from services.registry.storage.proof import credit_problems, reports
from services.registry.storage.proof.credit_problems import UnknownProblem
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(tags=["credit problems"])
_ORDER = Keyset("raised_on date", "problem_id uuid", descending=True)
_CUSTOMERS = Keyset("customer_key uuid")
State = Literal["reported", "noted", "lifted"]


class ProblemOut(BaseModel):
    """Why a customer was suspended, to whom it was reported, and what came of it."""

    problem_id: UUID
    customer_key: UUID
    customer_id: str | None
    name: str
    reason: str
    raised_by: str
    raised_at_unit: str
    raised_on: date
    reported_to: str
    state: State
    noted_by: str | None
    noted_on: date | None
    lifted_by: str | None
    lifted_on: date | None
    lifted_for: str | None
    version: int


class Noted(OnDay):
    """The day on which the centre above took note."""


class LackingOut(BaseModel):
    """A registered customer and the kinds of contracts that it should have and has not."""

    customer_key: UUID
    customer_id: str
    name: str
    owner_unit: str | None
    lacking: list[str]
    policy_version: int


@router.get("/v1/credit-problems")
async def listing(
    work: Reading,
    page: PageQuery,
    state: State | None = None,
    customer_key: UUID | None = None,
    reported_to: Code | None = None,
    is_reported_here: bool = False,
) -> Page[ProblemOut]:
    """信用问题 / credit problems in sight, the newest first.

    With `is_reported_here` those that came up to the own centre, or to one below it.
    """
    here = f" AND {reports.REPORTED_HERE}" if is_reported_here else ""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.CREDIT_PROBLEMS}{here}"
        " AND (CAST(:key AS uuid) IS NULL OR p.customer_key = :key)"
        " AND (CAST(:reported_to AS text) IS NULL OR p.reported_to = :reported_to)) found"
        " WHERE CAST(:state AS text) IS NULL OR state = :state",
        _ORDER,
        _problem,
        key=customer_key,
        reported_to=reported_to,
        state=state,
    )


@router.post("/v1/credit-problems/{problem_id}/note", roles=DECIDING | {"market_department"})
async def note(
    problem_id: UUID, body: Noted, expected_version: IfMatch, work: Commanding
) -> ProblemOut:
    """知悉信用问题 / the centre above takes note of a problem that was reported to it."""
    await in_sight(work, await credit_problems.customer_of(work, problem_id))
    command = NoteProblem(problem_id, actor(work), expected_version, body.on)
    await suspend_customer.take_note(work, command)
    return await _view(work, problem_id)


@router.get("/v1/reports/missing-contracts")
async def missing_contracts(work: Reading, page: PageQuery) -> Page[LackingOut]:
    """缺少合同的客户 / registered customers without a contract that policy demands (R-30)."""
    policy = await in_force(work, RequiredContracts, work.today)
    rules = orjson.dumps([dataclasses.asdict(rule) for rule in policy.body.contracts]).decode()
    return await page.read(
        work,
        reports.WITHOUT_CONTRACT,
        _CUSTOMERS,
        lambda row: LackingOut(**row, policy_version=policy.version),
        rules=rules,
        today=work.today,
    )


def _problem(row: RowMapping) -> ProblemOut:
    return ProblemOut(**row)


async def _view(work: Work, problem_id: UUID) -> ProblemOut:
    row = await work.row(f"{reports.CREDIT_PROBLEMS} AND p.problem_id = :id", id=problem_id)
    if row is None:
        raise UnknownProblem(
            f"没有信用问题 {problem_id}", f"there is no credit problem {problem_id} in sight"
        )
    return _problem(row)
