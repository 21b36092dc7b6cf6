"""What a reversal left of its original, who took rows out of the books, how late customers pay."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.lateness import PAID_LATE
from services.billing.storage.migrations.rules_in_sight import RULES_IN_SIGHT
from shared.migrations.rules import protect_unit

revision = "billing_0015"
down_revision = "billing_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE postings ADD COLUMN remaining numeric(18, 2)")
    # What was taken back before shared each part by itself, and goes on doing so.
    op.execute("""
        CREATE TABLE exports (
            export_id uuid PRIMARY KEY, exported_at timestamptz NOT NULL,
            staff_code text NOT NULL, unit text NOT NULL, what text NOT NULL,
            format text NOT NULL, purpose text NOT NULL, filters jsonb NOT NULL,
            rows integer NOT NULL, policy_version integer NOT NULL
        )""")
    for event in ("UPDATE OR DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER only_ever_added_{event.split()[0].lower()} BEFORE {event} ON exports"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect_unit(op, "exports", "unit")
    op.execute(PAID_LATE)
    op.execute(RULES_IN_SIGHT)


def downgrade() -> None:
    op.execute("DROP FUNCTION rules_in_sight(uuid)")
    op.execute("DROP FUNCTION paid_late(date, date, date, uuid)")
    op.execute("DROP TABLE exports")
    op.execute("ALTER TABLE postings DROP COLUMN remaining")
