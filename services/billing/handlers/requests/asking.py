"""What asking and deciding have in common, whatever is asked for (B-19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.duties import Task
from services.billing.domain.requests.requests import (
    AskedAlready,
    MoneyRequest,
    RequestKind,
    RequestState,
    decided,
)
from services.billing.handlers.desk.duty import on_duty
from services.billing.storage.receivables import customer_books
from services.billing.storage.requests import requests
from shared.directory import scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Decide:
    """What becomes of a request, and why."""

    request_id: UUID
    expected_version: int
    state: RequestState
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: yuan of a charge or payment of a customer, with what else matters."""

    kind: RequestKind
    customer_key: UUID
    subject_id: UUID
    amount: Decimal
    reason: str
    details: Mapping[str, object]


async def ask(work: Work, asked: Asked, on: date, policy_version: int) -> MoneyRequest:
    """Keep the request, in the caller's name."""
    person = work.person.staff_code
    request = MoneyRequest(
        request_id=new_id(),
        kind=asked.kind,
        customer_key=asked.customer_key,
        subject_id=asked.subject_id,
        amount=asked.amount,
        details=asked.details,
        state=RequestState.APPLIED,
        applied_by=person,
        staff_code=person,
        reason=asked.reason,
        decided_on=on,
        policy_version=policy_version,
    )
    await requests.add(work, request)
    return request


async def refuse_double(
    work: Work, kind: RequestKind, subject_id: UUID, *states: RequestState
) -> None:
    """Raise AskedAlready when the same is asked for, or stands in one of `states`."""
    if await requests.is_there(work, kind, subject_id, RequestState.APPLIED, *states):
        raise AskedAlready("已有同样的申请", "the same is asked for, or was granted, already")


async def locked(work: Work, kind: RequestKind, command: Decide) -> tuple[MoneyRequest, date]:
    """The request under the lock of its customer's account, and the day of the decision.

    Raises UnknownRequest, OutOfScope, StaleVersion, InTheFuture.
    """
    on = business_day(command.on, work.today)
    known = await requests.held(work, kind, command.request_id)
    await scope.require(work, known.customer_key, "money")
    await customer_books.lock(work, [known.customer_key])
    request = await requests.held(work, kind, command.request_id)
    require_version(command.expected_version, request.version)
    return request, on


async def decide(
    work: Work, request: MoneyRequest, command: Decide, on: date, policy_version: int | None = None
) -> MoneyRequest:
    """Keep the decision of a second person.

    `policy_version` is of the policy that gives the authority; left out, the duties themselves do.
    Raises NotYourTask and DutiesNotApart (B-19), RequestNotOpen.
    """
    duties = await on_duty(work, Task.CONFIRMING, on)
    version = policy_version or duties.version
    after = decided(request, command.state, work.person.staff_code, command.reason, on, version)
    await requests.add(work, after)
    return after
