"""What becomes of a deposit that is not applied: paid back, paid back double, or kept (B-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.billing.domain.objects.agreements import is_waited_for
from services.billing.domain.objects.deposit_endings import Ended, forfeit, refund
from services.billing.domain.objects.deposit_refusals import ContractStands
from services.billing.domain.objects.deposits import Deposit
from services.billing.handlers.objects import deposit_facts, preliminary_agreements
from services.billing.storage.objects import agreements, deposits
from shared.directory import identities, scope
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
    """Post the decision of somebody authorised who did not take the money (B-11, B-12).

    Raises NotAuthorised, CollectorDecides, UnknownDeposit, StaleVersion, DepositNotLive,
    ContractStands (B-08).
    """
    on = business_day(command.on, work.today)
    terms = await deposit_facts.terms_on(work, on)
    deposit = await deposits.held(work, command.deposit_id)
    await scope.require(work, deposit.customer_key, "money")
    collectors = await deposits.collectors(work, deposit.chain_id)
    deposit_facts.require_decider(work, terms.body, collectors)
    require_version(command.expected_version, deposit.version)
    await require_no_contract(work, deposit)

    closed, lines = _end(deposit, command.ending, on)

    await deposit_facts.save(work, closed, on, command.reason)
    await deposit_facts.post(work, closed, lines)
    await preliminary_agreements.void_with(work, closed.preliminary_id, command.reason)
    return closed


async def require_no_contract(work: Work, deposit: Deposit) -> None:
    """Raise ContractStands when the contract that the deposit is for is signed (B-08)."""
    agreement = await agreements.standing_on(work, deposit.object_code)
    if agreement is None:
        return
    is_same = await identities.are_same(work, agreement.customer_key, deposit.customer_key)
    if is_waited_for(agreement, deposit, is_same_customer=is_same):
        raise ContractStands(
            f"{deposit.object_code} 的合同 {agreement.number} 已签，定金须抵扣首期款",
            f"the agreement {agreement.number} on {deposit.object_code} is signed; its deposit is"
            " applied to the first instalment, unless the agreement is cancelled",
        )


def _end(deposit: Deposit, ending: Ending, on: date) -> Ended:
    if ending is Ending.FORFEIT:
        return forfeit(deposit, on)
    return refund(deposit, on, double=ending is Ending.DOUBLE_RETURN)
