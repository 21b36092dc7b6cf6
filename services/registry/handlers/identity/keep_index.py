"""Every night: customers without a search row get one, marks of older keys are made anew."""

from __future__ import annotations

from datetime import date

from services.registry.storage.identity import marks, search_rows
from shared.work import Work

_AT_ONCE = 5000


async def fill_search(work: Work, on: date) -> int:
    """Make search rows for customers that came in before there were any; returns how many."""
    filled = 0
    while made := await search_rows.keep_missing(work, _AT_ONCE):
        filled += made
    return filled


async def renew_marks(work: Work, on: date) -> int:
    """Make the marks of older keys anew with the newest one; returns how many (R-60)."""
    renewed = 0
    while made := await marks.renew(work, _AT_ONCE):
        renewed += made
    return renewed
