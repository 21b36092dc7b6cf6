"""Charges of a batch of corrections, posted set-based, each as a correction of its own (B-18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.billing.domain.desk.duties import DutiesNotApart
from services.billing.domain.receivables.charges import Charge, Instalment
from services.billing.domain.requests.batches import CorrectionBatch
from services.billing.domain.requests.requests import MoneyRequest, RequestKind, RequestState
from services.billing.domain.requests.rules import Basis, Direction
from services.billing.handlers.receivables import cancel_charges, raise_charges
from services.billing.handlers.receivables.cancel_charges import Correction
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.desk import documents
from services.billing.storage.desk.documents import Issued
from services.billing.storage.receivables import charges, customer_books
from services.billing.storage.receivables.charges import HeldCharge
from services.billing.storage.requests import requests
from services.billing.storage.requests.batches import ChosenCharge
from shared.errors import Refusal
from shared.work import Work


async def handle(work: Work, batch: CorrectionBatch, chosen: Sequence[ChosenCharge]) -> int:
    """Post what was confirmed of `chosen`; returns how many could be.

    What cannot be taken back any more, and what its applicant has received the money for, is kept
    as a refused correction that says why.
    """
    if not chosen:
        return 0
    await customer_books.lock(work, {each.customer_key for each in chosen})
    if batch.rule.direction is Direction.REFUND:
        refused = await _take_back(work, batch, chosen)
    else:
        refused = await _add(work, batch, chosen)
    steps = [step for each in chosen for step in _steps(batch, each, refused.get(each.request_id))]
    await requests.add_all(work, steps)
    return len(chosen) - len(refused)


async def _take_back(
    work: Work, batch: CorrectionBatch, chosen: Sequence[ChosenCharge]
) -> Mapping[UUID, Refusal]:
    on = batch.decided_on
    corrections = [Correction(each.request_id, each.charge_id, each.amount, on) for each in chosen]
    return await cancel_charges.correct_all(work, corrections)


async def _add(
    work: Work, batch: CorrectionBatch, chosen: Sequence[ChosenCharge]
) -> Mapping[UUID, Refusal]:
    cash = await documents.with_cash_received_by(
        work, batch.applied_by, {each.customer_key for each in chosen}
    )
    billed = await charges.held(work, {each.charge_id for each in chosen})
    refused: dict[UUID, Refusal] = {}
    added = []
    for each in chosen:
        if each.customer_key in cash:
            refused[each.request_id] = _received_by(batch.applied_by)
        else:
            added.append((each, _supplement(batch, each, billed[each.charge_id])))
    await documents.keep_issued(
        work,
        [
            Issued(
                *(charge.charge_id, each.customer_key, "supplement", batch.applied_by),
                corrects=each.charge_id,
            )
            for each, charge in added
        ],
    )
    await raise_charges.post(work, [(charge, work.now) for _, charge in added])
    return refused


def _supplement(batch: CorrectionBatch, chosen: ChosenCharge, billed: HeldCharge) -> Charge:
    due_on = batch.rule.due_on
    assert due_on is not None, "a supplement has a due date"
    ref = supplement_ref(billed.ref, chosen.request_id)
    return Charge(
        charge_id=charge_id_of(OURS, ref),
        system=OURS,
        ref=ref,
        customer_key=billed.customer_key,
        business_line=billed.business_line,
        gross=chosen.amount,
        tax=billed.tax_of(chosen.amount),
        issued_on=batch.decided_on,
        tariff_class=billed.tariff_class,
        instalments=(Instalment(1, chosen.amount, due_on),),
    )


def supplement_ref(ref: str, request_id: UUID) -> str:
    """The number of what is added to the charge `ref` by a correction."""
    return f"{ref}/+{request_id.hex[-8:]}"


def _steps(
    batch: CorrectionBatch, chosen: ChosenCharge, refusal: Refusal | None
) -> tuple[MoneyRequest, MoneyRequest]:
    """The correction as it was asked for with the batch, and as it ended."""

    def step(version: int, state: RequestState, by: str, why: str, on: date) -> MoneyRequest:
        return MoneyRequest(
            request_id=chosen.request_id,
            kind=RequestKind.CORRECTION,
            customer_key=chosen.customer_key,
            subject_id=chosen.charge_id,
            amount=chosen.amount,
            details={
                "direction": batch.rule.direction,
                "basis": Basis.POLICY,
                "due_on": batch.rule.due_on,
                "batch_id": str(batch.batch_id),
            },
            state=state,
            applied_by=batch.applied_by,
            staff_code=by,
            reason=why,
            decided_on=on,
            policy_version=batch.policy_version,
            version=version,
        )

    asked = step(1, RequestState.APPLIED, batch.applied_by, batch.applied_because, batch.applied_on)
    state = RequestState.APPROVED if refusal is None else RequestState.REFUSED
    why = batch.reason if refusal is None else f"{refusal.detail_zh} / {refusal.detail_en}"
    return asked, step(2, state, batch.staff_code, why, batch.decided_on)


def _received_by(staff_code: str) -> DutiesNotApart:
    return DutiesNotApart(
        f"申请人 {staff_code} 已收取该客户未核销的款项",
        f"{staff_code}, who asked, received money of the customer that would pay it",
        staff_code=staff_code,
    )
