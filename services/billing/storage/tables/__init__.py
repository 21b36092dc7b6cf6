"""Billing's tables. Histories are only ever added to; amounts are yuan."""

from __future__ import annotations

from services.billing.storage.tables import (
    arrears,
    books,
    concessions,
    credit,
    decisions,
    forms,
    handovers,
    objects,
    receivables,
    revenue,
)
from services.billing.storage.tables.columns import metadata

__all__ = [
    "arrears",
    "books",
    "concessions",
    "credit",
    "decisions",
    "forms",
    "handovers",
    "metadata",
    "objects",
    "receivables",
    "revenue",
]
