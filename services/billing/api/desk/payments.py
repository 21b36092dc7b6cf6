"""Payments that a person receives, and what he says about what they pay (B-17, B-19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.billing.api.models import FINANCE, Command, OnDay, Positive, Reason, one
from services.billing.api.receivables.payments import PaymentWithAllocations, with_allocations
from services.billing.domain.receivables.company_accounts import NotACompanyAccount
from services.billing.handlers.desk import direct_payment, return_payment, take_payment
from services.billing.handlers.desk.direct_payment import DirectPayment, ReleaseDirective
from services.billing.handlers.desk.return_payment import ReturnPayment
from services.billing.handlers.desk.take_payment import TakePayment
from services.billing.storage.desk import reports
from services.billing.storage.receivables.decisions import UnknownDirective
from shared.contracts.values import Amount, Code, Day, Ref
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router, problems
from shared.work import Work

router = Router(prefix="/v1/payments", tags=["payments"])
receipts = Router(prefix="/v1/bank-receipts", tags=["payments"])
_DAYS = Keyset("day date", "company_account text", descending=True)


class PaymentIn(Command):
    """Money received on a voucher; `remittance` are the numbers of the charges that it is for."""

    voucher: Ref
    customer_key: UUID
    company_account: Code
    amount: Positive
    received_on: OnDay = None
    remittance: Annotated[tuple[Ref, ...], Field(max_length=100)] = ()
    remittance_system: Code | None = None


class PinIn(Command):
    """The payment pays this receivable, or one instalment of it, before anything else."""

    receivable_id: UUID
    instalment: Annotated[int, Field(ge=1)] | None = None
    amount: Positive | None = None
    reason: Reason
    on: OnDay = None


class BarIn(Command):
    """The payment does not pay this receivable, or instalment; without one it pays nothing."""

    receivable_id: UUID | None = None
    instalment: Annotated[int, Field(ge=1)] | None = None
    reason: Reason
    on: OnDay = None


class ReleaseIn(Command):
    """Why a pin or bar ends."""

    reason: Reason
    on: OnDay = None


class ReturnIn(Command):
    """`amount` yuan of the payment (all of it, if left out) went back, by the bank's `notice`."""

    notice: Annotated[Ref, Field(description="银行退票通知号 / the number of the bank's notice")]
    amount: Positive | None = None
    reason: Reason
    returned_on: OnDay = None


class ReturnOut(BaseModel):
    """Money of a payment that went back.

    It bounced, or was refunded (`refund_id`). Without `told_by` another system told it.
    """

    return_id: UUID
    system: str
    ref: str
    amount: Amount
    returned_on: date
    refund_id: UUID | None
    told_by: str | None
    reason: str | None
    recorded_at: datetime


class DirectiveOut(BaseModel):
    """A pin or a bar, with who set it, who ended it, and why."""

    directive_id: UUID
    payment_id: UUID
    kind: Literal["pin", "bar"]
    receivable_id: UUID | None
    instalment: int | None
    amount: Amount | None
    set_on: date
    set_by: str
    reason: str
    released_on: date | None
    released_by: str | None
    release_reason: str | None
    version: int


class DayOfAccount(BaseModel):
    """What came into a company account on a day, and went out of it."""

    company_account: str
    day: date
    payments: int
    received: Amount
    returned: Amount
    net: Amount


@router.post("", status_code=201, roles=FINANCE, response_model=PaymentWithAllocations)
async def receive(
    body: PaymentIn, request: Request, work: Commanding
) -> PaymentWithAllocations | Response:
    """收款销账 / receive a payment. Money in another's account is refused, and kept as a case."""
    taken = await take_payment.handle(work, TakePayment(**dict(body)))
    if isinstance(taken, NotACompanyAccount):
        return problems.respond(request, problems.of_refusal(taken))
    return await with_allocations(work, taken)


@router.get("/{payment_id}/directives")
async def directives(payment_id: UUID, work: Reading) -> list[DirectiveOut]:
    """指定与限制 / what was said about what a payment pays, ended or not."""
    rows = await work.rows(reports.DIRECTIVES, payment_id=payment_id, directive_id=None)
    return [DirectiveOut(**row) for row in rows]


@router.post("/{payment_id}/pins", status_code=201, roles=FINANCE)
async def pin(payment_id: UUID, body: PinIn, work: Commanding) -> DirectiveOut:
    """指定核销 / pin a payment to a receivable."""
    directive = await direct_payment.handle(
        work, DirectPayment(payment_id=payment_id, kind="pin", **dict(body))
    )
    return await _shown(work, payment_id, directive.directive_id)


@router.post("/{payment_id}/unapply", status_code=201, roles=FINANCE)
async def unapply(payment_id: UUID, body: BarIn, work: Commanding) -> DirectiveOut:
    """撤销核销 / take a payment off a receivable, or off everything, until it is released."""
    directive = await direct_payment.handle(
        work, DirectPayment(payment_id=payment_id, kind="bar", **dict(body))
    )
    return await _shown(work, payment_id, directive.directive_id)


@router.post("/{payment_id}/directives/{directive_id}/release", roles=FINANCE)
async def release(
    payment_id: UUID,
    directive_id: UUID,
    body: ReleaseIn,
    expected_version: IfMatch,
    work: Commanding,
) -> DirectiveOut:
    """解除指定或限制 / end a pin or a bar."""
    await direct_payment.release(
        work, ReleaseDirective(payment_id, directive_id, expected_version, body.reason, body.on)
    )
    return await _shown(work, payment_id, directive_id)


@router.post("/{payment_id}/returns", status_code=201, roles=FINANCE)
async def give_back(
    payment_id: UUID, body: ReturnIn, expected_version: IfMatch, work: Commanding
) -> PaymentWithAllocations:
    """退票 / say that the bank took a payment back; somebody who had no part in it does."""
    await return_payment.handle(work, ReturnPayment(payment_id, expected_version, **dict(body)))
    return await with_allocations(work, payment_id)


@router.get("/{payment_id}/returns")
async def returns(payment_id: UUID, work: Reading) -> list[ReturnOut]:
    """退票与退款 / what went back of a payment: bounced or refunded, told by whom, and why."""
    rows = await work.rows(reports.RETURNS, payment_id=payment_id)
    return [ReturnOut(**row) for row in rows]


@receipts.get("", roles={"auditor", "finance"})
async def by_day(
    work: Reading,
    page: PageQuery,
    from_on: Day,
    until_on: Day,
    company_account: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[DayOfAccount]:
    """银行到账核对 / what came into each company account, day by day, the latest first."""
    return await page.read(
        work,
        reports.RECEIPTS,
        _DAYS,
        lambda row: DayOfAccount(**row),
        from_on=from_on,
        until_on=until_on,
        company_account=company_account,
    )


async def _shown(work: Work, payment_id: UUID, directive_id: UUID) -> DirectiveOut:
    row = await one(
        work,
        reports.DIRECTIVES,
        UnknownDirective,
        payment_id=payment_id,
        directive_id=directive_id,
    )
    return DirectiveOut(**row)
