"""From which business date duties are kept, and how far the sweeps have come."""

from __future__ import annotations

from datetime import date

from services.engagement.domain.obligations.duties import Horizon
from shared.work import Work


async def reached(work: Work) -> Horizon | None:
    """The stretch of business dates swept so far; None before the first sweep."""
    row = await work.row("SELECT begun_on, reached_on FROM horizon")
    return Horizon(row["begun_on"], row["reached_on"]) if row else None


async def reach(work: Work, on: date) -> Horizon:
    """Move on to the business date `on`; the first one ever is also the beginning."""
    row = await work.row(
        "INSERT INTO horizon (is_it, begun_on, reached_on) VALUES (true, :day, :day)"
        " ON CONFLICT (is_it) DO UPDATE"
        " SET reached_on = greatest(horizon.reached_on, excluded.reached_on)"
        " RETURNING begun_on, reached_on",
        day=on,
    )
    assert row is not None, "an upsert returns its row"
    return Horizon(row["begun_on"], row["reached_on"])
