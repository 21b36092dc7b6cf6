"""The archive of a customer, its readers and loans."""

from __future__ import annotations

revision = "registry_0007"
down_revision = "registry_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
