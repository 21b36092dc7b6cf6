"""Customers are exported under permission, for a stated purpose, and it is known who did (X-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.forms.exporting import CustomerExport
from services.registry.storage import reports
from services.registry.storage.archive import audit
from shared.documents.permission import require_exporter, require_size
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ExportCustomers:
    """An export into a file of `kind` (csv, xlsx) of those whom `filters` of the search find."""

    by: Actor
    purpose: str
    kind: str
    filters: Mapping[str, object]


async def handle(work: Work, command: ExportCustomers) -> int:
    """Note the export before anything of it is read; returns how many rows it has (X-08).

    Raises NotAnExporter, ExportTooLarge.
    """
    policy = await in_force(work, CustomerExport, work.today)
    require_exporter(command.by.roles, policy.body, policy.version)

    rows: int = await work.value(
        f"SELECT count(*) FROM ({reports.SEARCH}) counted", today=work.today, **command.filters
    )
    require_size(rows, policy.body, policy.version)

    narrowed = {name: value for name, value in command.filters.items() if value is not None}
    details = {
        "what": "customers",
        "format": command.kind,
        "rows": rows,
        "filters": narrowed,
        "policy_version": policy.version,
    }
    entry = audit.entry(work, AuditAction.EXPORT, purpose=command.purpose, details=details)
    await audit.add(work, [entry])
    return rows
