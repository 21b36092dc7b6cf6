"""Every night: customers without a search row get one."""

from __future__ import annotations

from datetime import date

from services.registry.storage.identity import search_rows
from shared.work import Work

_AT_ONCE = 5000


async def fill_search(work: Work, on: date) -> int:
    """Make search rows for customers that came in before there were any; returns how many."""
    filled = 0
    while made := await search_rows.keep_missing(work, _AT_ONCE):
        filled += made
    return filled
