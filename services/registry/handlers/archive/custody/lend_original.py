"""An original is asked for, lent, taken back, damaged or lost (R-72)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.custody import loans as domain
from services.registry.domain.archive.custody.assets import ArchiveCustody, Asset, AssetState
from services.registry.domain.archive.custody.loans import Loan, LoanState
from services.registry.storage.archive import audit, custody
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RequestLoan:
    """Who wants which original, what for, and until which day."""

    asset_id: UUID
    by: Actor
    purpose: str
    due_on: date


@dataclass(frozen=True, slots=True)
class MoveLoan:
    """The next step of a loan, taken by its keeper."""

    loan_id: UUID
    by: Actor
    expected_version: int
    note: str | None = None
    on: date | None = None


async def request(work: Work, command: RequestLoan) -> Loan:
    """Enter the wish into the register. Raises NotLendable, OwnLoan, LoanTooLong."""
    asset = await custody.load_asset(work, command.asset_id)
    policy = await in_force(work, ArchiveCustody, work.today)
    loan = Loan(
        *(new_id(), asset.asset_id, asset.customer_key, command.by.staff_code, command.purpose),
        *(work.today, command.due_on, LoanState.REQUESTED, 1),
    )
    domain.request_loan(loan, asset, policy.body, policy.version)
    await custody.add_loan(work, loan, policy.version)
    return loan


async def approve(work: Work, command: MoveLoan) -> Loan:
    """The keeper agrees. Raises WrongLoanState, NotTheKeeper, NotLendable, StaleVersion."""
    return await _move(work, command, lambda loan, asset: domain.approve(loan, asset, command.by))


async def refuse(work: Work, command: MoveLoan) -> Loan:
    """The keeper declines. Raises as `approve`."""
    return await _move(work, command, lambda loan, asset: domain.refuse(loan, asset, command.by))


async def lend(work: Work, command: MoveLoan) -> Loan:
    """The keeper hands it out, to one person at a time. Raises as `approve`, LentAlready."""
    on = business_day(command.on, work.today)
    loan, asset = await _held(work, command)
    borrowers = await custody.borrowers(work, asset.asset_id)
    lent = domain.lend(loan, asset, command.by, borrowers)
    await custody.save_loan(work, lent, on, command.by.staff_code, command.note)
    await _log(work, command, lent)
    return lent


async def give_back(work: Work, command: MoveLoan, condition: AssetState) -> Loan:
    """The keeper takes it back in some condition, or notes that it is lost. Raises as `approve`."""
    on = business_day(command.on, work.today)
    loan, asset = await _held(work, command)
    returned, worn = domain.give_back(loan, asset, command.by, condition)
    await custody.save_loan(work, returned, on, command.by.staff_code, command.note)
    if worn.state is not asset.state:
        await custody.keep_asset(work, worn, on, command.by.staff_code, command.note)
    await _log(work, command, returned)
    return returned


async def _move(work: Work, command: MoveLoan, decide: Callable[[Loan, Asset], Loan]) -> Loan:
    on = business_day(command.on, work.today)
    loan, asset = await _held(work, command)
    moved = decide(loan, asset)
    await custody.save_loan(work, moved, on, command.by.staff_code, command.note)
    await _log(work, command, moved)
    return moved


async def _held(work: Work, command: MoveLoan) -> tuple[Loan, Asset]:
    asset = await custody.load_asset(work, await custody.asset_of(work, command.loan_id))
    loan = await custody.load_loan(work, command.loan_id)
    require_version(command.expected_version, loan.version)
    return loan, asset


async def _log(work: Work, command: MoveLoan, loan: Loan) -> None:
    entry = audit.entry(
        work,
        AuditAction.LEND,
        staff_code=command.by.staff_code,
        customer_key=loan.customer_key,
        purpose=loan.purpose,
        details={
            "loan_id": str(loan.loan_id),
            "asset_id": str(loan.asset_id),
            "borrower": loan.borrower,
            "state": loan.state.value,
        },
    )
    await audit.add(work, [entry])


async def overdue(work: Work, on: date) -> int:
    """Sweep: note originals that should have been back before `on`; returns how many (R-72)."""
    return await custody.note_overdue(work, on)
