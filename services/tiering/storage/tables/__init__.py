"""The tables of tiering. Histories (scores, tiers, owners, reports) are only ever added to."""

from __future__ import annotations

from services.tiering.storage.tables import inputs, schemes, scoring, tiers
from services.tiering.storage.tables.columns import metadata

__all__ = ["inputs", "metadata", "schemes", "scoring", "tiers"]
