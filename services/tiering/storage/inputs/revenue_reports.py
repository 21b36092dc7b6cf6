"""Reports about revenue, filtered by the units that the caller may see."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.tiering.storage.rows import made_as
from shared.directory.grants import visible_unit
from shared.directory.identities import SAME_CUSTOMER, present
from shared.http.paging import Keyset, Page, PageRequest
from shared.work import Work

M = TypeVar("M", bound=BaseModel)

_MONTHS = (
    "(CAST(:from_month AS date) IS NULL OR month >= :from_month)"
    " AND (CAST(:to_month AS date) IS NULL OR month <= :to_month)"
)
_PRESENT = present("totals.customer_key")
_SUMMED_BY = {
    "customer": f"{_PRESENT}::text",
    "month": "to_char(month, 'YYYY-MM')",
    "unit": "unit",
    "business_line": "business_line",
}


async def totals(
    work: Work,
    page: PageRequest,
    kind: type[M],
    *,
    from_month: str | None,
    to_month: str | None,
    customer_key: UUID | None,
    unit: str | None,
    business_line: str | None,
) -> Page[M]:
    """Totals of the caller's unit and those below it; a merged customer's are its survivor's."""
    return await page.read(
        work,
        f"SELECT {_PRESENT} AS customer_key, month, business_line, unit,"
        " CAST(sum(amount) AS text) AS amount, CAST(sum(postings) AS integer) AS postings"
        f" FROM totals WHERE {_MONTHS}"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})"
        " AND (CAST(:unit AS text) IS NULL OR unit = :unit)"
        " AND (CAST(:business_line AS text) IS NULL OR business_line = :business_line)"
        f" AND {visible_unit('totals.unit')} GROUP BY 1, 2, 3, 4",
        Keyset("customer_key uuid", "month date", "business_line text", "unit text"),
        made_as(kind),
        from_month=_first_day(from_month),
        to_month=_first_day(to_month),
        customer_key=customer_key,
        unit=unit,
        business_line=business_line,
    )


async def summary(
    work: Work,
    page: PageRequest,
    kind: type[M],
    *,
    by: str,
    from_month: str | None,
    to_month: str | None,
) -> Page[M]:
    """Totals of the caller's unit and those below it, summed by one thing."""
    key = _SUMMED_BY[by]
    return await page.read(
        work,
        f"SELECT {key} AS key, CAST(sum(amount) AS text) AS amount,"
        " CAST(sum(postings) AS integer) AS postings FROM totals"
        f" WHERE {_MONTHS} AND {visible_unit('totals.unit')} GROUP BY 1",
        Keyset("key text"),
        made_as(kind),
        from_month=_first_day(from_month),
        to_month=_first_day(to_month),
    )


async def unit_revenue(
    work: Work, page: PageRequest, kind: type[M], *, unit: str | None, year: int | None
) -> Page[M]:
    """Every report of the units in the caller's scope, and which of them holds."""
    return await page.read(
        work,
        "SELECT unit, business_line, year, CAST(amount AS text) AS amount, system, ref,"
        " reported_on, row_number() OVER (PARTITION BY unit, business_line, year ORDER BY"
        " reported_on DESC, reported_at DESC, system DESC, ref DESC) = 1 AS holds"
        " FROM unit_revenue WHERE (CAST(:unit AS text) IS NULL OR unit = :unit)"
        " AND (CAST(:year AS integer) IS NULL OR year = :year)"
        f" AND {visible_unit('unit_revenue.unit')}",
        Keyset("system text", "ref text"),
        made_as(kind),
        unit=unit,
        year=year,
    )


def _first_day(month: str | None) -> date | None:
    return None if month is None else date.fromisoformat(f"{month}-01")
