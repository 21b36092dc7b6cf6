"""Default limits by tier and class as well, and what reservations and crossings saw of them."""

from __future__ import annotations

from alembic import op

revision = "billing_0025"
down_revision = "billing_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE credit_crossings ADD COLUMN tier text, ADD COLUMN customer_class text")
    op.execute(
        "ALTER TABLE credit_reservations ADD COLUMN inputs jsonb NOT NULL DEFAULT '{}'::jsonb"
    )
    op.execute("""
        CREATE FUNCTION credit_standings(groups uuid[], on_day date, scheme_name text)
        RETURNS TABLE (
            group_key uuid, receivable numeric, unapplied numeric, reserved numeric,
            version bigint, limit_version integer, limit_amount numeric, grade text,
            crossing_version integer, is_exceeded boolean, tier text, customer_class text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT standing.*, told.tier, held.specialty_class
        FROM credit_standings(groups, on_day) standing
        LEFT JOIN LATERAL (
            SELECT tiers.tier FROM tiers
            WHERE tiers.customer_key = standing.group_key AND tiers.scheme = scheme_name
                AND tiers.effective_on <= on_day
            ORDER BY tiers.version DESC LIMIT 1
        ) told ON true
        LEFT JOIN kit.customers held ON held.customer_key = standing.group_key
        $$""")


def downgrade() -> None:
    op.execute("DROP FUNCTION credit_standings(uuid[], date, text)")
    op.execute("ALTER TABLE credit_reservations DROP COLUMN inputs")
    op.execute("ALTER TABLE credit_crossings DROP COLUMN tier, DROP COLUMN customer_class")
