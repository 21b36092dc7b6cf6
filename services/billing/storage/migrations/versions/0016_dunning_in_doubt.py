"""Which letters may have been mistaken: those of items with a posting of a day before them."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "billing_0016"
down_revision = "billing_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE dunning_doubts (item_id uuid PRIMARY KEY, customer_key uuid NOT NULL)")
    op.execute("CREATE INDEX dunning_doubts_customer ON dunning_doubts (customer_key)")
    protect(op, "dunning_doubts", aspect="money")
    op.execute("ALTER TABLE dunning_holds ADD COLUMN is_new boolean NOT NULL DEFAULT true")
    op.execute("CREATE INDEX dunning_holds_new ON dunning_holds (system, ref) WHERE is_new")
    # Once all that was ever dunned, since nobody noted what was posted until now.
    op.execute(
        "INSERT INTO dunning_doubts SELECT DISTINCT item_id, customer_key FROM dunning_items"
        " WHERE withdrawn_on IS NULL"
    )
    op.execute("""
        CREATE FUNCTION doubt_letters() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM fresh WHERE item_id IS NOT NULL) THEN
                INSERT INTO dunning_doubts (item_id, customer_key)
                SELECT DISTINCT said.item_id, said.customer_key
                FROM fresh JOIN dunning_items said ON said.item_id = fresh.item_id
                WHERE said.withdrawn_on IS NULL AND fresh.event_on <= said.raised_on
                ON CONFLICT DO NOTHING;
            END IF;
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER letters_in_doubt AFTER INSERT ON journal
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION doubt_letters()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER letters_in_doubt ON journal")
    op.execute("DROP FUNCTION doubt_letters()")
    op.execute("DROP INDEX dunning_holds_new")
    op.execute("ALTER TABLE dunning_holds DROP COLUMN is_new")
    op.execute("DROP TABLE dunning_doubts")
