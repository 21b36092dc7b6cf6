"""The lending register: an original is with one person at a time (R-72)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.custody.assets import (
    ArchiveCustody,
    Asset,
    AssetKind,
    AssetState,
    require_keeper,
    worn,
)
from shared.errors import Conflict, Forbidden, Invalid


class LoanState(StrEnum):
    """How far a loan has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    LENT = "lent"
    RETURNED = "returned"
    LOST = "lost"


class NotLendable(Conflict):
    """Only originals are lent, and only those that are there."""

    code = "not-lendable"
    rule = "R-72"
    title_zh = "不可借阅"
    title_en = "Not lendable"


class LentAlready(Conflict):
    """An original is with one person at a time."""

    code = "lent-already"
    rule = "R-72"
    title_zh = "原件已借出"
    title_en = "Lent already"


class LoanTooLong(Invalid):
    """A loan ends after it begins and within the days of the policy."""

    code = "loan-too-long"
    rule = "R-72"
    title_zh = "借阅期限不符"
    title_en = "Loan too long"


class OwnLoan(Forbidden):
    """The keeper lends to others; what is in his own hands needs no loan."""

    code = "own-loan"
    rule = "R-72"
    title_zh = "不得向本人借阅"
    title_en = "Own loan"


class WrongLoanState(Conflict):
    """The loan is not at the stage that the step asks for."""

    code = "wrong-loan-state"
    rule = "R-72"
    title_zh = "借阅状态不允许"
    title_en = "Wrong loan state"


@dataclass(frozen=True, slots=True)
class Loan:
    """An original on its way to somebody and back; `due_on` is the last day."""

    loan_id: UUID
    asset_id: UUID
    customer_key: UUID
    borrower: str
    purpose: str
    requested_on: date
    due_on: date
    state: LoanState
    version: int


def request_loan(loan: Loan, asset: Asset, policy: ArchiveCustody, policy_version: int) -> Loan:
    """`loan`, if it can be asked for; raises NotLendable, OwnLoan, LoanTooLong."""
    _require_lendable(asset)
    if loan.borrower == asset.keeper:
        raise OwnLoan(
            f"原件由 {asset.keeper} 本人保管", f"{asset.keeper} keeps the original himself"
        )
    latest = loan.requested_on + timedelta(days=policy.loan_days)
    if not loan.requested_on <= loan.due_on <= latest:
        raise LoanTooLong(
            f"归还日须在 {loan.requested_on} 至 {latest} 之间",
            f"it has to be back between {loan.requested_on} and {latest}",
            pointer="/due_on",
            loan_days=policy.loan_days,
            policy_version=policy_version,
        )
    return loan


def approve(loan: Loan, asset: Asset, by: Actor) -> Loan:
    """The keeper agrees; raises WrongLoanState, NotTheKeeper."""
    _require(loan, LoanState.REQUESTED)
    require_keeper(asset, by)
    _require_lendable(asset)
    return _moved(loan, LoanState.APPROVED)


def refuse(loan: Loan, asset: Asset, by: Actor) -> Loan:
    """The keeper declines; raises WrongLoanState, NotTheKeeper."""
    _require(loan, LoanState.REQUESTED)
    require_keeper(asset, by)
    return _moved(loan, LoanState.REFUSED)


def lend(loan: Loan, asset: Asset, by: Actor, borrowers: Sequence[str]) -> Loan:
    """The keeper hands the original out; `borrowers` have it now.

    Raises WrongLoanState, NotTheKeeper, NotLendable, LentAlready.
    """
    _require(loan, LoanState.APPROVED)
    require_keeper(asset, by)
    _require_lendable(asset)
    require_at_home(borrowers)
    return _moved(loan, LoanState.LENT)


def give_back(loan: Loan, asset: Asset, by: Actor, condition: AssetState) -> tuple[Loan, Asset]:
    """The keeper takes it back in some condition, or notes that the borrower lost it (R-72)."""
    _require(loan, LoanState.LENT)
    require_keeper(asset, by)
    is_lost = condition is AssetState.LOST
    return _moved(loan, LoanState.LOST if is_lost else LoanState.RETURNED), worn(asset, condition)


def require_at_home(borrowers: Sequence[str]) -> None:
    """Raise LentAlready while somebody has the original (R-72)."""
    if borrowers:
        raise LentAlready(
            f"原件正由 {borrowers[0]} 借阅",
            f"{borrowers[0]} has the original",
            borrower=borrowers[0],
        )


def _moved(loan: Loan, state: LoanState) -> Loan:
    return replace(loan, state=state, version=loan.version + 1)


def _require(loan: Loan, state: LoanState) -> None:
    if loan.state is not state:
        raise WrongLoanState(
            f"借阅状态为 {loan.state}，须为 {state}",
            f"the loan is {loan.state}; it has to be {state}",
            state=loan.state.value,
        )


def _require_lendable(asset: Asset) -> None:
    if asset.kind is not AssetKind.ORIGINAL or asset.state is AssetState.LOST:
        raise NotLendable(
            "仅在库原件可借阅，电子一览表和遗失的原件不可",
            "only originals that are there are lent, no summaries and nothing lost",
            kind=asset.kind.value,
            state=asset.state.value,
        )


def given_up(loan: Loan) -> Loan:
    """The loan of somebody who has left and was handed nothing yet: it comes to nothing (R-52)."""
    assert loan.state in (LoanState.REQUESTED, LoanState.APPROVED), "what is lent comes back first"
    return _moved(loan, LoanState.REFUSED)
