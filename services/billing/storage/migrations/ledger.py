"""Questions to the journal for which row-level security would ask every line for its grants.

They run with the rights of the tables' owner, and are to show nobody more than the journal's
policies do.
"""

from __future__ import annotations

from services.billing.storage.migrations.ageing import RIGHTS

# Lines are summed before they become two entries each.
TRIAL_BALANCE = f"""
CREATE FUNCTION trial_balance(day date, as_occurred boolean)
RETURNS TABLE (account account, debit numeric, credit numeric)
{RIGHTS} AS $$
DECLARE
    units CONSTANT text[] := ARRAY(SELECT seen.unit FROM kit.units_in_sight seen);
    keys CONSTANT uuid[] := ARRAY(
        SELECT DISTINCT seen.customer_key FROM kit.in_sight seen WHERE seen.aspect = 'money');
BEGIN
    RETURN QUERY EXECUTE format('
        SELECT side.account, sum(side.debit), sum(side.credit)
        FROM (
            SELECT debit, credit, sum(amount) AS amount FROM journal
            WHERE %s <= $1 AND (unit = ANY ($2) OR unit IS NULL AND customer_key = ANY ($3))
            GROUP BY debit, credit
        ) line CROSS JOIN LATERAL (VALUES (debit, amount, 0), (credit, 0, amount))
            AS side (account, debit, credit)
        GROUP BY side.account',
        CASE WHEN as_occurred THEN 'event_on' ELSE 'coalesce(booked_on, event_on)' END
    ) USING day, units, keys;
END $$
"""
"""What was debited and credited on every account by the end of a day, as far as it is in sight.

By the day in the books, or as it occurred. The scope is asked once: lines with a unit are for who
sees the unit, the others for who sees the customer's money.
"""

JOURNALS_OF = """
CREATE FUNCTION journals_of(source uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH posted AS (
        SELECT journal_id FROM postings WHERE posting_id = source
        UNION ALL
        SELECT journal_id FROM posting_history WHERE posting_id = source
    )
    SELECT ARRAY(
        SELECT journal_id FROM journal
        WHERE source_id = source AND kind NOT IN ('revenue', 'restatement')
        UNION ALL
        SELECT journal_id FROM posted
        UNION ALL
        SELECT back.journal_id FROM posted JOIN journal back ON back.reverses = posted.journal_id)
$$
"""
"""The numbers of all journals of a document; whoever asks then reads them as far as he may.

Revenue has many lines and is found by its posting, so that the hot path has no index more.
"""
