"""A department reports what happened with a customer to its archive (R-65, R-66)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.completeness import Completeness
from services.registry.domain.archive.content import apart
from services.registry.domain.archive.files import require_key_account
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.archive.parts.records import Dealing
from services.registry.storage.archive import audit, files, versions
from services.registry.storage.archive.versions import Draft
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work

_NOTHING_ASKED = Completeness(0, ())


@dataclass(frozen=True, slots=True)
class RecordDealing:
    """What happened, on which day, as somebody of any department tells it."""

    customer_key: UUID
    dealing: Dealing
    by: Actor
    on: date | None = None


async def handle(work: Work, command: RecordDealing) -> UUID:
    """Add an entry to the journal; its id. Whoever reports needs no permission to read.

    Raises NotDeveloped, InTheFuture.
    """
    on = business_day(command.on, work.today)
    customer = require_key_account(await customers.load(work, command.customer_key))
    await files.opened(work, customer.customer_key, on)
    entry_id = new_id()

    await versions.add(
        work,
        Draft(
            *(customer.customer_key, Place(Section.JOURNAL, str(entry_id)), 1, on),
            *(apart(command.dealing), command.by.staff_code, command.dealing.kind.value),
            *(_NOTHING_ASKED, None),
        ),
    )
    entry = audit.entry(
        work,
        AuditAction.WRITE,
        staff_code=command.by.staff_code,
        customer_key=customer.customer_key,
        section=Section.JOURNAL.value,
        item=str(entry_id),
        part_version=1,
        purpose=command.dealing.kind.value,
    )
    await audit.add(work, [entry])
    return entry_id
