"""Customers are exported under permission, for a stated purpose, and it is known who did (X-11)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.forms.exporting import CustomerExport
from services.registry.storage.archive import audit
from services.registry.storage.identity import search
from services.registry.storage.identity.search import CONFIDENTIAL, Sought
from shared.documents.permission import require_exporter, require_size
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ExportCustomers:
    """An export into a file of `kind` (csv, xlsx) of those who are `sought`."""

    by: Actor
    purpose: str
    kind: str
    sought: Sought


async def handle(work: Work, command: ExportCustomers) -> int:
    """Note the export before anything of it is read; returns how many rows it has (X-08).

    Raises NotAnExporter, ExportTooLarge, NotAContact.
    """
    policy = await in_force(work, CustomerExport, work.today)
    require_exporter(command.by.roles, policy.body, policy.version)

    statement, values = search.question(work, command.sought)
    rows: int = await work.value(
        f"SELECT count(*) FROM ({statement}) counted", today=work.today, **values
    )
    require_size(rows, policy.body, policy.version)

    details = {
        "what": "customers",
        "format": command.kind,
        "rows": rows,
        "filters": _told(command.sought),
        "policy_version": policy.version,
    }
    entry = audit.entry(work, AuditAction.EXPORT, purpose=command.purpose, details=details)
    await audit.add(work, [entry])
    return rows


def _told(sought: Sought) -> dict[str, object]:
    """What was asked for, as the log may have it: that somebody's number was, and not which."""
    given = {name: value for name, value in asdict(sought).items() if value is not None}
    return {name: True if name in CONFIDENTIAL else value for name, value in given.items()}
