"""Form 4 of 001: revenue per key account, product and month, with its totals (B-30, X-05).

Pure arithmetic: every total is the sum of the rows above it, and every row of the ledger's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeVar
from uuid import UUID

from services.billing.domain.revenue.periods import growth

K = TypeVar("K")


@dataclass(frozen=True)
class LineTitle:
    """What a business line of the senders is called on paper."""

    line: str
    title: str


@dataclass(frozen=True)
class RevenueTable:
    """How the site prints form 4: its title, its scheme of sharing, lines in order, who signs."""

    policy_name: ClassVar[str] = "revenue-table"

    title: str
    scheme: str
    lines: tuple[LineTitle, ...]
    signatures: tuple[str, ...]

    def name(self, line: str) -> str:
        """What `line` is called; one that nobody named stands as it is."""
        return next((each.title for each in self.lines if each.line == line), line)

    def place(self, line: str) -> tuple[int, str]:
        """Where `line` stands: those that are named first, in their order, then by name."""
        named = [each.line for each in self.lines]
        return (named.index(line) if line in named else len(named), line)


@dataclass(frozen=True, slots=True)
class Figures:
    """Revenue in yuan: what keeps the base, the increment, and all of the same days a year ago."""

    base: Decimal = Decimal("0.00")
    increment: Decimal = Decimal("0.00")
    before: Decimal = Decimal("0.00")

    @property
    def amount(self) -> Decimal:
        return self.base + self.increment

    @property
    def growth(self) -> Decimal | None:
        return growth(self.amount, self.before)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.base + other.base, self.increment + other.increment, self.before + other.before
        )


@dataclass(frozen=True, slots=True)
class Row:
    """What one unit got of one customer, line and month (YYYY-MM)."""

    customer_key: UUID
    business_line: str
    month: str
    unit: str
    figures: Figures


def total(rows: Iterable[Row]) -> Figures:
    """The sum of all rows."""
    return sum((row.figures for row in rows), Figures())


def totals(rows: Sequence[Row], key: Callable[[Row], K]) -> dict[K, Figures]:
    """The sums of rows of the same `key`; those without any figure are left out."""
    summed: dict[K, Figures] = defaultdict(Figures)
    for row in rows:
        summed[key(row)] += row.figures
    return {key: figures for key, figures in summed.items() if figures != Figures()}
