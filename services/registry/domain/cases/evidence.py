"""What speaks for whom in a dispute: declarations, contracts, visits, revenue by place (R-37)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..centres.organisation import Organisation


class EvidenceKind(StrEnum):
    """What a ruling weighs (R-21, R-37)."""

    DECLARATION = "declaration"
    CONTRACT = "contract"
    VISIT = "visit"
    REVENUE = "revenue"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: whose unit it speaks for, of which day, and what it says; never an archive.

    `source_id` is what it was taken from; `amount` (yuan) only where money speaks.
    """

    kind: EvidenceKind
    source_id: str
    unit: str
    occurred_on: date
    count: int = 1
    amount: Decimal | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What speaks for one unit, for people who rule and for the record (R-37)."""

    unit: str
    first_declared_on: date | None
    contracts: int
    visits: int
    revenue: Decimal


def weigh(
    parties: Iterable[str], organisation: Organisation, evidence: Iterable[Evidence]
) -> list[Weight]:
    """What speaks for each of `parties`; what speaks for none of them is left out (R-37)."""
    pieces = list(evidence)
    return [
        _weight(party, [piece for piece in pieces if organisation.is_within(piece.unit, party)])
        for party in parties
    ]


def _weight(party: str, pieces: list[Evidence]) -> Weight:
    def count(kind: EvidenceKind) -> int:
        return sum(piece.count for piece in pieces if piece.kind is kind)

    declared = [piece.occurred_on for piece in pieces if piece.kind is EvidenceKind.DECLARATION]
    revenue = (piece.amount or Decimal(0) for piece in pieces if piece.kind is EvidenceKind.REVENUE)
    return Weight(
        unit=party,
        first_declared_on=min(declared, default=None),
        contracts=count(EvidenceKind.CONTRACT),
        visits=count(EvidenceKind.VISIT),
        revenue=sum(revenue, Decimal(0)),
    )
