"""A person issues a charge: of a month, over several uses, or for a damage (B-14, B-16, B-25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.duties import Task, require_apart
from services.billing.domain.desk.uses import Use, divided
from services.billing.domain.receivables.charges import (
    BillRules,
    Charge,
    Instalment,
    objection,
    tax_in,
)
from services.billing.handlers.credit import reserve_credit
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.receivables import raise_charges
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.desk import documents
from services.billing.storage.desk.documents import Issued
from services.billing.storage.receivables import charges as charge_storage
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.directory import customers, scope
from shared.errors import Conflict
from shared.moments import business_day
from shared.work import Work


class IssuedBefore(Conflict):
    """The number belongs to another charge."""

    code = "issued-before"
    rule = "B-35"
    title_zh = "账单号已使用"
    title_en = "The number is taken"


@dataclass(frozen=True, slots=True)
class IssueCharge:
    """What is billed; `instalments` empty: one, due on `due_on`."""

    ref: str
    customer_key: UUID
    business_line: str
    tariff_class: str
    amount: Decimal
    due_on: date
    tax_amount: Decimal | None = None
    tax_rate: Decimal | None = None
    issued_on: date | None = None
    instalments: tuple[Instalment, ...] = ()
    uses: tuple[Use, ...] = ()
    kind: str = "ordinary"
    month: str | None = None
    asset: str | None = None
    corrects: UUID | None = None
    reservation_id: UUID | None = None


async def handle(work: Work, command: IssueCharge) -> list[UUID]:
    """Issue the charge, one for each use; returns their receivables.

    Raises NotYourTask and DutiesNotApart (B-19), UnapprovedCustomer and SuspendedCustomer (R-20),
    OutOfScope, InvalidCharge, InvalidUses (B-16), IssuedBefore; UnknownReservation,
    ReservationNotLive.
    """
    issued_on = business_day(command.issued_on, work.today, "/issued_on")
    await on_duty(work, Task.ISSUING, issued_on)
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    if command.reservation_id is not None:
        await reserve_credit.require_live(work, command.reservation_id, command.customer_key)
    return await issue(work, command, issued_on)


async def issue(
    work: Work, command: IssueCharge, issued_on: date, *, issuer: str | None = None
) -> list[UUID]:
    """Put the charges of a command that is allowed into the books, issued by the caller if silent.

    Raises DutiesNotApart (B-19), InvalidCharge, InvalidUses, IssuedBefore.
    """
    whole = _charge(command, issued_on)
    told = command.tax_amount is not None and command.tax_rate is not None
    rules = (await policy.in_force(work, BillRules, issued_on)).body if told else None
    refusal = objection(whole, tax_rate=command.tax_rate, rules=rules, at="")
    if refusal is not None:
        raise refusal
    parts = divided(whole, command.uses, lambda ref: charge_id_of(OURS, ref))
    await _post(work, command, parts, issuer or work.person.staff_code)
    return [part.charge_id for part in parts]


async def _post(work: Work, command: IssueCharge, parts: Sequence[Charge], person: str) -> None:
    ids = [part.charge_id for part in parts]
    await customer_books.lock(work, [command.customer_key])
    if await charge_storage.existing(work, {*ids, charge_id_of(OURS, command.ref)}):
        raise IssuedBefore(
            f"账单号 {command.ref} 已使用", f"the number {command.ref} is taken", pointer="/ref"
        )
    # First what kind it is: no discount is taken off a damage.
    await documents.keep_issued(
        work,
        [
            Issued(
                charge_id,
                command.customer_key,
                command.kind,
                person,
                command.month,
                command.asset,
                command.corrects,
            )
            for charge_id in ids
        ],
    )
    reserved = command.reservation_id
    await raise_charges.post(
        work,
        [(part, work.now) for part in parts],
        dict.fromkeys(ids, reserved) if reserved is not None else None,
    )
    paid_to = await documents.receivers_for(work, ids)
    require_apart(
        person, paid_to, "已收取将核销此账单的款项", "received money that pays this charge"
    )


def _charge(command: IssueCharge, issued_on: date) -> Charge:
    return Charge(
        charge_id=charge_id_of(OURS, command.ref),
        system=OURS,
        ref=command.ref,
        customer_key=command.customer_key,
        business_line=command.business_line,
        gross=command.amount,
        tax=tax_in(command.amount, command.tax_amount, command.tax_rate),
        issued_on=issued_on,
        tariff_class=command.tariff_class,
        instalments=command.instalments or (Instalment(1, command.amount, command.due_on),),
    )
