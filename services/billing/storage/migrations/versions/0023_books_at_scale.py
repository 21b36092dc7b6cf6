"""Reversals turn lines round; a document's lines and a trial balance among ten million lines."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.ledger import JOURNALS_OF, TRIAL_BALANCE

revision = "billing_0023"
down_revision = "billing_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE INDEX journal_source ON journal (source_id)
        WHERE kind NOT IN ('revenue', 'restatement')""")
    op.execute(JOURNALS_OF)
    op.execute(TRIAL_BALANCE)
    # Fires after `rules_of_the_books`, which holds the originals and limits what is taken back.
    op.execute("""
        CREATE FUNCTION reversals_turn_round() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            reversed uuid[] := ARRAY(
                SELECT DISTINCT reverses FROM fresh WHERE reverses IS NOT NULL);
        BEGIN
            IF cardinality(reversed) > 0 AND EXISTS (
                SELECT FROM (
                    SELECT reverses, debit, credit, customer_key, unit, business_line, item_id,
                        sum(amount) AS amount
                    FROM journal WHERE reverses = ANY (reversed)
                    GROUP BY reverses, debit, credit, customer_key, unit, business_line, item_id
                ) taken
                WHERE amount > coalesce((
                    SELECT sum(original.amount) FROM journal original
                    WHERE original.journal_id = taken.reverses
                        AND original.debit = taken.credit AND original.credit = taken.debit
                        AND original.customer_key = taken.customer_key
                        AND original.unit IS NOT DISTINCT FROM taken.unit
                        AND original.business_line IS NOT DISTINCT FROM taken.business_line
                        AND original.item_id IS NOT DISTINCT FROM taken.item_id), 0))
            THEN
                RAISE EXCEPTION 'a reversal turns round the lines that it takes back'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_turns_round';
            END IF;
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER turned_round AFTER INSERT ON journal
        REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION reversals_turn_round()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER turned_round ON journal")
    op.execute("DROP FUNCTION reversals_turn_round()")
    op.execute("DROP FUNCTION trial_balance(date, boolean)")
    op.execute("DROP FUNCTION journals_of(uuid)")
    op.execute("DROP INDEX journal_source")
