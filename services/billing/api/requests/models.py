"""What the answers about corrections, refunds and write-offs have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import FINANCE, Command, OnDay, Reason, one
from services.billing.domain.requests.requests import RequestKind, RequestState
from services.billing.handlers.requests.asking import Decide
from services.billing.storage.requests import reports
from services.billing.storage.requests.requests import UnknownRequest
from shared.contracts.values import Amount
from shared.http import Keyset, Page, Role
from shared.http.paging import PageRequest
from shared.work import Work

CONFIRMING: frozenset[Role] = FINANCE | {"director", "deputy_director", "sales_director"}
_ORDER = Keyset("applied_on date", "request_id uuid", descending=True)
_AFTER = {
    "approve": RequestState.APPROVED,
    "confirm": RequestState.APPROVED,
    "refuse": RequestState.REFUSED,
    "reverse": RequestState.REVERSED,
}
"""What a request becomes by the decision in the address."""


class DecisionIn(Command):
    """Why it was decided so."""

    reason: Reason
    on: OnDay = None

    def about(self, request_id: UUID, expected_version: int, decision: StrEnum) -> Decide:
        """The command that decides a request so."""
        state = _AFTER[decision.value]
        return Decide(request_id, expected_version, state, self.reason, self.on)


class RequestOut(BaseModel):
    """What was asked for, by whom, and what a second person decided."""

    request_id: UUID
    customer_key: UUID
    amount: Amount
    state: RequestState
    reason: str
    applied_by: str
    applied_on: date
    decided_by: str | None
    decided_on: date | None
    policy_version: int
    version: int


class StepOut(BaseModel):
    """One step of a request."""

    version: int
    state: RequestState
    amount: Amount
    on: date
    staff_code: str
    reason: str
    policy_version: int
    recorded_at: datetime


Shown = TypeVar("Shown", bound=RequestOut)


async def page_of(
    work: Work,
    page: PageRequest,
    kind: RequestKind,
    shown: type[Shown],
    *,
    customer_key: UUID | None,
    subject_id: UUID | None,
    state: RequestState | None,
) -> Page[Shown]:
    """Requests of a kind in sight, the latest first; by customer, by what they are about, state."""
    return await page.read(
        work,
        reports.REQUESTS,
        _ORDER,
        lambda row: shown(**_said(row)),
        kind=kind,
        request_id=None,
        customer_key=customer_key,
        subject_id=subject_id,
        state=state,
    )


async def row_of(work: Work, kind: RequestKind, request_id: UUID) -> dict[str, Any]:
    """The request as its answer takes it. Raises UnknownRequest."""
    row = await one(
        work,
        reports.REQUESTS,
        UnknownRequest,
        kind=kind,
        request_id=request_id,
        customer_key=None,
        subject_id=None,
        state=None,
    )
    return _said(row)


def _said(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row, **row["details"]}


async def steps_of(work: Work, request_id: UUID) -> list[StepOut]:
    """Every step of a request."""
    rows = await work.rows(reports.STEPS, request_id=request_id)
    return [StepOut(**row) for row in rows]
