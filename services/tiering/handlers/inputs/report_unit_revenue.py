"""Units' revenue of a year: the denominators of shares, every report kept (T-03, C23)."""

from __future__ import annotations

from services.tiering.storage.inputs import denominators
from services.tiering.storage.inputs.denominators import Report
from services.tiering.storage.scoring import staleness
from shared.contracts.enterprise import UnitRevenueReported
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[UnitRevenueReported]]) -> None:
    """Keep the reports; one about a unit that registry has not told of waits for it.

    Scores that were divided by what an earlier report said are marked stale.
    """
    units = sorted({fact.data.unit for fact in facts})
    await work.refer("unit", units)
    known = await denominators.known_units(work, units)

    for fact in facts:
        if fact.data.unit not in known:
            work.wait(fact, "unit", fact.data.unit)

    reports = [_report(fact) for fact in facts if fact.data.unit in known]
    if reports:
        await denominators.add(work, reports)
        await staleness.mark_corrected(
            work, sorted({report.unit for report in reports}), work.today
        )


def _report(fact: Fact[UnitRevenueReported]) -> Report:
    event = fact.data
    return Report(
        system=fact.system,
        ref=event.ref,
        unit=event.unit,
        business_line=event.business_line,
        year=event.year,
        amount=event.amount.amount,
        reported_on=event.reported_on or fact.time.date(),
        reported_at=fact.time,
    )
