"""Framework contracts, only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.belonging.contracts import Contract
from services.registry.storage import tables
from shared.work import Work


async def add(work: Work, signed: Sequence[Contract], signed_by: str | None) -> None:
    """Add contracts that were signed and are new."""
    rows = [
        {
            "contract_id": contract.contract_id,
            "customer_key": contract.customer_key,
            "contract_number": contract.contract_number,
            "kind": contract.kind,
            "signed_at_unit": contract.signed_at_unit,
            "signed_on": contract.signed_on,
            "valid_until_on": contract.valid_until_on,
            "business_lines": list(contract.business_lines),
            "business_at_units": list(contract.business_at_units),
            "signed_by": signed_by,
            "source_system": contract.source_system,
            "source_ref": contract.source_ref,
            "recorded_at": work.now,
        }
        for contract in signed
    ]
    await work.copy(tables.contracts, rows)


async def load_all(work: Work, contract_ids: Sequence[UUID]) -> list[Contract]:
    """Those contracts, in the order of their IDs."""
    rows = await work.rows(
        "SELECT * FROM contracts WHERE contract_id = ANY(:ids) ORDER BY contract_id",
        ids=list(contract_ids),
    )
    return [_contract(row) for row in rows]


def _contract(row: RowMapping) -> Contract:
    said = {field.name: row[field.name] for field in fields(Contract)}
    for several in ("business_lines", "business_at_units"):
        said[several] = tuple(said[several])
    return Contract(**said)
