"""A part of an archive, or a year's figures, get their next version (R-61, R-65, R-68)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import ArchiveAccess, require_full_sight, sight_of
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.completeness import (
    ArchiveCompleteness,
    Completeness,
    measure,
)
from services.registry.domain.archive.content import apart
from services.registry.domain.archive.files import require_key_account, touched
from services.registry.domain.archive.parts.fields import PARTS, Place
from services.registry.domain.archive.shapes import Content
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.register.customers import Customer
from services.registry.handlers.archive import remember
from services.registry.storage.archive import audit, files, requests, versions
from services.registry.storage.archive.versions import Draft
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class WritePart:
    """The whole content of the next version, and why; 0 is the expected version before the first.

    `on` is the day from which the content holds.
    """

    customer_key: UUID
    place: Place
    content: Content
    by: Actor
    reason: str
    expected_version: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The version that was added, and how complete the part is now (R-69)."""

    version: int
    on: date
    completeness: Completeness


async def handle(work: Work, command: WritePart) -> Written:
    """Add the version; an update of a part starts its freshness anew (R-67).

    Raises NotDeveloped, NotResponsible, NotPermitted (who may not read a part cannot replace it),
    StaleVersion, InTheFuture.
    """
    on = business_day(command.on, work.today)
    customer = require_key_account(await customers.load(work, command.customer_key))
    newest = await versions.newest(work, customer.customer_key, command.place)
    require_version(command.expected_version, newest)
    await _require_author(work, command, customer, newest)
    policy = await in_force(work, ArchiveCompleteness, work.today)
    file = await files.opened(work, customer.customer_key, on)

    content = apart(command.content)
    completeness = measure(command.place.section, content, policy.body)

    await versions.add(
        work,
        Draft(
            *(customer.customer_key, command.place, newest + 1, on, content),
            *(command.by.staff_code, command.reason, completeness, policy.version),
        ),
    )
    if command.place.section in PARTS:
        await remember.handle(work, customer.customer_key, command.place.section, content.secrets)
        await files.save(work, touched(file, on))
    await _log(work, command, newest + 1)
    return Written(newest + 1, on, completeness)


async def _require_author(work: Work, command: WritePart, customer: Customer, newest: int) -> None:
    key, by = customer.customer_key, command.by
    owner = require_owner(await ownership.ownerships(work, key)).owner_unit
    responsible = [owner, *customer.joint_units]
    require_responsible(by, responsible, await organisation.lineage(work, [*responsible, by.unit]))
    if newest:
        policy = await in_force(work, ArchiveAccess, work.today)
        reader = (await requests.readers(work, [key], by))[key]
        section = command.place.section
        require_full_sight(sight_of(section, by, reader, policy.body, work.today), section)


async def _log(work: Work, command: WritePart, version: int) -> None:
    place = command.place
    entry = audit.entry(
        work,
        AuditAction.WRITE,
        staff_code=command.by.staff_code,
        customer_key=command.customer_key,
        section=place.section.value,
        item=place.item or None,
        part_version=version,
        purpose=command.reason,
    )
    await audit.add(work, [entry])
