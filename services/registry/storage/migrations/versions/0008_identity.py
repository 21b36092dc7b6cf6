"""Duplicates, merges and search."""

from __future__ import annotations

revision = "registry_0008"
down_revision = "registry_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
