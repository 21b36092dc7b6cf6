"""Billing's tables. Histories are only ever added to; amounts are yuan."""

from __future__ import annotations

from services.billing.storage.tables import deposits, ledger, receivables, revenue
from services.billing.storage.tables.columns import metadata

__all__ = ["deposits", "ledger", "metadata", "receivables", "revenue"]
