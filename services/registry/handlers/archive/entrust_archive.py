"""An archive is entrusted to a custodian (R-69)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.files import (
    ArchiveFile,
    entrusted,
    require_custodian,
    require_key_account,
)
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.storage.archive import audit, files
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class EntrustArchive:
    """Who keeps the archive from `on`, and why; the version is the file's."""

    customer_key: UUID
    custodian: str
    by: Actor
    reason: str
    expected_version: int
    on: date | None = None


async def handle(work: Work, command: EntrustArchive) -> ArchiveFile:
    """Appoint the custodian, somebody on duty in a unit that may see the archive.

    Raises NotDeveloped, NotOnDuty, WrongCustodian, NotResponsible, StaleVersion, InTheFuture.
    """
    on = business_day(command.on, work.today)
    customer = require_key_account(await customers.load(work, command.customer_key))
    custodian = await staff.on_day(work, command.custodian, work.today, "/custodian")
    owner = require_owner(await ownership.ownerships(work, command.customer_key))
    responsible = [owner.owner_unit, *customer.joint_units]
    units = await organisation.lineage(work, [*responsible, command.by.unit])
    at_home = await files.units_in_sight(work, command.customer_key)
    file = await files.opened(work, command.customer_key, on)
    require_version(command.expected_version, file.version)

    require_responsible(command.by, responsible, units)
    require_custodian(custodian, at_home)
    file = entrusted(file, custodian.code)

    await files.save(work, file)
    await files.note_custodian(work, file, on, command.by.staff_code, command.reason)
    entry = audit.entry(
        work,
        AuditAction.ENTRUST,
        staff_code=command.by.staff_code,
        customer_key=command.customer_key,
        purpose=command.reason,
        details={"custodian": custodian.code},
    )
    await audit.add(work, [entry])
    return file
