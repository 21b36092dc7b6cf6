"""The expense gate: record, director, entry, qualification, and only then the money (E-25)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.engagement.api.models import CodeQuery, Money, OnDay
from services.engagement.domain.visits.expenses import ExpenseState, Step
from services.engagement.domain.visits.verification import Verdict
from services.engagement.handlers.visits import sign_expense
from services.engagement.handlers.visits.sign_expense import SignExpense
from services.engagement.storage import reports
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/expenses", tags=["expenses"])
_ORDER = Keyset("expense_id uuid")
_SIGNING: frozenset[Role] = frozenset({"back_office", "sales_director"})


class SignatureOut(BaseModel):
    """Who took which step, or refused to."""

    step: Step
    staff_code: str
    is_refusal: bool
    signed_on: date


class ExpenseOut(BaseModel):
    """A claim, the signatures so far and what became of it."""

    expense_id: UUID
    visit_id: UUID
    customer_key: UUID
    claimant: str
    amount: Money
    state: ExpenseState
    reasons: list[str]
    verdict: Verdict | None
    signatures: list[SignatureOut]
    decided_on: date | None
    policy_version: int | None
    version: int


class StepIn(OnDay):
    """The step that the caller takes."""

    step: Step


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: ExpenseState | None = None,
    claimant: CodeQuery | None = None,
) -> Page[ExpenseOut]:
    """差旅报销 / claims in sight."""
    return await page.read(
        work,
        f"{reports.EXPENSES} AND (CAST(:state AS text) IS NULL OR e.state = :state)"
        " AND (CAST(:claimant AS text) IS NULL OR e.claimant = :claimant)",
        _ORDER,
        _expense,
        state=state and state.value,
        claimant=claimant,
    )


@router.get("/{expense_id}")
async def one(expense_id: UUID, work: Reading) -> ExpenseOut:
    """一笔报销 / one claim."""
    return await _view(work, expense_id)


@router.post("/{expense_id}/sign", roles=_SIGNING)
async def sign(
    expense_id: UUID, body: StepIn, expected_version: IfMatch, work: Commanding
) -> ExpenseOut:
    """签署 / take the next step: director-signed, entered, qualified, by different people."""
    await sign_expense.handle(
        work, SignExpense(expense_id, body.step, expected_version, on=body.on)
    )
    return await _view(work, expense_id)


@router.post("/{expense_id}/refuse", roles=_SIGNING)
async def refuse(
    expense_id: UUID, body: StepIn, expected_version: IfMatch, work: Commanding
) -> ExpenseOut:
    """记录不合格 / refuse to take the next step: the record is not in order, nothing is paid."""
    await sign_expense.handle(
        work,
        SignExpense(expense_id, body.step, expected_version, is_refusal=True, on=body.on),
    )
    return await _view(work, expense_id)


async def _view(work: Work, expense_id: UUID) -> ExpenseOut:
    row = await work.row(f"{reports.EXPENSES} AND e.expense_id = :id", id=expense_id)
    if row is None:
        raise NotFound("没有此报销", "there is no such claim that you may see")
    return _expense(row)


def _expense(row: RowMapping) -> ExpenseOut:
    return ExpenseOut(**row)
