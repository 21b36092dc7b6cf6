"""One entry of the log of who read or changed what of an archive (X-08)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from ..proof.chain_verification import ChainReport
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
    KEEP = "keep"
    LEND = "lend"
    READ_LOG = "read-log"
    REFUSED = "refused-read"
    RESEAL = "reseal"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when, with which part and version, for what purpose, by which permission.

    `permission` is `none` when only masked values were shown. `details` are texts and integers.
    """

    entry_id: UUID
    recorded_at: datetime
    action: str
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


@dataclass(frozen=True, slots=True)
class StrangeEntry:
    """An entry outside the chain, and what is wrong with it."""

    entry_id: UUID
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification of the log found (X-08).

    `chain` is about the sealed entries; `unsealed` wait for their seal since `oldest_unsealed_at`;
    `strange` are those outside the chain that are missing or that this service did not write.
    """

    chain: ChainReport
    sealed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None
    strange: tuple[StrangeEntry, ...]

    @property
    def is_intact(self) -> bool:
        """Whether nothing was changed, dropped, moved or added."""
        return self.chain.is_intact and not self.strange


def written(entry: AuditEntry) -> dict[str, object]:
    """Everything of an entry that is hashed, whatever row it is kept in."""
    return {
        "entry_id": str(entry.entry_id),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": entry.action,
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


def fingerprint(entry: AuditEntry) -> bytes:
    """The hash of an entry that waits for its seal; kept sealed, it proves who wrote it."""
    return hashlib.sha256(canonical(written(entry)).encode()).digest()
