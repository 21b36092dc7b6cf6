"""Engagement's state once more, at unchanged versions, for whoever was away or is new.

Each function publishes one page after the key `after` and returns its last key, None at the end.
"""

from __future__ import annotations

from uuid import UUID

from services.engagement.handlers import announcements
from services.engagement.handlers.complaints import case_announcements
from services.engagement.storage.complaints import compensations as approvals
from services.engagement.storage.complaints import complaints as cases
from services.engagement.storage.obligations import obligations as duties
from services.engagement.storage.visits import visits as contacts
from shared.service import Republish
from shared.work import Work

_PAGE = 500


async def obligations(work: Work, after: str | None) -> str | None:
    """Every obligation as it is now."""
    page = await duties.page(work, _key(after), _PAGE)
    for _, obligation, as_of in page:
        work.publish(announcements.obligation_changed(obligation, as_of))
    return str(page[-1][0]) if len(page) == _PAGE else None


async def visits(work: Work, after: str | None) -> str | None:
    """Every visit as it was published last."""
    page = await contacts.page(work, _key(after), _PAGE)
    for visit in page:
        work.publish(announcements.visit_recorded(visit, work.currency))
    return str(page[-1].contact.visit_id) if len(page) == _PAGE else None


async def complaints(work: Work, after: str | None) -> str | None:
    """Every case as it is now."""
    page = await cases.page(work, _key(after), _PAGE)
    for kept in page:
        work.publish(case_announcements.complaint_changed(kept))
    return str(page[-1].case.complaint_id) if len(page) == _PAGE else None


async def compensations(work: Work, after: str | None) -> str | None:
    """Every approved compensation."""
    page = await approvals.page_of_approved(work, _key(after), _PAGE)
    of_cases = await cases.load(work, [approved.complaint_id for approved, _ in page])
    by_case = {kept.case.complaint_id: kept for kept in of_cases}
    for approved, on in page:
        kept = by_case[approved.complaint_id]
        work.publish(case_announcements.compensation_approved(approved, kept, work.currency, on))
    return str(page[-1][0].compensation_id) if len(page) == _PAGE else None


def _key(after: str | None) -> UUID | None:
    return UUID(after) if after else None


REPUBLISH: dict[str, Republish] = {
    "obligations": obligations,
    "visits": visits,
    "complaints": complaints,
    "compensations": compensations,
}
