"""Totals of revenue from postings: upserts by key, of which only the difference is added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

Shares = tuple[tuple[str, Decimal], ...]
"""What each unit gets of a posting, in yuan; every unit once."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One version of a revenue posting: whose, when, which line, which unit gets what."""

    posting_id: UUID
    version: int
    customer_key: UUID
    occurred_on: date
    business_line: str
    shares: Shares


Key = tuple[UUID, date, str, str]
"""Of a total: customer, first day of the month, business line, unit."""


@dataclass(slots=True)
class Difference:
    """What is added to a total: yuan, and how many postings more (or fewer) it sums."""

    amount: Decimal = Decimal(0)
    postings: int = 0

    def __bool__(self) -> bool:
        return bool(self.amount or self.postings)


def newest(postings: Iterable[Posting]) -> dict[UUID, Posting]:
    """The newest version of each posting, by its id; a repeated version counts once."""
    found: dict[UUID, Posting] = {}
    for posting in postings:
        held = found.get(posting.posting_id)
        if held is None or posting.version > held.version:
            found[posting.posting_id] = posting
    return found


def newer(given: Mapping[UUID, Posting], held: Mapping[UUID, Posting]) -> list[Posting]:
    """Those of `given` that are not `held` yet, or only in an older version."""
    return [
        posting
        for posting_id, posting in given.items()
        if posting_id not in held or posting.version > held[posting_id].version
    ]


def differences(
    taken: Iterable[Posting], replaced: Mapping[UUID, Posting]
) -> dict[Key, Difference]:
    """What `taken` adds to the totals, less what it replaces; keys that do not change are absent.

    Totals so are a function of the set of postings: not of their order, nor of repetition.
    """
    changes: dict[Key, Difference] = defaultdict(Difference)
    for posting in taken:
        _add(changes, posting, 1)
        if posting.posting_id in replaced:
            _add(changes, replaced[posting.posting_id], -1)
    return {key: difference for key, difference in changes.items() if difference}


def _add(changes: dict[Key, Difference], posting: Posting, sign: int) -> None:
    month = posting.occurred_on.replace(day=1)
    for unit, amount in posting.shares:
        change = changes[posting.customer_key, month, posting.business_line, unit]
        change.amount += amount if sign > 0 else -amount
        change.postings += sign
