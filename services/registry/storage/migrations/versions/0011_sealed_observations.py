"""What others told of a customer's phone and address is sealed.

The two columns stay for processes of the release before, which write into them; `reseal` empties
them. What such a process writes takes the place of what was sealed. A downgrade
loses what was sealed until it is told again.
"""

from __future__ import annotations

from alembic import op

revision = "registry_0011"
down_revision = "registry_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE observations ADD COLUMN sealed bytea, ADD COLUMN sealed_with text,"
        " ADD COLUMN sealed_fields text[] NOT NULL DEFAULT '{}'"
    )
    op.execute("CREATE INDEX observations_sealed_with ON observations (sealed_with)")
    op.execute(
        "CREATE INDEX observations_in_plain ON observations (system, code)"
        " WHERE phone IS NOT NULL OR address IS NOT NULL"
    )
    op.execute("""
        CREATE FUNCTION drop_the_seal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.sealed := NULL;
            NEW.sealed_with := NULL;
            NEW.sealed_fields := '{}';
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER said_without_a_seal BEFORE UPDATE OF ref ON observations
        FOR EACH ROW WHEN (OLD.sealed IS NOT NULL AND NEW.sealed IS NOT DISTINCT FROM OLD.sealed)
        EXECUTE FUNCTION drop_the_seal()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER said_without_a_seal ON observations")
    op.execute("DROP FUNCTION drop_the_seal()")
    op.execute("DROP INDEX observations_in_plain")
    op.execute(
        "ALTER TABLE observations DROP COLUMN sealed, DROP COLUMN sealed_with,"
        " DROP COLUMN sealed_fields"
    )
