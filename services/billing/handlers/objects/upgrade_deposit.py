"""Finance tops a small deposit up to a large one: one chain, the clock starts again (B-11, C11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.deposits import Deposit, received, upgrade
from services.billing.handlers.objects import close_deposit, deposit_facts
from services.billing.handlers.objects.take_deposit import reserved
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


async def handle(work: Work, command: UpgradeDeposit) -> Deposit:
    """Return the large deposit that takes the small one's place.

    Raises NotFinanceStaff (B-04), UnknownDeposit, StaleVersion, AlreadyLarge, DepositNotLive,
    DepositTooSmall, DepositTooLarge, NoLargeDepositPossible (B-02), ContractStands.
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit_facts.require_collector(work, terms.body)
    small = await deposits.held(work, command.deposit_id)
    await scope.require(work, small.customer_key, "money")
    await customers.require_developed(work, small.customer_key)
    require_version(command.expected_version, small.version)
    await close_deposit.require_no_contract(work, small)

    upgraded, large = upgrade(small, new_id(), command.amount, on, terms)

    await deposit_facts.save(work, upgraded, on)
    if not await deposits.insert(work, large):
        raise reserved(large.object_code)
    await deposit_facts.note(work, large, on)
    await deposit_facts.post(work, large, received(large))
    return large
