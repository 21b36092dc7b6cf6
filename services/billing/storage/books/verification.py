"""Whether everything that is kept beside the journal says what the journal says (B-34).

Each question is asked of all rows at once and names every difference: the key, what the ledger
says, what is kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.billing.storage.books import checks_of_documents, checks_of_the_ledger
from shared.work import Work

_CHECKS = {**checks_of_the_ledger.CHECKS, **checks_of_documents.CHECKS}
CHECKS = tuple(_CHECKS)
"""What is compared with the ledger, by name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two records of the same money differ."""

    check: str
    key: str
    ledger: str
    kept: str


async def differences(work: Work) -> AsyncIterator[tuple[str, list[Difference]]]:
    """Every check with all that it found, one after the other."""
    for check, sql in _CHECKS.items():
        rows = await work.bulk(sql)
        yield check, [Difference(check, *row) for row in rows]
