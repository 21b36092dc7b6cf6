"""Somebody asks to read an archive, for a purpose and until a day (R-70, R-73)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import ArchiveAccess
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.requests import AccessRequest, RequestState, ask
from services.registry.storage.archive import audit, requests
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RequestAccess:
    """Which sections somebody wants to read, what for, and until which day."""

    customer_key: UUID
    sections: Sequence[Section]
    purpose: str
    until_on: date
    by: Actor


async def handle(work: Work, command: RequestAccess) -> AccessRequest:
    """Make the request; it opens nothing before somebody else grants it. Raises TooLong."""
    await customers.load(work, command.customer_key)
    policy = await in_force(work, ArchiveAccess, work.today)
    request = AccessRequest(
        request_id=new_id(),
        customer_key=command.customer_key,
        sections=tuple(sorted(set(command.sections))),
        purpose=command.purpose,
        requested_by=command.by.staff_code,
        requested_unit=command.by.unit,
        requested_on=work.today,
        until_on=command.until_on,
        state=RequestState.PENDING,
        decided_by=None,
        decided_on=None,
        version=1,
    )
    ask(request, policy.body, policy.version)
    await requests.add(work, request, policy.version)
    entry = audit.entry(
        work,
        AuditAction.ASK,
        staff_code=command.by.staff_code,
        customer_key=request.customer_key,
        purpose=request.purpose,
        details={
            "request_id": str(request.request_id),
            "sections": [section.value for section in request.sections],
            "until_on": request.until_on.isoformat(),
        },
    )
    await audit.add(work, [entry])
    return request
