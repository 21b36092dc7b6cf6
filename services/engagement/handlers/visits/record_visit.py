"""A visitor records a visit (E-22, R-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.engagement.domain.obligations.gaps import TooEarly
from services.engagement.domain.visits.expenses import require_record
from services.engagement.handlers.visits import keep_visits
from services.engagement.handlers.visits.keep_visits import Reported
from services.engagement.storage.visits.visit_rows import NewVisit
from shared.clock import business_date
from shared.directory import customers, scope, staff
from shared.errors import Invalid
from shared.identifiers import new_id
from shared.moments import moment
from shared.work import Work

RESEARCH = "research"
"""The one kind of visit to a customer whose declaration is not approved (R-20)."""


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """What the caller, who leads the visit, says of it; `expense` in yuan."""

    customer_key: UUID
    kind: str
    channel: str
    target_level: str
    started_at: datetime
    content: str
    target_name: str | None = None
    ended_at: datetime | None = None
    companions: Sequence[str] = ()
    expense: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The new visit, and the warning if it came too early (E-13)."""

    visit_id: UUID
    warning: TooEarly | None


async def handle(work: Work, command: RecordVisit) -> Recorded:
    """Keep the visit, its check by phone and its claim; the duties follow.

    Raises OutOfScope, UnapprovedCustomer, SuspendedCustomer and ClosedCustomer (R-20, R-22),
    InTheFuture, Invalid for companions nobody knows, RecordMissing for a claim unwritten (E-25).
    """
    await scope.require(work, command.customer_key, "base")
    await customers.require_developed(work, command.customer_key, research=command.kind == RESEARCH)
    visitors = tuple(dict.fromkeys((work.person.staff_code, *command.companions)))
    started_at = moment(command.started_at, work.now, "/started_at")
    _require_order(command)
    visited_on = business_date(started_at, work.zone)
    await _require_known(work, visitors)
    if command.expense is not None:
        require_record(command.content)

    visit = NewVisit(
        visit_id=new_id(),
        customer_key=command.customer_key,
        source_system=None,
        source_ref=None,
        kind=command.kind,
        channel=command.channel,
        target_level=command.target_level,
        target_name=command.target_name,
        started_at=started_at,
        ended_at=command.ended_at,
        visited_on=visited_on,
        content=command.content,
        expense=command.expense,
        recorded_by=work.person.staff_code,
        visitors=visitors,
    )
    warnings = await keep_visits.handle(work, [Reported(visit, work.today)])
    return Recorded(visit.visit_id, warnings.get(visit.visit_id))


def _require_order(command: RecordVisit) -> None:
    if command.ended_at is not None and command.ended_at < command.started_at:
        raise Invalid("结束时间早于开始时间", "it ends before it begins", pointer="/ended_at")


async def _require_known(work: Work, visitors: Sequence[str]) -> None:
    known = await staff.on_day(work, visitors, work.today)
    if strange := sorted(set(visitors) - set(known)):
        raise Invalid(
            f"未在册的工号：{'、'.join(strange)}",
            f"nobody here has the staff code {', '.join(strange)}",
            pointer="/companions",
        )
