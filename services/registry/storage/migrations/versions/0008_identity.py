"""Duplicates, merges and search."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0008"
down_revision = "registry_0007"
branch_labels = None
depends_on = None


# A page of customers in the caller's sight, in the order of their names. It runs as the owner of
# the tables, since an index on pieces of names cannot be asked through row-level security; the
# scope is asked here by the same view. A few in sight are gone through; what many customers have
# in their names is met soon on the way through all of them; for the rest the pieces are looked up.
_FIND = """
CREATE FUNCTION find_customers(
    pieces text[], term text, after_name text, after_key uuid, most integer
) RETURNS TABLE (name text, customer_key uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    few CONSTANT integer := 20000;
    whole CONSTANT real := (
        SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = 'customer_search'::regclass);
    expected real := whole;
    written text := 'true';
    looked_up text := 'true';
    beyond text := 'true';
    plan json;
BEGIN
    IF term IS NOT NULL THEN
        written := format('s.terms LIKE %L', '%' || term || '%');
        looked_up := format('s.grams @> %L::text[] AND %s', pieces, written);
        IF term ~ '^[a-z]{3,}$' THEN
            written := format('(%s OR s.pinyin LIKE %L)', written, term || '%');
            looked_up := format('((%s) OR s.pinyin LIKE %L)', looked_up, term || '%');
        END IF;
        EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM customer_search s'
                       ' WHERE s.grams @> %L::text[]', pieces) INTO plan;
        expected := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::real;
    END IF;
    IF after_name IS NOT NULL THEN
        beyond := format('(s.name, s.customer_key) > (%L, %L)', after_name, after_key);
    END IF;
    IF expected > few AND few >= (SELECT count(*) FROM (
        SELECT FROM kit.in_sight seen WHERE seen.aspect = 'base' LIMIT few + 1) probe)
    THEN
        RETURN QUERY EXECUTE format($q$
            WITH scope AS MATERIALIZED (
                SELECT DISTINCT seen.customer_key FROM kit.in_sight seen WHERE seen.aspect = 'base'
            )
            SELECT s.name, s.customer_key FROM scope JOIN customer_search s USING (customer_key)
            WHERE %s AND %s ORDER BY s.name, s.customer_key LIMIT %s$q$, written, beyond, most);
    ELSIF expected < whole / 2 THEN
        RETURN QUERY EXECUTE format($q$
            SELECT found.name, found.customer_key FROM (
                SELECT s.name, s.customer_key FROM customer_search s WHERE %s AND %s
                ORDER BY s.name || '', s.customer_key OFFSET 0
            ) found WHERE kit.may_see(found.customer_key, 'base') LIMIT %s$q$,
            looked_up, beyond, most);
    ELSE
        RETURN QUERY EXECUTE format($q$
            SELECT found.name, found.customer_key FROM (
                SELECT s.name, s.customer_key FROM customer_search s WHERE %s AND %s
                ORDER BY s.name, s.customer_key OFFSET 0
            ) found WHERE kit.may_see(found.customer_key, 'base') LIMIT %s$q$,
            written, beyond, most);
    END IF;
END $$
"""
# All customers whose names have it, in sight or not: keys alone, which the reader's own question
# then looks at through row-level security.
_NAMED = """
CREATE FUNCTION customers_named(pieces text[], term text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT customer_key FROM customer_search
    WHERE grams @> pieces AND terms LIKE '%' || term || '%'
    UNION
    SELECT customer_key FROM customer_search
    WHERE term ~ '^[a-z]{3,}$' AND pinyin LIKE term || '%'
$$
"""
_MARKED = """
CREATE FUNCTION customers_marked(wanted_kind text, wanted bytea[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT customer_key FROM contact_marks WHERE mark = ANY (wanted) AND kind = wanted_kind
$$
"""


def upgrade() -> None:
    _create_search()
    _create_marks()
    _create_questions()
    _create_identities()
    for table in ("duplicate_questions", "identities"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect(op, "customer_search", aspect="base")
    protect(op, "contact_marks", aspect="archive")
    protect(op, "identities", aspect="base")
    for function in (_FIND, _NAMED, _MARKED):
        op.execute(function)
    # Who asked for whom is read by commands alone, which say who reads.
    op.execute("REVOKE SELECT ON duplicate_questions FROM dakehu_reader")


def downgrade() -> None:
    op.execute("DROP FUNCTION find_customers, customers_named, customers_marked")
    for table in ("identities", "duplicate_questions", "contact_marks", "customer_search"):
        op.execute(f"DROP TABLE {table}")


def _create_search() -> None:
    op.execute("""
        CREATE TABLE customer_search (
            customer_key uuid PRIMARY KEY, name text NOT NULL, short_name text,
            former_names text[] NOT NULL, terms text NOT NULL, pinyin text NOT NULL,
            grams text[] NOT NULL, features bigint[] NOT NULL
        )""")
    op.execute("CREATE INDEX customer_search_order ON customer_search (name, customer_key)")
    op.execute("CREATE INDEX customer_search_pinyin ON customer_search (pinyin text_pattern_ops)")
    op.execute("CREATE INDEX customer_search_grams ON customer_search USING gin (grams)")
    op.execute("CREATE INDEX customer_search_features ON customer_search USING gin (features)")


def _create_marks() -> None:
    op.execute("""
        CREATE TABLE contact_marks (
            customer_key uuid NOT NULL, source text NOT NULL, kind text NOT NULL,
            mark bytea NOT NULL, key_id text NOT NULL, sealed bytea NOT NULL,
            sealed_with text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, source, kind, mark)
        )""")
    op.execute("CREATE INDEX contact_marks_mark ON contact_marks (mark, kind)")
    op.execute("CREATE INDEX contact_marks_key_id ON contact_marks (key_id)")


def _create_questions() -> None:
    op.execute("""
        CREATE TABLE duplicate_questions (
            question_id uuid PRIMARY KEY, purpose text NOT NULL, asked_by text NOT NULL,
            unit text NOT NULL, asked_on date NOT NULL, asked_at timestamptz NOT NULL,
            asked bytea NOT NULL, answered jsonb NOT NULL, policy_version integer NOT NULL
        )""")
    op.execute(
        "CREATE INDEX duplicate_questions_asked_by ON duplicate_questions (asked_by, asked_on)"
    )


def _create_identities() -> None:
    op.execute("""
        CREATE TABLE identities (
            customer_key uuid NOT NULL, version integer NOT NULL, survivor uuid,
            merge_id uuid NOT NULL, "on" date NOT NULL, by text NOT NULL, reason text NOT NULL,
            preview jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("CREATE INDEX identities_survivor ON identities (survivor)")
    op.execute("CREATE INDEX identities_merge_id ON identities (merge_id)")
