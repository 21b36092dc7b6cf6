"""What is confidential is sealed and marked anew when the site has newer keys (R-74, R-77)."""

from __future__ import annotations

from datetime import date

from services.registry.storage.archive import audit, vault
from services.registry.storage.conduct import misuse
from services.registry.storage.identity import marks, questions
from services.registry.storage.register import observations
from shared.work import Work

_AT_ONCE = 500
"""Values of each kind in one transaction, so that nobody waits long for a row of them."""


async def batch(work: Work) -> int:
    """Seal one batch of each kind anew; how many, 0 when no older key is needed any more.

    Kinds are archives, the seals of their log, marks, questions about duplicates, what others
    observed, and reporters of misuse. Raises SealedForUs when an older key was dropped too early.
    """
    return sum(
        [
            await vault.reseal(work, _AT_ONCE),
            await audit.reseal(work, _AT_ONCE),
            await marks.renew(work, _AT_ONCE),
            await questions.reseal(work, _AT_ONCE),
            await observations.reseal(work, _AT_ONCE),
            await misuse.reseal(work),
        ]
    )


async def sweep(work: Work, on: date) -> int:
    """Sweep: a batch a day; the command `reseal` does all at once."""
    return await batch(work)
