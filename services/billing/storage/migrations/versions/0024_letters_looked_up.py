"""Look the letters of each posted item up, however many there are."""

from __future__ import annotations

from alembic import op

revision = "billing_0024"
down_revision = "billing_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Planned each time: the plan of a table that was empty goes through all letters for good. As a
    # join it would go through them too, where a statement posts many lines.
    op.execute("""
        CREATE OR REPLACE FUNCTION doubt_letters() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM fresh WHERE item_id IS NOT NULL) THEN
                EXECUTE '
                    INSERT INTO dunning_doubts (item_id, customer_key)
                    SELECT DISTINCT item_id, customer_key FROM fresh
                    WHERE item_id IS NOT NULL AND event_on <= (
                        SELECT max(raised_on) FROM dunning_items said
                        WHERE said.item_id = fresh.item_id AND said.withdrawn_on IS NULL)
                    ON CONFLICT DO NOTHING';
            END IF;
            RETURN NULL;
        END $$""")


def downgrade() -> None:
    op.execute("""
        CREATE OR REPLACE FUNCTION doubt_letters() RETURNS trigger LANGUAGE plpgsql AS $$
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
