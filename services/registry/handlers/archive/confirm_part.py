"""Somebody confirms that what a part says is correct (R-69)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import ArchiveAccess, require_full_sight, sight_of
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.files import require_newest, touched
from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.storage.archive import audit, files, requests, versions
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ConfirmPart:
    """Which version of which part was found correct on which day."""

    customer_key: UUID
    section: Section
    version: int
    by: Actor
    on: date | None = None


async def handle(work: Work, command: ConfirmPart) -> None:
    """Record the confirmation; by policy it counts as an update (R-67).

    Raises NothingToConfirm, OutOfSight, NotPermitted, InTheFuture.
    """
    on = business_day(command.on, work.today)
    key, by = command.customer_key, command.by
    await customers.load(work, key)
    policy = await in_force(work, ArchiveAccess, work.today)
    freshness = await in_force(work, ArchiveFreshness, work.today)
    reader = (await requests.readers(work, [key], by))[key]
    newest = await versions.newest(work, key, Place(command.section))

    sight = sight_of(command.section, by, reader, policy.body, work.today)
    require_full_sight(sight, command.section)
    version = require_newest(newest, command.version)

    await files.add_confirmation(work, key, command.section, version, on, by.staff_code)
    if freshness.body.confirming_counts:
        await files.save(work, touched(await files.opened(work, key, on), on))
    entry = audit.entry(
        work,
        AuditAction.CONFIRM,
        staff_code=by.staff_code,
        customer_key=key,
        section=command.section.value,
        part_version=version,
        permission=sight.permission,
    )
    await audit.add(work, [entry])
