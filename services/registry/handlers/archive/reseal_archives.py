"""Archives are sealed anew when the site has a newer key (R-74)."""

from __future__ import annotations

from datetime import date

from services.registry.storage.archive import audit, vault
from shared.work import Work

_AT_ONCE = 500
"""Values in one transaction, so that nobody waits long for a row of them."""


async def batch(work: Work) -> int:
    """Seal one batch anew; how many values there were, 0 when no older key is needed any more.

    Raises SealedForUs when an older key was dropped too early.
    """
    return await vault.reseal(work, _AT_ONCE) or await audit.reseal(work, _AT_ONCE)


async def sweep(work: Work, on: date) -> int:
    """Sweep: what an older key sealed, a batch a day and kind; `reseal` does all at once."""
    return await batch(work)
