"""What was erased by law, from which versions, by which document (R-68)."""

from __future__ import annotations

from sqlalchemy import insert

from services.registry.domain.archive.erasure import Erasure
from services.registry.storage import tables
from shared.work import Work


async def add(work: Work, erasure: Erasure, erased_by: str, policy_version: int) -> None:
    """Record an erasure for ever."""
    await work.run(
        insert(tables.archive_erasures).values(
            erasure_id=erasure.erasure_id,
            customer_key=erasure.customer_key,
            section=erasure.place.section.value,
            item=erasure.place.item,
            erased={version: list(gone) for version, gone in erasure.erased.items()},
            legal_basis=erasure.legal_basis,
            document_reference=erasure.document_reference,
            on=erasure.on,
            erased_by=erased_by,
            policy_version=policy_version,
            recorded_at=work.now,
        )
    )
