"""Deposits and agreements are found by object, chain and contract without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "billing_0018"
down_revision = "billing_0017"
branch_labels = None
depends_on = None

_INDEXES = {
    "deposits_unsettled": "deposits (object_code)"
    " WHERE state IN ('taken', 'expired') AND agreement_id IS NULL",
    "deposits_object": "deposits (object_code)",
    "deposits_chain": "deposits (chain_id)",
    "deposits_agreement": "deposits (agreement_id)",
    "agreements_object": "agreements (object_code)",
    "agreements_awaiting_revenue": "agreements (agreement_id)"
    " WHERE state = 'registered' AND NOT is_recognised",
}


def upgrade() -> None:
    for name, on in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    for name in _INDEXES:
        op.execute(f"DROP INDEX {name}")
