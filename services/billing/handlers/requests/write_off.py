"""Bad debts: a write-off is asked for with evidence, approved within limits, reversed (B-17).

What is given up is all that is open on the day of the approval, late fees until then included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.arrears.write_offs import with_closing
from services.billing.domain.desk.duties import Task, require_apart
from services.billing.domain.receivables.decisions import WriteOff
from services.billing.domain.receivables.reckoning import reckon
from services.billing.domain.requests.requests import MoneyRequest, RequestKind, RequestState
from services.billing.domain.requests.rules import (
    NothingOpen,
    WriteOffRules,
    check_authority,
    check_evidence,
)
from services.billing.handlers.desk import in_sight
from services.billing.handlers.desk.duty import decider, on_duty
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.requests.asking import (
    Asked,
    Decide,
    ask,
    decide,
    locked,
    refuse_double,
)
from services.billing.storage.arrears import late_fees
from services.billing.storage.desk import documents
from services.billing.storage.receivables import customer_books, decisions, loading
from services.billing.storage.receivables.customer_books import Account
from shared import policy
from shared.moments import business_day
from shared.work import Work

KIND = RequestKind.WRITE_OFF
_ANY_AMOUNT = Decimal("1e15")
"""More than a column holds: nothing that is open is left out of what would be given up."""


@dataclass(frozen=True, slots=True)
class AskWriteOff:
    """All that is open of a receivable, and on which evidence it counts as lost."""

    receivable_id: UUID
    evidence: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: AskWriteOff) -> MoneyRequest:
    """Ask for the write-off of what is open.

    Raises NotYourTask and DutiesNotApart (B-19), UnknownReceivable, OutOfScope, NothingOpen,
    NotEvidence, AskedAlready.
    """
    on = business_day(command.on, work.today)
    await on_duty(work, Task.RECEIVING, on)
    rules = await policy.in_force(work, WriteOffRules, on)
    check_evidence(command.evidence, rules.body, rules.version)
    charge = await in_sight.charge(work, command.receivable_id)
    accounts = await customer_books.lock(work, [charge.customer_key])
    issuers = await documents.issuers(work, {charge.charge_id})
    require_apart(work.person.staff_code, issuers, "开具了此账单", "issued this charge")
    await refuse_double(work, KIND, charge.charge_id, RequestState.APPROVED)
    lost = await _lost(work, accounts, charge.charge_id, on)
    asked = Asked(
        KIND,
        charge.customer_key,
        charge.charge_id,
        lost,
        command.reason,
        {"evidence": command.evidence},
    )
    return await ask(work, asked, on, rules.version)


async def settle(work: Work, command: Decide) -> MoneyRequest:
    """Approve, refuse or reverse it; the account is reckoned with what was decided.

    Raises NotYourTask and DutiesNotApart (B-19), BeyondAuthority, RequestNotOpen, StaleVersion.
    """
    request, on = await locked(work, KIND, command)
    rules = await policy.in_force(work, WriteOffRules, on)
    by = await decider(work)
    lost = request.amount
    if command.state is RequestState.APPROVED and request.state is RequestState.APPLIED:
        accounts = await customer_books.lock(work, [request.customer_key])
        lost = await _lost(work, accounts, request.subject_id, on)
    check_authority(by, lost, rules.body, rules.version)
    issuers = await documents.issuers(work, {request.subject_id})
    require_apart(by.staff_code, issuers, "开具了此账单", "issued this charge")
    seen = replace(request, amount=lost, details={**request.details, "level": by.level})
    after = await decide(work, seen, command, on, rules.version)
    if after.state is not RequestState.REFUSED:
        more = 1 if after.state is RequestState.APPROVED else -1
        await decisions.count(work, request.customer_key, more)
        accounts = await customer_books.lock(work, [request.customer_key])
        change = Changes(is_decided=True)
        await settle_accounts.settle(work, accounts, {request.customer_key: change})
    return after


async def _lost(work: Work, accounts: Mapping[UUID, Account], charge_id: UUID, on: date) -> Decimal:
    """Yuan of the charge that would be given up on the day `on`. Raises NothingOpen."""
    (books,) = (await loading.load_whole(work, accounts)).values()
    closing = WriteOff(charge_id, charge_id, on, _ANY_AMOUNT)
    reckoning = reckon(with_closing(books, closing), await late_fees.plans(work))
    assert reckoning is not None, "the whole of an account can always be reckoned"
    of_charge = {
        item.item_id
        for item in (*books.owed, *reckoning.owed.values())
        if item.charge_id == charge_id
    }
    lost = sum(
        (part for (item_id, _), part in reckoning.written_off.items() if item_id in of_charge),
        Decimal(0),
    )
    if lost <= 0:
        raise NothingOpen("该账单已无未收余额", "nothing of the charge is open")
    return lost
