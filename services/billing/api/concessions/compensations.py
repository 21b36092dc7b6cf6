"""Compensations: what engagement approved, and whether it is in the books (E-37)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.billing.domain.concessions.compensations import RefusedBecause
from services.billing.storage.concessions import reports
from shared.contracts.values import Amount
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/compensations", tags=["compensations"])
_ORDER = Keyset("decided_on date", "compensation_id uuid", descending=True)


class CompensationOut(BaseModel):
    """A compensation; it was posted unless `refused_because` says why not.

    It was compared with `charge_left`, what was left of the disputed charge after cancellations,
    less `compensated_before`.
    """

    compensation_id: UUID
    complaint_id: UUID
    customer_key: UUID
    receivable_id: UUID | None
    amount: Amount
    decided_on: date
    refused_because: RefusedBecause | None
    charge_left: Amount | None
    compensated_before: Amount | None


@router.get("")
async def listed(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[CompensationOut]:
    """赔偿入账清单 / compensations in sight, the latest first."""
    return await page.read(
        work,
        reports.COMPENSATIONS,
        _ORDER,
        lambda row: CompensationOut(**row),
        customer_key=customer_key,
    )
