"""What the register of customers needs beyond its first version."""

from __future__ import annotations

revision = "registry_0003"
down_revision = "registry_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
