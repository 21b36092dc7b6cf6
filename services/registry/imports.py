"""What registry imports: `python -m services.registry import KIND FILE --mapping M.yaml`."""

from __future__ import annotations

from services.registry.handlers import import_rows as handle
from services.registry.handlers.importing import note_division
from services.registry.handlers.importing.preview_customers import PreviewCustomers
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.importing import events, kinds, rows

IMPORTS = kinds(
    rows("units", handle.UnitRow, handle.unit),
    rows("staff", handle.StaffRow, handle.member),
    rows("divisions", note_division.DivisionRow, note_division.handle),
    events("customers", CustomerOpened, CustomerObserved, preview=PreviewCustomers),
    rows("declarations", handle.DeclarationRow, handle.declaration),
    rows("contracts", handle.ContractRow, handle.contract),
)
