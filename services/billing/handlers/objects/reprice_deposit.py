"""The price of a reserved object changes: what of its deposit is beyond the law's share (B-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.deposits import Deposit, reprice
from services.billing.handlers.objects import close_deposit, deposit_facts
from services.billing.storage.objects import deposits
from shared.directory import scope
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RepriceDeposit:
    """The object costs `price` yuan from now on, for a reason."""

    deposit_id: UUID
    expected_version: int
    price: Decimal
    reason: str
    on: date | None = None


async def handle(work: Work, command: RepriceDeposit) -> Deposit:
    """Keep the new price and what it makes of the deposit; nothing is refused for it (B-12).

    Raises UnknownDeposit, OutOfScope, StaleVersion, DepositNotLive, ContractStands.
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit = await deposits.held(work, command.deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    require_version(command.expected_version, deposit.version)
    await close_deposit.require_no_contract(work, deposit)

    repriced = reprice(deposit, command.price, on, terms)

    await deposit_facts.save(work, repriced, on, command.reason)
    return repriced
