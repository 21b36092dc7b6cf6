"""A request to read an archive is granted, refused, or taken back (R-70, R-73)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive import requests as domain
from services.registry.domain.archive.access import ArchiveAccess
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.requests import AccessRequest, Deciders
from services.registry.storage.archive import audit, files, requests
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DecideAccess:
    """What somebody decides about a request, and why."""

    request_id: UUID
    by: Actor
    expected_version: int
    reason: str | None = None


async def grant(work: Work, command: DecideAccess) -> AccessRequest:
    """Let the person read. Raises RequestSettled, OwnRequest, NotTheDecider, StaleVersion."""
    return await _settle(
        work,
        command,
        AuditAction.GRANT,
        lambda request, deciders, policy: domain.decide(
            request, command.by, deciders, policy, work.today, is_granted=True
        ),
    )


async def refuse(work: Work, command: DecideAccess) -> AccessRequest:
    """Decline the request. Raises as `grant`."""
    return await _settle(
        work,
        command,
        AuditAction.REFUSE,
        lambda request, deciders, policy: domain.decide(
            request, command.by, deciders, policy, work.today, is_granted=False
        ),
    )


async def revoke(work: Work, command: DecideAccess) -> AccessRequest:
    """Take a permission back, from now on. Raises as `grant`."""
    return await _settle(
        work,
        command,
        AuditAction.REVOKE,
        lambda request, deciders, policy: domain.revoke(
            request, command.by, deciders, policy, work.today
        ),
    )


async def _settle(
    work: Work,
    command: DecideAccess,
    action: AuditAction,
    decide: Callable[[AccessRequest, Deciders, ArchiveAccess], AccessRequest],
) -> AccessRequest:
    request = await requests.load(work, command.request_id)
    require_version(command.expected_version, request.version)
    await customers.load(work, request.customer_key)
    policy = await in_force(work, ArchiveAccess, work.today)

    settled = decide(request, await _deciders(work, request, command.by), policy.body)

    await requests.save(work, settled, command.reason, policy.version)
    entry = audit.entry(
        work,
        action,
        staff_code=command.by.staff_code,
        customer_key=request.customer_key,
        purpose=request.purpose,
        details={"request_id": str(request.request_id), "requested_by": request.requested_by},
    )
    await audit.add(work, [entry])
    return settled


async def _deciders(work: Work, request: AccessRequest, by: Actor) -> Deciders:
    owners = await ownership.ownerships(work, request.customer_key)
    owner = owners[-1].owner_unit if owners else None
    return Deciders(
        custodian=await files.custodian_of(work, request.customer_key),
        owner_unit=owner,
        units=await organisation.lineage(work, [owner, by.unit]),
    )
