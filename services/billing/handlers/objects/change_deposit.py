"""A live deposit changes: it is topped up, or its object costs something else (B-11, B-12, C11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.deposit_refusals import reserved
from services.billing.domain.objects.deposits import Deposit, received, reprice, upgrade
from services.billing.handlers.objects import close_deposit, deposit_facts
from services.billing.storage.objects import deposits
from shared.directory import customers, scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class UpgradeDeposit:
    """`amount` yuan on top of a small deposit."""

    deposit_id: UUID
    expected_version: int
    amount: Decimal
    on: date | None = None


@dataclass(frozen=True, slots=True)
class RepriceDeposit:
    """The object costs `price` yuan from now on, for a reason."""

    deposit_id: UUID
    expected_version: int
    price: Decimal
    reason: str
    on: date | None = None


async def top_up(work: Work, command: UpgradeDeposit) -> Deposit:
    """Finance makes a small deposit a large one, which is returned: one chain, the clock anew.

    Raises NotFinanceStaff (B-04), UnknownDeposit, StaleVersion, AlreadyLarge, DepositNotLive,
    DepositTooSmall, DepositTooLarge, NoLargeDepositPossible (B-02), ContractStands.
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit_facts.require_collector(work, terms.body)
    small = await _held(work, command.deposit_id, command.expected_version)
    await customers.require_developed(work, small.customer_key)

    upgraded, large = upgrade(small, new_id(), command.amount, on, terms)

    await deposit_facts.save(work, upgraded, on)
    if not await deposits.insert(work, large):
        raise reserved(large.object_code)
    await deposit_facts.note(work, large, on)
    await deposit_facts.post(work, large, received(large))
    return large


async def set_price(work: Work, command: RepriceDeposit) -> Deposit:
    """Keep the new price and what it makes of the deposit; nothing is refused for it (B-12).

    What has effect is judged by the terms that the deposit names. Raises UnknownDeposit,
    OutOfScope, StaleVersion, DepositNotLive, ContractStands.
    """
    on = business_day(command.on, work.today)
    deposit = await _held(work, command.deposit_id, command.expected_version)
    terms = await deposit_facts.terms_of(work, deposit.policy_version)

    repriced = reprice(deposit, command.price, on, terms)

    await deposit_facts.save(work, repriced, on, command.reason)
    return repriced


async def _held(work: Work, deposit_id: UUID, expected_version: int) -> Deposit:
    deposit = await deposits.held(work, deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    require_version(expected_version, deposit.version)
    await close_deposit.require_no_contract(work, deposit)
    return deposit
