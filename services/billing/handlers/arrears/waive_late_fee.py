"""Waive a late fee: propose, approve or refuse, withdraw (B-15).

Only an approved waiver is posted, as a reversal; the customer's account is reckoned with it, so
money that had paid the fee is free again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.arrears.waivers import (
    Decider,
    Waivable,
    Waiver,
    WaiverAuthority,
    WaiverState,
    amount_to_waive,
    approve,
    refuse,
    withdraw,
)
from services.billing.handlers.desk.duty import decider
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.arrears import waivers
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.directory import scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work

_Decide = Callable[[Waiver, Waivable, Decider, WaiverAuthority, int, date], Waiver]
_DECISIONS: dict[WaiverState, _Decide] = {
    WaiverState.APPROVED: approve,
    WaiverState.REFUSED: refuse,
    WaiverState.WITHDRAWN: withdraw,
}


@dataclass(frozen=True, slots=True)
class ProposeWaiver:
    """`amount` yuan of a late fee, or all that is left of it."""

    late_fee_id: UUID
    reason: str
    amount: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DecideWaiver:
    """What becomes of a waiver, with a note on why."""

    waiver_id: UUID
    expected_version: int
    state: WaiverState
    note: str | None = None
    on: date | None = None


async def handle(work: Work, command: ProposeWaiver) -> Waiver:
    """Propose. Raises UnknownLateFee, OutOfScope, WaiverTooLarge."""
    on = business_day(command.on, work.today)
    fee = await waivers.fee(work, command.late_fee_id)
    await scope.require(work, fee.customer_key, "money")
    await customer_books.lock(work, [fee.customer_key])
    fee = await waivers.fee(work, command.late_fee_id)

    waiver = Waiver(
        waiver_id=new_id(),
        late_fee_id=fee.late_fee_id,
        customer_key=fee.customer_key,
        amount=amount_to_waive(fee, command.amount),
        reason=command.reason,
        state=WaiverState.PROPOSED,
        proposed_by=work.person.staff_code,
        proposed_on=on,
    )

    await waivers.insert(work, waiver, fee)
    return waiver


async def decide(work: Work, command: DecideWaiver) -> Waiver:
    """Approve, refuse or withdraw.

    Raises UnknownWaiver, OutOfScope, StaleVersion, WaiverNotOpen, DecidedTooEarly,
    ApproverIsApplicant, WaiverTooLarge, WaiverBeyondAuthority.
    """
    on = business_day(command.on, work.today)
    known = await waivers.held(work, command.waiver_id)
    await scope.require(work, known.customer_key, "money")
    accounts = await customer_books.lock(work, [known.customer_key])
    waiver = await waivers.held(work, command.waiver_id)
    require_version(command.expected_version, waiver.version)
    fee = await waivers.fee(work, waiver.late_fee_id)
    authority = await policy.in_force(work, WaiverAuthority, on)

    decision = _DECISIONS[command.state]
    decided = decision(waiver, fee, await decider(work), authority.body, authority.version, on)

    await waivers.update(work, decided, fee, command.note)
    granted = fee.granted + _granted(decided) - _granted(waiver)
    if granted != fee.granted:
        change = Changes(waived={fee.late_fee_id: (granted, on)}, because="waived")
        await settle_accounts.settle(work, accounts, {fee.customer_key: change})
    return decided


def _granted(waiver: Waiver) -> Decimal:
    return waiver.amount if waiver.state is WaiverState.APPROVED else Decimal(0)
