"""Conflicts of interest: declared, ended, and found among those who look after accounts (R-78)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import Command, OnDay, Reason, actor, in_sight
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.conduct.register_interest import DeclareInterest, EndInterest
from services.registry.storage.conduct import interests, reports
from shared.contracts.values import Code, Name, Word
from shared.directory import scope
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(tags=["conduct"])
_ORDER = Keyset("declared_on date", "interest_id uuid", descending=True)
_TOUCHED = Keyset("staff_code text", "customer_key uuid", "interest_id uuid", "relation text")
_READERS: frozenset[Role] = frozenset(
    {"auditor", "director", "deputy_director", "sales_director", "province_administrator"}
)


class InterestIn(OnDay):
    """An interest of oneself, or of `staff_code` where a registrar enters it."""

    staff_code: Code | None = None
    kind: Word
    party_name: Name
    unified_credit_code: str | None = Field(default=None, max_length=50)
    customer_key: UUID | None = None
    from_on: date | None = None
    statement: Reason


class Ending(Command):
    """The last day of an interest, and why it ended."""

    until_on: date
    reason: Reason


class InterestOut(BaseModel):
    """An entry of the register; `until_on` is its last day."""

    interest_id: UUID
    staff_code: str
    unit: str
    kind: str
    party_name: str
    unified_credit_code: str | None
    customer_key: UUID | None
    statement: str
    from_on: date
    until_on: date | None
    declared_on: date
    declared_by: str


class TouchedOut(BaseModel):
    """Somebody with an interest in a customer that he, she or the own unit looks after."""

    interest_id: UUID
    staff_code: str
    kind: str
    customer_key: UUID
    name: str
    relation: Literal["manager-a", "manager-b", "owner-unit"]
    from_on: date
    owner_unit: str | None


@router.post("/v1/interests", status_code=201)
async def declare(body: InterestIn, work: Commanding) -> InterestOut:
    """申报利益冲突 / declare an interest in a customer or supplier."""
    by = actor(work)
    if body.customer_key is not None:
        await in_sight(work, body.customer_key)
    if body.staff_code is not None and body.staff_code != by.staff_code:
        await _require_in_reach(work, body.staff_code)
    values = body.model_dump(exclude={"staff_code"})
    command = DeclareInterest(by=by, staff_code=body.staff_code or by.staff_code, **values)
    interest = await register_interest.handle(work, command)
    return await _view(work, interest.interest_id)


@router.get("/v1/interests/own")
async def own(work: Reading, page: PageQuery) -> Page[InterestOut]:
    """本人申报 / what the caller declared, and what was declared for the caller."""
    return await page.read(
        work,
        f"{reports.INTERESTS} AND i.staff_code = :me",
        _ORDER,
        _interest,
        me=actor(work).staff_code,
    )


@router.get("/v1/interests", roles=_READERS)
async def listing(
    work: Reading, page: PageQuery, staff_code: Code | None = None
) -> Page[InterestOut]:
    """利益冲突登记 / the register, of the own unit and those below it."""
    return await page.read(
        work,
        f"{reports.INTERESTS} AND (CAST(:code AS text) IS NULL OR i.staff_code = :code)",
        _ORDER,
        _interest,
        code=staff_code,
    )


@router.post("/v1/interests/{interest_id}/end", roles=_READERS)
async def end(interest_id: UUID, body: Ending, work: Commanding) -> InterestOut:
    """终止登记 / the interest has ended; its entry stays."""
    await _view(work, interest_id)
    await register_interest.finish(
        work, EndInterest(interest_id, actor(work), body.until_on, body.reason)
    )
    return await _view(work, interest_id)


@router.get("/v1/reports/conflicts-of-interest", roles=_READERS)
async def touched(work: Reading, page: PageQuery) -> Page[TouchedOut]:
    """利益冲突核查 / interests in customers whom their holders look after (R-78)."""
    return await page.read(work, reports.TOUCHED, _TOUCHED, _touched, today=work.today)


async def _require_in_reach(work: Work, staff_code: str) -> None:
    unit = await work.value(
        "SELECT unit FROM staff_states WHERE staff_code = :code AND effective_on <= :today"
        " ORDER BY version DESC LIMIT 1",
        code=staff_code,
        today=work.today,
    )
    if unit is not None:
        await scope.require_unit(work, unit)


async def _view(work: Work, interest_id: UUID) -> InterestOut:
    row = await work.row(f"{reports.INTERESTS} AND i.interest_id = :id", id=interest_id)
    if row is None:
        raise interests.unknown(interest_id)
    return _interest(row)


def _interest(row: RowMapping) -> InterestOut:
    return InterestOut(**row)


def _touched(row: RowMapping) -> TouchedOut:
    return TouchedOut(**row)
