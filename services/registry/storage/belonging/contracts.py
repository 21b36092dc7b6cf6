"""Framework contracts, only ever added to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.belonging.contracts import Contract
from services.registry.storage import tables
from shared.work import Work


async def add(work: Work, contract: Contract, signed_by: str | None) -> None:
    """Add a contract that was signed."""
    await work.run(
        insert(tables.contracts).values(
            contract_id=contract.contract_id,
            customer_key=contract.customer_key,
            contract_number=contract.contract_number,
            kind=contract.kind,
            signed_at_unit=contract.signed_at_unit,
            signed_on=contract.signed_on,
            valid_until_on=contract.valid_until_on,
            business_lines=list(contract.business_lines),
            business_at_units=list(contract.business_at_units),
            signed_by=signed_by,
            source_system=contract.source_system,
            source_ref=contract.source_ref,
            recorded_at=work.now,
        )
    )


async def exists(work: Work, contract_id: UUID) -> bool:
    """Whether the contract is known already."""
    found = await work.value("SELECT 1 FROM contracts WHERE contract_id = :id", id=contract_id)
    return found is not None
