"""Archives are read: under permission or behind masks, and every read is logged (R-70, X-08).

The one door to what archives say: reads, searches, reports, forms and exports come through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import ArchiveAccess, Sight, sight_of
from services.registry.domain.archive.audit import AuditAction, AuditEntry
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.archive.shapes import Content
from services.registry.storage.archive import audit, requests, versions
from services.registry.storage.archive.versions import Stored
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ReadArchive:
    """Which sections of whose archives are read, by whom, for what purpose (R-73).

    As of the day `on`, in one `version`, or as they are now; `items` are years or journal entries,
    None for all. `action` says how: read, search, report, export.
    """

    customer_keys: Sequence[UUID]
    sections: Sequence[Section]
    by: Actor
    purpose: str
    action: AuditAction = AuditAction.READ
    on: date | None = None
    version: int | None = None
    items: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the reader may see it.

    `masked` and `erased` are pointers: of what stands behind a mask, and of what a legal procedure
    erased.
    """

    customer_key: UUID
    place: Place
    version: int
    on: date
    author: str
    reason: str
    content: Content
    sight: Sight
    masked: tuple[str, ...]
    erased: tuple[str, ...]


async def handle(work: Work, command: ReadArchive) -> list[Shown]:
    """What the reader may see, in order of customer and place; nothing for what nobody wrote.

    Needs a unit of work that may write. Raises OutOfSight, SealedForUs.
    """
    keys = sorted(set(command.customer_keys))
    policy = await in_force(work, ArchiveAccess, work.today)
    readers = await requests.readers(work, keys, command.by)
    sights = {
        (key, section): sight_of(section, command.by, readers[key], policy.body, work.today)
        for key in keys
        for section in command.sections
    }
    stored = await versions.load(
        work,
        keys,
        command.sections,
        items=command.items,
        on=command.on,
        version=command.version,
    )
    await audit.add(work, _entries(work, command, sights, stored))
    return [_shown(each, sights[each.customer_key, each.place.section]) for each in stored]


def _shown(stored: Stored, sight: Sight) -> Shown:
    return Shown(
        customer_key=stored.customer_key,
        place=stored.place,
        version=stored.version,
        on=stored.on,
        author=stored.author,
        reason=stored.reason,
        content=stored.shown(is_masked=sight.is_masked),
        sight=sight,
        masked=stored.confidential if sight.is_masked else (),
        erased=stored.erased,
    )


def _entries(
    work: Work,
    command: ReadArchive,
    sights: dict[tuple[UUID, Section], Sight],
    stored: Sequence[Stored],
) -> list[AuditEntry]:
    found: dict[tuple[UUID, Section], dict[str, int]] = {}
    for each in stored:
        found.setdefault((each.customer_key, each.place.section), {})[each.place.item] = (
            each.version
        )
    return [
        audit.entry(
            work,
            command.action,
            staff_code=command.by.staff_code,
            customer_key=key,
            section=section.value,
            part_version=found.get((key, section), {}).get(""),
            purpose=command.purpose,
            permission=sight.permission,
            details=_details(command, found.get((key, section), {})),
        )
        for (key, section), sight in sights.items()
    ]


def _details(command: ReadArchive, found: dict[str, int]) -> dict[str, object]:
    details: dict[str, object] = {}
    if items := {item: version for item, version in found.items() if item}:
        details["items"] = items
    if command.on is not None:
        details["as_of"] = command.on.isoformat()
    if command.version is not None:
        details["asked_version"] = command.version
    return details
