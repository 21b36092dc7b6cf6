"""A person says what a payment pays, or must not pay: pins, bars, and their end (B-17, B-19)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.directives import (
    Aim,
    ReleasedBefore,
    check_aim,
    check_directed,
)
from services.billing.domain.desk.duties import Task, require_apart
from services.billing.handlers.desk import in_sight
from services.billing.handlers.desk.duty import on_duty
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.desk import documents
from services.billing.storage.receivables import charges, customer_books, decisions
from services.billing.storage.receivables.decisions import Directive
from services.billing.storage.receivables.payments import HeldPayment
from shared.directory import identities, scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work

_BECAUSE = {"pin": "pinned-elsewhere", "bar": "unapplied"}


@dataclass(frozen=True, slots=True)
class DirectPayment:
    """`kind` is pin or bar; without a receivable the bar is from everything."""

    payment_id: UUID
    kind: str
    reason: str
    receivable_id: UUID | None = None
    instalment: int | None = None
    amount: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ReleaseDirective:
    """A pin or bar of a payment, and why it ends."""

    payment_id: UUID
    directive_id: UUID
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: DirectPayment) -> Directive:
    """Set a pin or a bar and reckon the account with it.

    Raises NotYourTask and DutiesNotApart (B-19), UnknownPayment, UnknownReceivable, OutOfScope,
    DiscountStays (B-27), AnotherCustomersCharge, NoSuchInstalment, PinTooLarge.
    """
    on = business_day(command.on, work.today)
    await on_duty(work, Task.RECEIVING, on)
    payment = await in_sight.payment(work, command.payment_id)
    await customer_books.lock(work, [payment.customer_key])
    await _check(work, command, await in_sight.payment(work, command.payment_id))

    directive = Directive(
        new_id(),
        payment.customer_key,
        command.payment_id,
        command.kind,
        command.receivable_id,
        command.instalment,
        command.amount,
        on,
        work.person.staff_code,
        command.reason,
    )

    await _settle_with(work, directive, _BECAUSE[command.kind])
    return directive


async def release(work: Work, command: ReleaseDirective) -> Directive:
    """End a pin or a bar; money goes again where it went without it.

    Raises NotYourTask and DutiesNotApart (B-19), UnknownDirective, OutOfScope, StaleVersion,
    ReleasedBefore.
    """
    on = business_day(command.on, work.today)
    await on_duty(work, Task.RECEIVING, on)
    known = await decisions.held(work, command.payment_id, command.directive_id)
    await scope.require(work, known.customer_key, "money")
    await customer_books.lock(work, [known.customer_key])
    held = await decisions.held(work, command.payment_id, command.directive_id)
    require_version(command.expected_version, held.version)
    if held.version > 1:
        raise ReleasedBefore(
            f"已由 {held.staff_code} 于 {held.set_on} 解除",
            f"{held.staff_code} released it on {held.set_on}",
        )
    released = replace(
        held, version=2, set_on=on, staff_code=work.person.staff_code, reason=command.reason
    )
    await _settle_with(work, released, "re-allocated")
    return released


async def _check(work: Work, command: DirectPayment, payment: HeldPayment) -> None:
    check_directed(payment.fund, payment.ref)
    if command.receivable_id is None:
        return
    charge = await in_sight.charge(work, command.receivable_id)
    roots = await identities.roots(work, [payment.customer_key, charge.customer_key])
    parts = (await charges.instalments(work, {charge.charge_id}))[charge.charge_id]
    numbers = {part.number for part in parts}
    aim = Aim(charge.charge_id, roots[charge.customer_key], charge.ref, numbers)
    there_is = payment.amount - payment.returned
    check_aim(roots[payment.customer_key], there_is, aim, command.instalment, command.amount)
    issuers = await documents.issuers(work, {charge.charge_id})
    require_apart(work.person.staff_code, issuers, "开具了此账单", "issued this charge")


async def _settle_with(work: Work, directive: Directive, because: str) -> None:
    await decisions.add(work, directive)
    accounts = await customer_books.lock(work, [directive.customer_key])
    change = Changes(is_decided=True, because=because)
    await settle_accounts.settle(work, accounts, {directive.customer_key: change})
    issuers = await documents.issuers_of_paid(work, directive.payment_id)
    require_apart(
        work.person.staff_code,
        issuers,
        "开具了此款项由此核销的账单",
        "issued a charge that this money then pays",
    )
