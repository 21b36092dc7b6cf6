"""Hand-overs that are not complete by their day (R-52)."""

from __future__ import annotations

from datetime import date

from shared.work import Work


async def handle(work: Work, on: date) -> int:
    """Note which hand-overs were due before `on` and are not complete; returns how many."""
    noted = await work.run(
        "UPDATE handovers SET overdue_on = :on"
        " WHERE state = 'started' AND due_on < :on AND overdue_on IS NULL",
        {"on": on},
    )
    return noted.rowcount
