"""Units' revenue of a year as other systems report it: every report is kept (C23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.tiering.domain.scoring.scoring import UnitRevenue
from shared.work import Work

_INSERT = """
INSERT INTO unit_revenue
    (system, ref, unit, business_line, year, amount, reported_on, reported_at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int4[], %s::numeric[],
                     %s::date[], %s::timestamptz[])
ON CONFLICT (system, ref) DO NOTHING
"""
# The latest report holds; the order comes from the reports themselves, not from their arrival.
_LATEST = """
SELECT DISTINCT ON (unit)
    unit, business_line, year, amount, system, ref, reported_on,
    CAST(count(*) OVER (PARTITION BY unit) AS integer) AS version
FROM unit_revenue
WHERE unit = ANY(:units) AND year = :year AND business_line IS NOT DISTINCT FROM :line
ORDER BY unit, reported_on DESC, reported_at DESC, system DESC, ref DESC
"""


@dataclass(frozen=True)
class Report:
    """One report of a unit's revenue, as it came in."""

    system: str
    ref: str
    unit: str
    business_line: str | None
    year: int
    amount: Decimal
    reported_on: date
    reported_at: datetime


async def add(work: Work, reports: Sequence[Report]) -> None:
    """Keep the reports, beside all earlier ones."""
    ordered = sorted(reports, key=lambda report: (report.system, report.ref))
    await work.bulk(
        _INSERT,
        [report.system for report in ordered],
        [report.ref for report in ordered],
        [report.unit for report in ordered],
        [report.business_line for report in ordered],
        [report.year for report in ordered],
        [report.amount for report in ordered],
        [report.reported_on for report in ordered],
        [report.reported_at for report in ordered],
    )


async def latest(
    work: Work, units: Sequence[str], year: int, business_line: str | None
) -> dict[str, UnitRevenue]:
    """The report that holds for each of `units` in `year`, of one line or (None) of all."""
    rows = await work.rows(_LATEST, units=sorted(units), year=year, line=business_line)
    return {row["unit"]: UnitRevenue(**row) for row in rows}


async def known_units(work: Work, units: Sequence[str]) -> set[str]:
    """Those of `units` that registry has told of."""
    rows = await work.rows("SELECT unit FROM kit.units WHERE unit = ANY(:units)", units=units)
    return {row["unit"] for row in rows}
