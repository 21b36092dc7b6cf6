"""Corrections 退补: asked for by one, confirmed by another, by policy centrally alone (B-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.duties import MoneyDuties, Task, require_central
from services.billing.domain.requests.requests import MoneyRequest, RequestKind, RequestState
from services.billing.domain.requests.rules import Basis, Direction, check_correction
from services.billing.handlers.desk import in_sight, issue_charge
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.desk.issue_charge import IssueCharge
from services.billing.handlers.receivables import cancel_charges
from services.billing.handlers.receivables.cancel_charges import Correction
from services.billing.handlers.requests.asking import Asked, Decide, ask, decide, locked
from services.billing.handlers.requests.post_batch import supplement_ref
from services.billing.storage.receivables import customer_books
from shared.directory import units
from shared.errors import Invalid
from shared.moments import business_day
from shared.policy import Versioned
from shared.work import Work

KIND = RequestKind.CORRECTION


@dataclass(frozen=True, slots=True)
class AskCorrection:
    """`amount` gross yuan less, or more, of a charge; what is added is due on `due_on`."""

    receivable_id: UUID
    direction: Direction
    basis: Basis
    amount: Decimal
    reason: str
    due_on: date | None = None
    on: date | None = None


async def handle(work: Work, command: AskCorrection) -> MoneyRequest:
    """Ask for the correction.

    Raises NotYourTask (B-18, B-19), UnknownReceivable, OutOfScope, CorrectionTooLarge, Invalid for
    a supplement without a due date.
    """
    on = business_day(command.on, work.today)
    duties = await on_duty(work, Task.ISSUING, on)
    await _require_level(work, command.basis, duties)
    charge = await in_sight.charge(work, command.receivable_id)
    await customer_books.lock(work, [charge.customer_key])
    charge = await in_sight.charge(work, command.receivable_id)
    if command.direction is Direction.REFUND:
        check_correction(command.amount, charge.left, charge.ref)
    elif command.due_on is None or command.due_on < on:
        raise Invalid(
            "补收须有不早于今日的到期日",
            "what is added falls due on a day that is not before the correction",
            pointer="/due_on",
        )
    asked = Asked(
        KIND,
        charge.customer_key,
        charge.charge_id,
        command.amount,
        command.reason,
        {
            "direction": command.direction,
            "basis": command.basis,
            "due_on": command.due_on.isoformat() if command.due_on else None,
        },
    )
    return await ask(work, asked, on, duties.version)


async def settle(work: Work, command: Decide) -> MoneyRequest:
    """Confirm it, and post it; or refuse.

    Raises NotYourTask and DutiesNotApart (B-18, B-19), RequestNotOpen, StaleVersion,
    CancellationTooLarge.
    """
    request, on = await locked(work, KIND, command)
    duties = await on_duty(work, Task.CONFIRMING, on)
    await _require_level(work, Basis(str(request.details["basis"])), duties)
    after = await decide(work, request, command, on)
    if after.state is RequestState.APPROVED:
        await _post(work, after, on)
    return after


async def _post(work: Work, request: MoneyRequest, on: date) -> None:
    if request.details["direction"] == Direction.REFUND:
        correction = Correction(request.request_id, request.subject_id, request.amount, on)
        await cancel_charges.correct(work, correction)
        return
    charge = await in_sight.charge(work, request.subject_id)
    supplement = IssueCharge(
        ref=supplement_ref(charge.ref, request.request_id),
        customer_key=charge.customer_key,
        business_line=charge.business_line,
        tariff_class=charge.tariff_class,
        amount=request.amount,
        due_on=date.fromisoformat(str(request.details["due_on"])),
        tax_amount=charge.tax_of(request.amount),
        kind="supplement",
        corrects=charge.charge_id,
    )
    await issue_charge.issue(work, supplement, on, issuer=request.applied_by)


async def _require_level(work: Work, basis: Basis, duties: Versioned[MoneyDuties]) -> None:
    if basis is Basis.POLICY:
        level = await units.level_of(work, work.person.unit)
        require_central(level, duties.body, duties.version)
