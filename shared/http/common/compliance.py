"""Business that was done with customers that were suspended or closed (R-20, R-22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from shared.directory import compliance
from shared.http.paging import Keyset, Page, PageQuery
from shared.http.routing import Reading, Router

router = Router(prefix="/v1/compliance-cases", tags=["compliance"])
_ORDER = Keyset("raised_at instant", "case_id uuid", descending=True)


class StoppedCase(BaseModel):
    """A fact that says that business was done after the day on which it had to stop."""

    case_id: UUID
    customer_key: UUID
    kind: Literal["suspended", "closed"]
    event: str
    system: str
    ref: str
    occurred_on: date
    stopped_on: date
    raised_at: datetime


@router.get(
    "",
    roles={
        *("auditor", "customer_administrator", "deputy_director", "director", "finance"),
        *("market_department", "province_administrator", "sales_director", "supervisor"),
    },
)
async def listing(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[StoppedCase]:
    """中止后的业务 / business with customers in sight after they were stopped, the newest first."""
    return await page.read(
        work,
        f"{compliance.CASES} AND (CAST(:key AS uuid) IS NULL OR c.customer_key = :key)",
        _ORDER,
        lambda row: StoppedCase(**row),
        key=customer_key,
    )
