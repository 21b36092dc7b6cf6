"""Finance takes a deposit on an object: small or large, one live chain per object (B-01, B-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.deposit_refusals import reserved
from services.billing.domain.objects.deposits import Deposit, Kind, received, take
from services.billing.handlers.objects import deposit_facts, preliminary_agreements, release_objects
from services.billing.storage.objects import agreements, deposits
from shared.directory import customers, scope
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class TakeDeposit:
    """A first deposit of `amount` yuan on an object of `price` yuan."""

    customer_key: UUID
    object_code: str
    kind: Kind
    amount: Decimal
    price: Decimal
    on: date | None = None


async def handle(work: Work, command: TakeDeposit) -> Deposit:
    """Reserve the object, file its preliminary agreement, and book the money.

    Raises NotFinanceStaff (B-04), UnapprovedCustomer (R-20), OutOfScope, DepositTooSmall,
    DepositTooLarge, NoLargeDepositPossible (B-01, B-02), ObjectReserved (B-11), NotSignedByAll and
    AnotherPrice (B-05).
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit_facts.require_collector(work, terms.body)
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")

    deposit = take(
        new_id(),
        command.customer_key,
        command.object_code,
        command.kind,
        command.amount,
        command.price,
        on,
        terms,
    )
    if await release_objects.reserving(work, command.object_code, on) is not None:
        raise reserved(command.object_code)
    if await agreements.standing_on(work, command.object_code) is not None:
        raise reserved(command.object_code)
    filed = await preliminary_agreements.file_with(work, deposit, on)

    if not await deposits.insert(work, filed):
        raise reserved(command.object_code)
    await deposit_facts.note(work, filed, on)
    await deposit_facts.post(work, filed, received(filed))
    return filed
