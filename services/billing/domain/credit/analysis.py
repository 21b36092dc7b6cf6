"""Figures of a customer's money over some months (B-22)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Turnover:
    """What a customer owes, what of it is overdue, and what it was billed in `days` (yuan)."""

    receivable: Decimal
    overdue: Decimal
    billed: Decimal
    days: int

    @property
    def overdue_share(self) -> Decimal | None:
        """The fraction that is overdue; None: it owes nothing."""
        return self.overdue / self.receivable if self.receivable > 0 else None

    @property
    def days_sales_outstanding(self) -> Decimal | None:
        """How many days of billing it owes (DSO); None: it was billed nothing."""
        return self.receivable / self.billed * self.days if self.billed > 0 else None
