"""What is owed as of a day from what is owed now, and page by page in the order of the list."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations import ageing, open_items

revision = "billing_0021"
down_revision = "billing_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX items_listed ON items (coalesce(due_on, '9999-12-31'), item_id)"
        " WHERE paid < amount"
    )
    op.execute("DROP INDEX items_due")
    for function in (open_items.AGED_ITEMS, open_items.AGED_PAGE, open_items.AGED_TOTALS):
        op.execute(function)


def downgrade() -> None:
    op.execute("DROP FUNCTION aged_page(date, uuid, date, uuid, integer)")
    op.execute(f"DROP FUNCTION {', '.join(ageing.FUNCTIONS)}")
    for function in (ageing.AGED_ITEMS, ageing.AGED_TOTALS):
        op.execute(function)
    op.execute("CREATE INDEX items_due ON items (due_on) WHERE paid < amount AND fee_of IS NULL")
    op.execute("DROP INDEX items_listed")
