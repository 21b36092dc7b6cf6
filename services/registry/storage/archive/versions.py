"""Versions of what an archive consists of: only added, read as of a day or by number (R-68)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, insert

from services.registry.domain.archive.completeness import Completeness
from services.registry.domain.archive.content import Apart, Json, behind_masks, together
from services.registry.domain.archive.masking import Plain
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.archive.shapes import KINDS, Content
from services.registry.storage import tables
from services.registry.storage.archive import vault
from shared.work import Work

_LOAD = """
SELECT DISTINCT ON (v.customer_key, v.section, v.item)
    v.customer_key, v.section, v.item, v.version, v."on", v.content, v.secret_id, v.author,
    v.reason, s.sealed, s.erased
FROM archive_versions v JOIN archive_secrets s ON s.secret_id = v.secret_id
WHERE v.customer_key = ANY(:keys) AND v.section = ANY(:sections)
    AND (CAST(:items AS text[]) IS NULL OR v.item = ANY(:items))
    AND (CAST(:on AS date) IS NULL OR v."on" <= :on)
    AND (CAST(:version AS integer) IS NULL OR v.version = :version)
ORDER BY v.customer_key, v.section, v.item, v.version DESC
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version about to be added."""

    customer_key: UUID
    place: Place
    version: int
    on: date
    content: Apart
    author: str
    reason: str
    completeness: Completeness
    policy_version: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A version as kept, with its confidential values opened; `erased` names those erased."""

    customer_key: UUID
    place: Place
    version: int
    on: date
    open: Json
    secrets: Mapping[str, Plain]
    secret_id: UUID
    erased: tuple[str, ...]
    author: str
    reason: str

    def shown(self, *, is_masked: bool) -> Content:
        """The content, whole or behind masks: the one way in which it leaves the data layer."""
        kind = KINDS[self.place.section]
        secrets = behind_masks(kind, self.secrets) if is_masked else self.secrets
        found: Content = _adapter(kind).validate_python(together(self.open, secrets))
        return found

    @property
    def confidential(self) -> tuple[str, ...]:
        """Pointers of the confidential values that are there, sorted."""
        return tuple(sorted(self.secrets))


async def load(
    work: Work,
    customer_keys: Sequence[UUID],
    sections: Iterable[Section],
    *,
    items: Sequence[str] | None = None,
    on: date | None = None,
    version: int | None = None,
) -> list[Stored]:
    """What the archives said on the day `on`, in `version`, or now, in order of key and place.

    Valid on a day is the highest version that held by then. Raises SealedForUs.
    """
    rows = await work.rows(
        _LOAD,
        keys=sorted(set(customer_keys)),
        sections=[section.value for section in sections],
        items=items,
        on=on,
        version=version,
    )
    return [_stored(work, row) for row in rows]


async def all_of(work: Work, customer_key: UUID, place: Place) -> list[Stored]:
    """Every version of one place, oldest first. Raises SealedForUs."""
    rows = await work.rows(
        "SELECT v.*, s.sealed, s.erased FROM archive_versions v"
        " JOIN archive_secrets s ON s.secret_id = v.secret_id WHERE v.customer_key = :key"
        " AND v.section = :section AND v.item = :item ORDER BY v.version",
        key=customer_key,
        section=place.section.value,
        item=place.item,
    )
    return [_stored(work, row) for row in rows]


async def newest(work: Work, customer_key: UUID, place: Place) -> int:
    """The number of the newest version; 0 before the first."""
    found: int | None = await work.value(
        "SELECT max(version) FROM archive_versions"
        " WHERE customer_key = :key AND section = :section AND item = :item",
        key=customer_key,
        section=place.section.value,
        item=place.item,
    )
    return found or 0


async def add(work: Work, draft: Draft) -> None:
    """Add a version, its confidential values sealed."""
    secret_id = await vault.seal(work, draft.customer_key, draft.content.secrets)
    await work.run(
        insert(tables.archive_versions).values(
            customer_key=draft.customer_key,
            section=draft.place.section.value,
            item=draft.place.item,
            version=draft.version,
            on=draft.on,
            content=draft.content.open,
            secret_id=secret_id,
            author=draft.author,
            reason=draft.reason,
            required=draft.completeness.required,
            missing=list(draft.completeness.missing),
            policy_version=draft.policy_version,
            recorded_at=work.now,
        )
    )


def _stored(work: Work, row: RowMapping) -> Stored:
    return Stored(
        customer_key=row["customer_key"],
        place=Place(Section(row["section"]), row["item"]),
        version=row["version"],
        on=row["on"],
        open=row["content"],
        secrets=vault.opened(work, row),
        secret_id=row["secret_id"],
        erased=tuple(row["erased"]),
        author=row["author"],
        reason=row["reason"],
    )


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
