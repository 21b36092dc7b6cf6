"""What tests of objects do: agree, deposit, sign."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.agreements import Agreement
from services.billing.domain.objects.authorities import Authority
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Deposit, Kind
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.objects import apply_deposit, sign_agreement, take_deposit
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.handlers.objects.take_deposit import TakeDeposit
from shared import policy
from shared.policy_body import to_json
from shared.work import Work
from tests.services.billing.books import agreed, enter
from tests.support.cast import DECLARED, ELECTRONICS, FINANCE, MANAGER_A, SUSPENDED, Customer

ROOM = "B1-2-301"


def taking(
    kind: Kind = Kind.SMALL,
    amount: str = "500",
    *,
    customer: Customer = ELECTRONICS,
    price: str = "800000",
    room: str = ROOM,
    on: date | None = None,
) -> TakeDeposit:
    return TakeDeposit(customer.key, room, kind, Decimal(amount), Decimal(price), on)


async def small(
    work: Work,
    kind: Kind = Kind.SMALL,
    amount: str = "500",
    *,
    customer: Customer = ELECTRONICS,
    price: str = "800000",
    room: str = ROOM,
    on: date | None = None,
) -> Deposit:
    if customer is not DECLARED and customer is not SUSPENDED:
        await agreed(work, customer, room, price, on=on)
    await enter(work, FINANCE)
    command = taking(kind, amount, customer=customer, price=price, room=room, on=on)
    return await take_deposit.handle(work, command)


async def contracted(
    work: Work,
    customer: Customer = ELECTRONICS,
    on: date | None = None,
    number: str = "A-1",
    *,
    agree: bool = False,
) -> UUID:
    if agree:
        await agreed(work, customer, ROOM, "800000", on=on)
    await enter(work, MANAGER_A)
    first, rest = Decimal("240000"), Decimal("560000")
    agreement = await sign_agreement.handle(
        work,
        SignAgreement(
            number=number,
            object_code=ROOM,
            customer_key=customer.key,
            price=first + rest,
            signed_at_unit="GZ",
            business_line="property",
            tariff_class="other",
            instalments=(
                Instalment(1, first, work.today),
                Instalment(2, rest, work.today + timedelta(days=30)),
            ),
            signed_on=on,
        ),
    )
    await enter(work, FINANCE)
    return agreement.agreement_id


async def hold_for(work: Work, days: int) -> None:
    """Let a site keep small deposits for longer than the contract may take."""
    terms = await policy.in_force(work, DepositTerms, work.today)
    body = json.loads(to_json(terms.body))
    body["small"]["hold_days"] = days
    said = {"author": "P001", "reason": "…", "source": "ours"}
    await policy.record(work, DepositTerms, body, date(2026, 1, 1), **said)


def signing(number: str = "A-1", **more: object) -> SignAgreement:
    said: dict[str, object] = {
        "number": number,
        "object_code": ROOM,
        "customer_key": ELECTRONICS.key,
        "price": Decimal("109000"),
        "signed_at_unit": "GZ",
        "business_line": "property",
        "tariff_class": "other",
        "tax_rate": Decimal("0.09"),
        "instalments": (
            Instalment(1, Decimal(40_000), date(2026, 3, 31)),
            Instalment(2, Decimal(69_000), date(2026, 6, 30)),
        ),
    }
    return SignAgreement(**{**said, **more})  # type: ignore[arg-type]


async def signed(work: Work, number: str = "A-1", **more: object) -> Agreement:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, MANAGER_A)
    return await sign_agreement.handle(work, signing(number, **more))


async def deposited(work: Work, amount: str = "20000") -> Deposit:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, FINANCE)
    command = TakeDeposit(ELECTRONICS.key, ROOM, Kind.LARGE, Decimal(amount), Decimal("109000"))
    return await take_deposit.handle(work, command)


async def sold_on_deposit(work: Work) -> tuple[Agreement, Deposit]:
    deposit = await deposited(work)
    await enter(work, MANAGER_A)
    agreement = await sign_agreement.handle(work, signing())
    await enter(work, FINANCE)
    command = ApplyDeposit(deposit.deposit_id, 1, agreement.agreement_id)
    return agreement, await apply_deposit.handle(work, command)


def authority(notarised_on: date, valid_until_on: date | None = None) -> Authority:
    document = "粤公委 2026-88", "0" * 64, "广州公证处", "公证字 88"
    return Authority(*document, notarised_on, valid_until_on)
