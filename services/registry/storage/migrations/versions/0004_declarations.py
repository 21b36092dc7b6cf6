"""What declarations need beyond their first version."""

from __future__ import annotations

revision = "registry_0004"
down_revision = "registry_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
