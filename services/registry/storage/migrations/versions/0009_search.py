"""A narrow row for every customer that is looked for by its names.

Names, initials and pinyin move out of `customer_search`, whose rows are wide with all that makes
names alike: a page in the order of names reads thousands of rows, and those are now a fifth as
wide. The pieces of names are no longer stored at all, only indexed.

Old code and new code work side by side: it goes on writing its columns of `customer_search`, and a
trigger carries them over; both ask the same functions. Everything long (filling, indexes) happens
before the first lock; writers of the register wait for the last statements, some seconds for a
million customers. The columns that new code leaves empty go with a later release.

Beside that, the newest score of every customer, for the form that puts key accounts in order.
"""

from __future__ import annotations

from importlib import import_module

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0009"
down_revision = "registry_0008"
branch_labels = None
depends_on = None

# The pieces of a text that is looked for, as `search_rows.grams` tells them: signs, pairs, and
# triples of Latin letters and digits. More pieces (across two names) do no harm, missing ones do.
_PIECES = """
CREATE FUNCTION name_pieces(terms text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT array_agg(a) || array_agg(a || b) FILTER (WHERE b IS NOT NULL)
        || array_agg(a || b || c) FILTER (WHERE octet_length(a || b || c) = 3)
    FROM unnest(string_to_array(terms, NULL), string_to_array(substr(terms, 2), NULL),
                string_to_array(substr(terms, 3), NULL)) AS signs (a, b, c)
$$
"""
_CARRY = """
CREATE FUNCTION carry_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_names AS held (customer_key, name, terms, pinyin)
    VALUES (NEW.customer_key, NEW.name, NEW.terms, NEW.pinyin)
    ON CONFLICT (customer_key) DO UPDATE
        SET name = excluded.name, terms = excluded.terms, pinyin = excluded.pinyin;
    RETURN NULL;
END $$
"""
_CARRY_ALL = """
INSERT INTO customer_names AS held (customer_key, name, terms, pinyin)
SELECT said.customer_key, said.name, said.terms, said.pinyin
FROM customer_search said LEFT JOIN customer_names had USING (customer_key)
WHERE (said.name, said.terms, said.pinyin) IS DISTINCT FROM (had.name, had.terms, had.pinyin)
ON CONFLICT (customer_key) DO UPDATE
    SET name = excluded.name, terms = excluded.terms, pinyin = excluded.pinyin
"""

# A page of customers in the caller's sight, in the order of their names. It runs as the owner of
# the tables, since an index on pieces of names cannot be asked through row-level security; the
# scope is asked here by the same view.
#
# There are three ways to a page, and the cheapest that may do is tried first. Few customers in
# sight, fewer than have the term, are gone through: their names lie in the index of their keys, and
# only until the page is full their rows are asked for the term. What many names have is met soon on
# the way through all in order, so a part of the steps is made that a look-up would cost. Else the
# pieces are looked up, and what was found is put in order.
_FIND = """
CREATE OR REPLACE FUNCTION find_customers(
    pieces text[], term text, after_name text, after_key uuid, most integer
) RETURNS TABLE (name text, customer_key uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET work_mem = '32MB' AS $$
DECLARE
    farthest CONSTANT integer := 20000;
    looks CONSTANT integer := 2000;
    few CONSTANT integer := 10000;
    whole CONSTANT real := (
        SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = 'customer_names'::regclass);
    expected real := whole;
    steps integer;
    in_sight integer;
    met integer;
    written text := 'true';
    looked_up text := 'true';
    beyond text := 'true';
    has_it text := '';
    seen CONSTANT text := 'JOIN LATERAL (SELECT FROM kit.in_sight held'
        ' WHERE held.customer_key = near.customer_key AND held.aspect = ''base'' LIMIT 1'
        ') seen ON true';
    plan json;
    names text[];
    keys uuid[];
BEGIN
    IF term IS NOT NULL THEN
        written := format('s.terms LIKE %L', '%' || term || '%');
        looked_up := format('name_pieces(s.terms) @> %L::text[]', pieces);
        EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM customer_names s WHERE %s', looked_up)
            INTO plan;
        expected := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::real;
        -- A term that is a piece is in every name that has the piece.
        IF pieces <> ARRAY[term] THEN
            looked_up := format('%s AND %s', looked_up, written);
        END IF;
        IF term ~ '^[a-z]{3,}$' THEN
            -- In this order: taking a name to pieces for a second look is what costs.
            looked_up := format('(s.pinyin LIKE %L OR (%s AND %s))', term || '%', written,
                                looked_up);
            written := format('(%s OR s.pinyin LIKE %L)', written, term || '%');
        END IF;
        has_it := format('JOIN LATERAL (SELECT FROM customer_names s'
                         ' WHERE s.customer_key = near.customer_key AND %s LIMIT 1) has_it ON true',
                         written);
    END IF;
    IF after_name IS NOT NULL THEN
        beyond := format('(s.name, s.customer_key) > (%L, %L)', after_name, after_key);
    END IF;

    IF expected > looks THEN
        in_sight := (SELECT count(*) FROM (
            SELECT FROM kit.in_sight held WHERE held.aspect = 'base' LIMIT few + 1) probe);
    END IF;
    IF in_sight > few THEN
        steps := least(farthest, (expected / 8)::integer);
        IF steps * expected / whole > 2 * most OR expected >= whole / 2 THEN
            EXECUTE format($q$
                SELECT array_agg(page.name), array_agg(page.customer_key) FROM (
                    SELECT near.name, near.customer_key FROM (
                        SELECT walked.name, walked.customer_key FROM (
                            SELECT s.name, s.customer_key, %s AS fits FROM customer_names s
                            WHERE %s ORDER BY s.name, s.customer_key LIMIT %s
                        ) walked WHERE walked.fits LIMIT %s
                    ) near %s LIMIT %s
                ) page$q$, written, beyond, greatest(steps, looks), looks, seen, most)
                INTO names, keys;
            IF cardinality(keys) = most THEN
                RETURN QUERY SELECT * FROM unnest(names, keys);
                RETURN;
            END IF;
        END IF;
        in_sight := (SELECT count(*) FROM (SELECT FROM kit.in_sight held
            WHERE held.aspect = 'base' LIMIT greatest(expected::integer, few) + 1) probe);
    END IF;

    IF in_sight <= expected THEN
        RETURN QUERY EXECUTE format($q$
            WITH scope AS MATERIALIZED (
                SELECT DISTINCT held.customer_key FROM kit.in_sight held WHERE held.aspect = 'base'
            )
            SELECT near.name, near.customer_key FROM (
                SELECT s.name, s.customer_key FROM scope JOIN customer_names s USING (customer_key)
                WHERE %s ORDER BY s.name, s.customer_key OFFSET 0
            ) near %s LIMIT %s$q$, beyond, has_it, most);
        RETURN;
    ELSIF term IS NULL OR expected >= whole / 2 THEN
        RETURN QUERY EXECUTE format($q$
            SELECT near.name, near.customer_key FROM (
                SELECT s.name, s.customer_key FROM customer_names s WHERE %s AND %s
                ORDER BY s.name, s.customer_key OFFSET 0
            ) near %s LIMIT %s$q$, written, beyond, seen, most);
        RETURN;
    END IF;

    EXECUTE format($q$
        WITH found AS MATERIALIZED (
            SELECT s.name, s.customer_key FROM customer_names s WHERE %s AND %s
        ), page AS (
            SELECT near.name, near.customer_key FROM (
                SELECT * FROM found ORDER BY found.name, found.customer_key LIMIT %s
            ) near %s LIMIT %s
        )
        SELECT (SELECT count(*) FROM found), array_agg(page.name), array_agg(page.customer_key)
        FROM page$q$, looked_up, beyond, looks, seen, most) INTO met, names, keys;
    IF met <= looks OR cardinality(keys) = most THEN
        RETURN QUERY SELECT * FROM unnest(names, keys);
    ELSE
        RETURN QUERY EXECUTE format($q$
            WITH scope AS MATERIALIZED (
                SELECT DISTINCT held.customer_key FROM kit.in_sight held WHERE held.aspect = 'base'
            ), found AS MATERIALIZED (
                SELECT s.name, s.customer_key FROM customer_names s WHERE %s AND %s
            )
            SELECT found.name, found.customer_key FROM found JOIN scope USING (customer_key)
            ORDER BY found.name, found.customer_key LIMIT %s$q$, looked_up, beyond, most);
    END IF;
END $$
"""
# All customers whose names have it, in sight or not: keys alone, which the reader's own question
# then looks at through row-level security.
_NAMED = """
CREATE OR REPLACE FUNCTION customers_named(pieces text[], term text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT customer_key FROM customer_names
    WHERE name_pieces(terms) @> pieces AND terms LIKE '%' || term || '%'
    UNION
    SELECT customer_key FROM customer_names
    WHERE term ~ '^[a-z]{3,}$' AND pinyin LIKE term || '%'
$$
"""


def upgrade() -> None:
    op.execute(_PIECES)
    op.execute(_CARRY)
    op.execute("""
        CREATE TABLE customer_names (
            customer_key uuid NOT NULL, name text NOT NULL, terms text NOT NULL,
            pinyin text NOT NULL
        )""")
    op.execute("""
        INSERT INTO customer_names (customer_key, name, terms, pinyin)
        SELECT customer_key, name, terms, pinyin FROM customer_search""")
    op.execute(
        "ALTER TABLE customer_names ADD CONSTRAINT customer_names_pkey"
        " PRIMARY KEY (customer_key) INCLUDE (name)"
    )
    op.execute("CREATE INDEX customer_names_order ON customer_names (name, customer_key)")
    op.execute("CREATE INDEX customer_names_pinyin ON customer_names (pinyin text_pattern_ops)")
    op.execute(
        "CREATE INDEX customer_names_pieces ON customer_names USING gin (name_pieces(terms))"
        " WITH (gin_pending_list_limit = 1024)"
    )
    op.execute("ANALYZE customer_names")
    protect(op, "customer_names", aspect="base")
    op.execute(
        "CREATE INDEX grants_base ON kit.grants (unit)"
        " INCLUDE (customer_key, aspect, from_on, until_on) WHERE aspect = 'base'"
    )
    op.execute(
        "CREATE TRIGGER carry_names AFTER INSERT OR UPDATE ON customer_search"
        " FOR EACH ROW WHEN (NEW.terms <> '') EXECUTE FUNCTION carry_names()"
    )
    op.execute(_CARRY_ALL)
    for column, empty in (("terms", "''"), ("pinyin", "''"), ("grams", "'{}'")):
        op.execute(f"ALTER TABLE customer_search ALTER COLUMN {column} SET DEFAULT {empty}")
    op.execute(_FIND)
    op.execute(_NAMED)
    _create_scores()
    # A look at a GIN index goes through all that is pending in it, and a batch of customers that
    # come in looks hundreds of times.
    op.execute("ALTER INDEX customer_search_features SET (fastupdate = off)")
    op.execute("SELECT gin_clean_pending_list('customer_search_features')")
    for index in ("order", "pinyin", "grams"):
        op.execute(f"DROP INDEX customer_search_{index}")


def _create_scores() -> None:
    op.execute("""
        CREATE TABLE scores (
            customer_key uuid NOT NULL, scheme text NOT NULL, cut_off date NOT NULL,
            as_of date NOT NULL, score_id uuid NOT NULL, shown numeric NOT NULL,
            PRIMARY KEY (customer_key, scheme)
        )""")
    protect(op, "scores", aspect="base")


def downgrade() -> None:
    op.execute("DROP TABLE scores")
    before = import_module("services.registry.storage.migrations.versions.0008_identity")
    op.execute("DROP TRIGGER carry_names ON customer_search")
    op.execute("""
        UPDATE customer_search held SET terms = names.terms, pinyin = names.pinyin,
            grams = coalesce(name_pieces(names.terms), '{}')
        FROM customer_names names WHERE names.customer_key = held.customer_key""")
    op.execute("ALTER INDEX customer_search_features RESET (fastupdate)")
    for column in ("terms", "pinyin", "grams"):
        op.execute(f"ALTER TABLE customer_search ALTER COLUMN {column} DROP DEFAULT")
    op.execute("CREATE INDEX customer_search_order ON customer_search (name, customer_key)")
    op.execute("CREATE INDEX customer_search_pinyin ON customer_search (pinyin text_pattern_ops)")
    op.execute("CREATE INDEX customer_search_grams ON customer_search USING gin (grams)")
    for function in (before._FIND, before._NAMED):
        op.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute("DROP INDEX kit.grants_base")
    op.execute("DROP TABLE customer_names")
    op.execute("DROP FUNCTION carry_names, name_pieces")
