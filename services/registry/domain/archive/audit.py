"""One entry of the log of who read or changed what of an archive (X-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from ..proof.evidence_chain import canonical


class AuditAction(StrEnum):
    """What was done."""

    READ = "read"
    SEARCH = "search"
    REPORT = "report"
    EXPORT = "export"
    WRITE = "write"
    CONFIRM = "confirm"
    ENTRUST = "entrust"
    ASK = "ask"
    GRANT = "grant"
    REFUSE = "refuse"
    REVOKE = "revoke"
    ERASE = "erase"
    LEND = "lend"
    READ_LOG = "read-log"
    RESEAL = "reseal"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when, with which part and version, for what purpose, by which permission.

    `permission` is `none` when only masked values were shown. `details` are texts and integers.
    """

    entry_id: UUID
    recorded_at: datetime
    action: AuditAction
    staff_code: str
    unit: str | None
    acted_by: str | None = None
    customer_key: UUID | None = None
    section: str | None = None
    item: str | None = None
    part_version: int | None = None
    purpose: str | None = None
    permission: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def written(entry: AuditEntry) -> str:
    """The one text of an entry that is hashed, whatever row it is kept in."""
    return canonical(
        {
            "entry_id": str(entry.entry_id),
            "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": entry.action.value,
            "staff_code": entry.staff_code,
            "unit": entry.unit,
            "acted_by": entry.acted_by,
            "customer_key": None if entry.customer_key is None else str(entry.customer_key),
            "section": entry.section,
            "item": entry.item,
            "part_version": entry.part_version,
            "purpose": entry.purpose,
            "permission": entry.permission,
            "details": dict(entry.details),
        }
    )
