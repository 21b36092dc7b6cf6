"""What tests of dunning tell and ask: instalments, disputes, letters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.billing.handlers.arrears import dun
from shared.contracts.engagement import ComplaintChanged, ComplaintState
from shared.contracts.enterprise import ComplaintKind
from shared.contracts.envelope import Entity, Event, FactRef
from shared.work import Work
from tests.services.billing.books import charge, finish, told
from tests.support.cast import ELECTRONICS

RAISED = "dakehu.billing.dunning_raised.v1"
WITHDRAWN = "dakehu.billing.dunning_withdrawn.v1"
ISSUED, DUE = date(2026, 1, 1), date(2026, 1, 31)
REMINDED, SECOND = DUE - timedelta(days=5), DUE + timedelta(days=7)
COMPLAINT = uuid4()


def owed(ref: str = "C-1", amount: str = "100.00", due: date = DUE) -> Event:
    return charge(ELECTRONICS, ref, amount, issued=ISSUED, due=due)


def disputed(
    ref: str,
    *,
    state: ComplaintState = ComplaintState.OPEN,
    version: int = 1,
    opened: datetime = datetime(2026, 1, 20, 9, tzinfo=UTC),
    resolved: datetime | None = None,
    kind: str = "charge_raised",
    imported: bool = False,
) -> ComplaintChanged:
    return ComplaintChanged(
        entity=Entity(type="complaint", id=str(COMPLAINT), version=version),
        customer_key=ELECTRONICS.key,
        complaint_id=COMPLAINT,
        state=state,
        kind=ComplaintKind.COMPLAINT,
        channel="phone",
        occurred_at=opened,
        opened_at=opened,
        disputed=FactRef(system="erp", type=kind, ref=ref),
        resolved_at=resolved,
        is_imported=imported,
    )


async def dunned(work: Work, *days: date) -> list[tuple[str, str]]:
    """(step, overdue) of everything raised on these days, one after the other."""
    for day in days:
        await dun.handle(work, day)
    await finish(work)
    return [(fact["step"], fact["overdue"]["amount"]) for fact in await told(work, RAISED)]


async def reasons(work: Work) -> list[str]:
    return [fact["reason"] for fact in await told(work, WITHDRAWN)]
