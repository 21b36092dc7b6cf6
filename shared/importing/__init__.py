"""Import of files: what another system would have sent, read from CSV or XLSX.

An import is an ordinary publisher: it reads, maps, validates, and sends `enterprise.` events as the
NATS user `import-<system>`; units, staff, declarations and contracts go through handlers.
"""

from __future__ import annotations

from shared.importing.kinds import (
    EventKind,
    ImportedRow,
    ImportKind,
    RowKind,
    events,
    kinds,
    portions,
    rows,
)

__all__ = [
    "EventKind",
    "ImportKind",
    "ImportedRow",
    "RowKind",
    "events",
    "kinds",
    "portions",
    "rows",
]
