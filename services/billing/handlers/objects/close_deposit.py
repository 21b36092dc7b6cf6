"""What becomes of a deposit that is not applied: paid back, paid back double, or kept (B-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Deposit, expire, forfeit, refund
from services.billing.handlers.objects import deposit_facts
from services.billing.storage.objects import deposits
from shared import policy
from shared.directory import scope
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


class Ending(StrEnum):
    """Who broke his word: nobody, we, or the customer."""

    REFUND = "refund"
    DOUBLE_RETURN = "double-return"
    FORFEIT = "forfeit"


@dataclass(frozen=True, slots=True)
class CloseDeposit:
    """The decision on a live or expired deposit, with its reason."""

    deposit_id: UUID
    expected_version: int
    ending: Ending
    reason: str
    on: date | None = None


async def handle(work: Work, command: CloseDeposit) -> Deposit:
    """Post the decision (B-11).

    Raises NotFinanceStaff (B-04), UnknownDeposit, StaleVersion, DepositNotLive.
    """
    on = business_day(command.on, work.today)
    terms = await policy.in_force(work, DepositTerms, on)
    deposit_facts.require_collector(work, terms.body)
    deposit = await deposits.held(work, command.deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    require_version(command.expected_version, deposit.version)

    if command.ending is Ending.FORFEIT:
        closed, lines = forfeit(deposit, on)
    else:
        closed, lines = refund(deposit, on, double=command.ending is Ending.DOUBLE_RETURN)

    await deposit_facts.save(work, closed, on, command.reason)
    await deposit_facts.post(work, closed, lines)
    return closed


async def expire_due(work: Work, on: date) -> int:
    """Sweep: release objects whose deposit held until the day before `on` (B-01, B-02, C12)."""
    due = await deposits.due(work, on)
    for deposit in due:
        await deposit_facts.save(work, expire(deposit, on), on)
    return len(due)
