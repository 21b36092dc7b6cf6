"""Billing's tables. Histories are only ever added to; amounts are yuan."""

from __future__ import annotations

from services.billing.storage.tables import (
    compensations,
    deposits,
    dunning,
    handovers,
    ledger,
    receivables,
    revenue,
)
from services.billing.storage.tables.columns import metadata

__all__ = ["compensations", "deposits", "dunning", "ledger", "metadata", "receivables", "revenue"]
__all__ = ["deposits", "dunning", "handovers", "ledger", "metadata", "receivables", "revenue"]
