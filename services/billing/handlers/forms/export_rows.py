"""Rows of the books are exported under permission, for a purpose, by somebody known (X-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.billing.domain.forms.exporting import BooksExport
from services.billing.storage.forms import exports
from services.billing.storage.forms.exports import Export
from shared.documents.permission import require_exporter, require_size
from shared.identifiers import new_id
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ExportRows:
    """An export of `what` into a file of `kind` (csv, xlsx): the rows of `sql`."""

    what: str
    purpose: str
    kind: str
    sql: str
    parameters: Mapping[str, object]


async def handle(work: Work, command: ExportRows) -> int:
    """Note the export before anything of it is read; returns how many rows it has (X-08).

    Raises NotAnExporter, ExportTooLarge.
    """
    policy = await in_force(work, BooksExport, work.today)
    require_exporter(work.person.roles, policy.body, policy.version)

    rows: int = await work.value(
        f"SELECT count(*) FROM ({command.sql}) counted", **command.parameters
    )
    require_size(rows, policy.body, policy.version)

    said = {name: str(value) for name, value in command.parameters.items() if value is not None}
    await exports.add(
        work,
        Export(
            export_id=new_id(),
            staff_code=work.person.staff_code,
            unit=work.person.unit,
            what=command.what,
            format=command.kind,
            purpose=command.purpose,
            filters=said,
            rows=rows,
            policy_version=policy.version,
        ),
    )
    return rows
