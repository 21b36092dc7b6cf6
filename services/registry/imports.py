"""What registry imports: `python -m services.registry import KIND FILE --mapping M.yaml`."""

from __future__ import annotations

from services.registry.handlers import import_rows as handle
from services.registry.handlers.importing import note_divisions, take_contracts
from services.registry.handlers.importing.preview_customers import PreviewCustomers
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.importing import events, kinds, portions, rows

IMPORTS = kinds(
    rows("units", handle.UnitRow, handle.unit),
    rows("staff", handle.StaffRow, handle.member),
    portions("divisions", note_divisions.DivisionRow, note_divisions.handle),
    events("customers", CustomerOpened, CustomerObserved, preview=PreviewCustomers),
    rows("declarations", handle.DeclarationRow, handle.declaration),
    portions("contracts", take_contracts.ContractRow, take_contracts.handle),
)
