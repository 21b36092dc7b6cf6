"""Confidential content is erased by a legal procedure; that it was erased stays (R-68)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import ArchiveAccess
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.erasure import Erasure, reach, require_erased, require_eraser
from services.registry.domain.archive.parts.fields import PARTS, Place
from services.registry.handlers.archive import remember
from services.registry.storage.archive import audit, erasures, vault, versions
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class EraseContent:
    """What is erased from every version of one place, and which document orders it.

    `person_id` limits it to one of the key people; `pointers` to these fields and all below them.
    """

    customer_key: UUID
    place: Place
    by: Actor
    legal_basis: str
    document_reference: str
    person_id: str | None = None
    pointers: Sequence[str] = ()
    on: date | None = None


async def handle(work: Work, command: EraseContent) -> Erasure:
    """Take the values out of every version for good, and record which.

    Raises NotTheEraser, NothingToErase, SealedForUs, InTheFuture.
    """
    on = business_day(command.on, work.today)
    key, place = command.customer_key, command.place
    await customers.load(work, key)
    policy = await in_force(work, ArchiveAccess, work.today)
    require_eraser(command.by, policy.body)
    erased: dict[str, list[str]] = {}
    for each in await versions.all_of(work, key, place):
        pointers = reach(each.open, each.secrets, command.person_id, command.pointers)
        if pointers and (gone := await vault.erase(work, each.secret_id, pointers)):
            erased[str(each.version)] = gone
    erasure = require_erased(
        Erasure(new_id(), key, place, erased, command.legal_basis, command.document_reference, on)
    )
    await erasures.add(work, erasure, command.by.staff_code, policy.version)
    await _forget(work, command)
    await _log(work, command, erasure)
    return erasure


async def _forget(work: Work, command: EraseContent) -> None:
    """Nobody is found any more by what was erased."""
    place = command.place
    if place.section in PARTS:
        newest = (await versions.load(work, [command.customer_key], [place.section]))[-1]
        await remember.handle(work, command.customer_key, place.section, newest.secrets)


async def _log(work: Work, command: EraseContent, erasure: Erasure) -> None:
    entry = audit.entry(
        work,
        AuditAction.ERASE,
        staff_code=command.by.staff_code,
        customer_key=command.customer_key,
        section=command.place.section.value,
        item=command.place.item or None,
        purpose=command.legal_basis,
        details={
            "document_reference": command.document_reference,
            "erased": {version: list(gone) for version, gone in erasure.erased.items()},
        },
    )
    await audit.add(work, [entry])
