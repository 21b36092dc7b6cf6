"""Head offices that became part of a branch of theirs; what bounced, as the desk was told."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.groups import GROUPS, GROUPS_BEFORE
from shared.migrations.rules import protect

revision = "billing_0017"
down_revision = "billing_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(GROUPS)
    op.execute("""
        CREATE TABLE bounced_payments (
            return_id uuid PRIMARY KEY, payment_id uuid NOT NULL, customer_key uuid NOT NULL,
            notice text NOT NULL UNIQUE, reason text NOT NULL, staff_code text NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX bounced_payments_payment ON bounced_payments (payment_id)")
    op.execute(
        "CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON bounced_payments"
        " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
    )
    protect(op, "bounced_payments", aspect="money")


def downgrade() -> None:
    op.execute("DROP TABLE bounced_payments")
    op.execute(GROUPS_BEFORE)
