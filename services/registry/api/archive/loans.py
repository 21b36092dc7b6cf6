"""The lending register of originals (R-72)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import Command, OnDay, Reason, actor
from services.registry.domain.archive.custody.assets import AssetState
from services.registry.domain.archive.custody.loans import Loan, LoanState
from services.registry.handlers.archive.custody import lend_original
from services.registry.handlers.archive.custody.lend_original import MoveLoan, RequestLoan
from services.registry.storage.archive import reports
from services.registry.storage.archive.custody import UnknownAsset, UnknownLoan
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/archive-loans", tags=["archive custody"])
_ORDER = Keyset("loan_id uuid", descending=True)


class LoanIn(Command):
    """Which original, what for, and the last day."""

    asset_id: UUID
    purpose: Reason = Field(pattern=r"\S")
    due_on: date


class Moving(OnDay):
    """A remark to a step."""

    note: Reason | None = None


class Returning(Moving):
    """In which condition the original came back; `lost`: it did not."""

    condition: AssetState


class LoanStep(BaseModel):
    """A line of the register; `overdue` is noted by the calendar."""

    step: str
    on: date
    by: str | None
    note: str | None
    recorded_at: datetime


class LoanOut(BaseModel):
    """A loan as it stands; `due_on` is the last day."""

    loan_id: UUID
    asset_id: UUID
    customer_key: UUID
    label: str
    keeper: str
    borrower: str
    purpose: str
    requested_on: date
    due_on: date
    state: LoanState
    is_overdue: bool
    policy_version: int
    version: int


class LoanDetail(LoanOut):
    """A loan with everything that was entered about it."""

    steps: list[LoanStep]


@router.post("", status_code=201)
async def request(body: LoanIn, work: Commanding) -> LoanDetail:
    """申请借阅原件 / ask its keeper for an original."""
    seen = await work.row(f"{reports.ASSETS} AND t.asset_id = :id", id=body.asset_id)
    if seen is None:
        raise UnknownAsset(
            f"没有档案资料 {body.asset_id}", f"there is no asset {body.asset_id} that you may see"
        )
    command = RequestLoan(body.asset_id, actor(work), body.purpose, body.due_on)
    return await _view(work, (await lend_original.request(work, command)).loan_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    borrower: Code | None = None,
    state: LoanState | None = None,
    overdue: bool | None = None,
) -> Page[LoanOut]:
    """借阅登记簿 / the register; `overdue=true` lists what should be back."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.LOANS}) register"
        " WHERE (CAST(:key AS uuid) IS NULL OR customer_key = :key)"
        " AND (CAST(:borrower AS text) IS NULL OR borrower = :borrower)"
        " AND (CAST(:state AS text) IS NULL OR state = :state)"
        " AND (CAST(:overdue AS boolean) IS NULL OR is_overdue = :overdue)",
        _ORDER,
        _loan,
        today=work.today,
        key=customer_key,
        borrower=borrower,
        state=state and state.value,
        overdue=overdue,
    )


@router.get("/{loan_id}")
async def one(loan_id: UUID, work: Reading) -> LoanDetail:
    """一笔借阅 / one loan with all its steps."""
    return await _view(work, loan_id)


@router.post("/{loan_id}/approve")
async def approve(
    loan_id: UUID, body: Moving, expected_version: IfMatch, work: Commanding
) -> LoanDetail:
    """同意借阅 / the keeper agrees."""
    return await _move(work, lend_original.approve, loan_id, body, expected_version)


@router.post("/{loan_id}/refuse")
async def refuse(
    loan_id: UUID, body: Moving, expected_version: IfMatch, work: Commanding
) -> LoanDetail:
    """不同意借阅 / the keeper declines."""
    return await _move(work, lend_original.refuse, loan_id, body, expected_version)


@router.post("/{loan_id}/lend")
async def lend(
    loan_id: UUID, body: Moving, expected_version: IfMatch, work: Commanding
) -> LoanDetail:
    """借出 / the keeper hands the original out."""
    return await _move(work, lend_original.lend, loan_id, body, expected_version)


@router.post("/{loan_id}/return")
async def give_back(
    loan_id: UUID, body: Returning, expected_version: IfMatch, work: Commanding
) -> LoanDetail:
    """归还 / the keeper takes it back intact or damaged, or notes that it is lost."""
    back = partial(lend_original.give_back, condition=body.condition)
    return await _move(work, back, loan_id, body, expected_version)


def _loan(row: RowMapping) -> LoanOut:
    return LoanOut(**row)


async def _move(
    work: Work,
    step: Callable[[Work, MoveLoan], Awaitable[Loan]],
    loan_id: UUID,
    body: Moving,
    expected_version: int,
) -> LoanDetail:
    await _view(work, loan_id)
    await step(work, MoveLoan(loan_id, actor(work), expected_version, body.note, body.on))
    return await _view(work, loan_id)


async def _view(work: Work, loan_id: UUID) -> LoanDetail:
    row = await work.row(f"{reports.LOANS} AND l.loan_id = :id", id=loan_id, today=work.today)
    if row is None:
        raise UnknownLoan(f"没有借阅登记 {loan_id}", f"there is no loan {loan_id} that you may see")
    steps = await work.rows(reports.LOAN_STEPS, id=loan_id)
    return LoanDetail(**row, steps=[LoanStep(**step) for step in steps])
