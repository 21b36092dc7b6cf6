"""Which steps dunning takes and takes back on a day, asked of the ledger as of that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.billing.domain.arrears.dunning import DunningRules, Threshold, WithdrawnBecause
from services.billing.storage.arrears.dunning import Dunned
from services.billing.storage.receivables.portions import Customers
from shared.directory.identities import present
from shared.work import Work


def _holds_on(day: str) -> str:
    """SQL for whether the complaint `held` disputed its charge on a day."""
    return f"held.opened_on <= {day} AND (held.is_open OR held.closed_on > {day})"


# What is owed on the day is what is owed now, less what the ledger has of later days: so a date
# that is caught up with comes out as on the day itself. An instalment takes one step a day, the one
# behind the last that was not withdrawn; so a day that is performed again adds only what came
# meanwhile. What was disputed that day, or owed by a customer who was left alone, takes none.
_REACHED = f"""
WITH given AS (
    SELECT %s::date AS on_day, %s::date AS due_until, %s::numeric AS minimum,
        %s::text[] AS excluded
), later AS MATERIALIZED (
    SELECT item_id, sum(CASE WHEN debit = 'receivable' THEN amount ELSE -amount END) AS moved
    FROM journal
    WHERE event_on > (SELECT on_day FROM given) AND item_id IS NOT NULL
        AND 'receivable' IN (debit, credit) AND customer_key > %s::uuid AND customer_key <= %s::uuid
    GROUP BY item_id
), left_alone AS MATERIALIZED (
    SELECT {present("excluded.customer_key")} AS customer_key
    FROM dunning_exclusions excluded, given
    WHERE from_on <= on_day AND (until_on IS NULL OR until_on >= on_day)
), owing AS (
    SELECT items.customer_key, items.charge_id, items.item_id, items.due_on,
        items.amount - items.paid - coalesce(later.moved, 0) AS balance, last.level, last.raised_on
    FROM given CROSS JOIN (
        SELECT item_id FROM items
        WHERE customer_key > %s::uuid AND customer_key <= %s::uuid AND paid < amount
            AND due_on <= (SELECT due_until FROM given)
        UNION
        SELECT item_id FROM later
    ) candidate
    JOIN items ON items.item_id = candidate.item_id
    JOIN charges ON charges.charge_id = items.charge_id
    LEFT JOIN later ON later.item_id = items.item_id
    LEFT JOIN LATERAL (
        SELECT level, raised_on FROM dunning_items
        WHERE dunning_items.item_id = items.item_id AND withdrawn_on IS NULL
        ORDER BY level DESC LIMIT 1
    ) last ON true
    WHERE items.fee_of IS NULL AND items.due_on <= due_until
        AND charges.tariff_class <> ALL (excluded)
        AND NOT EXISTS (
            SELECT FROM dunning_items said
            WHERE said.item_id = items.item_id AND said.raised_on = on_day)
        AND NOT EXISTS (
            SELECT FROM dunning_holds held
            WHERE held.system = charges.system AND held.ref = charges.ref
                AND {_holds_on("on_day")})
        AND {present("items.customer_key")} <> ALL (ARRAY(SELECT customer_key FROM left_alone))
)
SELECT owing.customer_key, threshold.level, owing.charge_id, owing.item_id, owing.balance,
    owing.due_on
FROM given CROSS JOIN owing
JOIN unnest(%s::int4[], %s::date[], %s::date[]) AS threshold (level, due_until, previous_until)
    ON threshold.level = coalesce(owing.level, 0) + 1 AND owing.due_on <= threshold.due_until
    AND (owing.raised_on IS NULL OR owing.raised_on <= threshold.previous_until)
WHERE owing.balance >= given.minimum AND owing.balance > 0
ORDER BY owing.customer_key, threshold.level, owing.due_on, owing.item_id
"""

# Whoever posts holds the account, so what is posted after a step was decided finds the letter.
_LOCK = """
SELECT count(*) FROM (
    SELECT FROM positions
    WHERE customer_key > %s::uuid AND customer_key <= %s::uuid AND (
        EXISTS (
            SELECT FROM items WHERE items.customer_key = positions.customer_key
                AND paid < amount AND fee_of IS NULL)
        OR EXISTS (
            SELECT FROM journal WHERE journal.customer_key = positions.customer_key
                AND event_on > %s::date))
    ORDER BY customer_key FOR UPDATE
) held
"""
_DOUBTED = """
DELETE FROM dunning_doubts WHERE customer_key > %s::uuid AND customer_key <= %s::uuid
RETURNING item_id
"""
_NEWLY_DISPUTED = """
UPDATE dunning_holds SET is_new = false
FROM charges JOIN items ON items.charge_id = charges.charge_id AND fee_of IS NULL
WHERE dunning_holds.is_new AND charges.system = dunning_holds.system
    AND charges.ref = dunning_holds.ref
    AND charges.customer_key > %s::uuid AND charges.customer_key <= %s::uuid
RETURNING item_id
"""

# What the ledger says now of the day on which a step was taken: nothing was owed then, or it was
# disputed already. The steps behind such a one stood on it.
_MISTAKEN = f"""
WITH standing AS (
    SELECT dunning_id, item_id, level, raised_on FROM dunning_items
    WHERE item_id = ANY (%s::uuid[]) AND withdrawn_on IS NULL
), wrong AS (
    SELECT said.item_id, said.level,
        CASE WHEN held.complaint_id IS NOT NULL THEN 'disputed'
             WHEN ledger.billed <= 0 THEN 'charge-cancelled'
             WHEN ledger.given_up > 0 THEN 'written-off' ELSE 'paid-before' END AS because
    FROM standing said
    JOIN items ON items.item_id = said.item_id
    JOIN charges ON charges.charge_id = items.charge_id
    LEFT JOIN LATERAL (
        SELECT complaint_id FROM dunning_holds held
        WHERE held.system = charges.system AND held.ref = charges.ref
            AND {_holds_on("said.raised_on")} LIMIT 1
    ) held ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(balance), 0) AS balance, coalesce(sum(balance) FILTER (
                WHERE kind NOT IN ('application', 'write_off')), 0) AS billed,
            -coalesce(sum(balance) FILTER (WHERE kind = 'write_off'), 0) AS given_up
        FROM entries WHERE entries.item_id = said.item_id AND entries.account = 'receivable'
            AND entries.event_on <= said.raised_on
    ) ledger
    WHERE held.complaint_id IS NOT NULL OR ledger.balance <= 0
)
SELECT dunning_id, item_id, because
FROM standing CROSS JOIN LATERAL (
    SELECT because FROM wrong
    WHERE wrong.item_id = standing.item_id AND wrong.level <= standing.level
    ORDER BY wrong.level DESC LIMIT 1
) at_or_before
ORDER BY dunning_id, item_id
"""

Reached = tuple[UUID, int, Dunned]
"""Customer, level, instalment."""
Mistaken = tuple[UUID, UUID, WithdrawnBecause]
"""Letter, instalment, why it should not have been named."""


async def lock(work: Work, customers: Customers, on: date) -> None:
    """Hold the accounts of all who owe, or owed when the day `on` ended, until the work ends."""
    await work.bulk(_LOCK, customers.after, customers.until, on)


async def reached(work: Work, rules: DunningRules, customers: Customers, on: date) -> list[Reached]:
    """Every instalment that takes a step on the day `on`, ordered by customer and level."""
    thresholds = list(rules.thresholds(on))
    keys = customers.after, customers.until
    rows = await work.bulk(
        _REACHED,
        *(on, max(each.due_until_on for each in thresholds)),
        *(rules.minimum, list(rules.excluded_classes)),
        *(*keys, *keys),
        *_columns(thresholds),
    )
    return [(customer, level, Dunned(*dunned)) for customer, level, *dunned in rows]


async def mistaken(work: Work, customers: Customers) -> list[Mistaken]:
    """Every step that the ledger of its day does not bear out, or that followed such a one.

    Looks only at instalments with a posting of a day on which they were dunned already, which the
    journal notes, and at those with a complaint that says something new; and at each of them once.
    """
    keys = customers.after, customers.until
    doubted = [*await work.bulk(_DOUBTED, *keys), *await work.bulk(_NEWLY_DISPUTED, *keys)]
    if not doubted:
        return []
    rows = await work.bulk(_MISTAKEN, sorted({item_id for (item_id,) in doubted}))
    return [
        (dunning_id, item_id, WithdrawnBecause(because)) for dunning_id, item_id, because in rows
    ]


def _columns(thresholds: Sequence[Threshold]) -> tuple[list[object], ...]:
    return (
        [each.level for each in thresholds],
        [each.due_until_on for each in thresholds],
        [each.previous_until_on for each in thresholds],
    )
