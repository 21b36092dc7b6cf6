"""Control totals of senders, and what the books took: compared set-based, named by number.

Which day a fact belongs to is in its content, so of one that waits or was refused only its sender
can say it; such facts are found by their numbers, where the sender lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared.work import Work

_KEEP = """
INSERT INTO control_totals (system, ref, event, "on", count, amount, stated_at, recorded_at)
SELECT system, ref, event, day, count, amount, stated_at, %s::timestamptz
FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::int4[], %s::numeric[],
    %s::timestamptz[]) AS total (system, ref, event, day, count, amount, stated_at)
"""
_KEEP_FACTS = """
INSERT INTO controlled_facts (system, total_ref, ref, amount)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::numeric[])
"""

# A number is unique for its event only: a bill of that number was raised, or else it was opened.
_IS_RAISED = """
EXISTS (SELECT FROM kit.fates raised WHERE raised.system = charges.system
    AND raised.type = 'charge_raised' AND raised.ref = charges.ref AND raised.state = 'accepted')
"""
# What became of facts of senders, with the day that they belong to and their sign.
_TAKEN = f"""
SELECT taken.system, taken.event, taken.day, taken.ref, taken.amount FROM (
    SELECT system, 'revenue_recorded' AS event, occurred_on AS day, ref, amount FROM postings
    UNION ALL
    SELECT system, CASE WHEN {_IS_RAISED} THEN 'charge_raised' ELSE 'opening_balance_stated' END,
        issued_on, ref, gross FROM charges
    UNION ALL
    SELECT back.system, sent.event, cancelled_on, back.ref, sent.sign * amount
    FROM charge_cancellations back JOIN charges USING (charge_id) JOIN (
        VALUES (true, 'charge_cancelled', 1), (false, 'opening_balance_stated', -1)
    ) AS sent (is_raised, event, sign) ON sent.is_raised = {_IS_RAISED}
    UNION ALL
    SELECT system, CASE fund WHEN 'bank' THEN 'payment_received' ELSE 'opening_balance_stated' END,
        received_on, ref, amount FROM payments WHERE fund IN ('bank', 'opening')
    UNION ALL
    SELECT back.system,
        CASE fund WHEN 'bank' THEN 'payment_received' ELSE 'opening_balance_stated' END,
        returned_on, back.ref, -back.amount
    FROM payment_returns back JOIN payments USING (payment_id) WHERE fund IN ('bank', 'opening')
) taken
JOIN kit.fates ON fates.system = taken.system AND fates.type = taken.event
    AND fates.ref = taken.ref AND fates.state = 'accepted'
WHERE taken.day BETWEEN :from_on AND :until_on
    AND (CAST(:system AS text) IS NULL OR taken.system = :system)
"""
_STATED = """
SELECT DISTINCT ON (system, event, "on") system, event, "on" AS day, ref, count, amount, stated_at
FROM control_totals
WHERE "on" BETWEEN :from_on AND :until_on AND (CAST(:system AS text) IS NULL OR system = :system)
ORDER BY system, event, "on", stated_at DESC, ref COLLATE "C" DESC
"""

TOTALS = f"""
SELECT coalesce(stated.day, taken.day) AS day, coalesce(stated.system, taken.system) AS system,
    coalesce(stated.event, taken.event) AS event, stated.ref, stated.stated_at,
    stated.count AS stated_count, stated.amount AS stated_amount,
    coalesce(taken.count, 0) AS accepted_count, coalesce(taken.amount, 0) AS accepted_amount,
    (SELECT count(*) FROM controlled_facts listed
        JOIN kit.fates ON fates.system = listed.system AND fates.type = stated.event
            AND fates.ref = listed.ref AND fates.state = 'waiting'
        WHERE listed.system = stated.system AND listed.total_ref = stated.ref) AS waiting,
    (SELECT count(*) FROM controlled_facts listed
        JOIN kit.fates ON fates.system = listed.system AND fates.type = stated.event
            AND fates.ref = listed.ref AND fates.state = 'refused'
        WHERE listed.system = stated.system AND listed.total_ref = stated.ref) AS refused
FROM ({_STATED}) stated
FULL JOIN (
    SELECT system, event, day, count(*) AS count, sum(amount) AS amount FROM ({_TAKEN}) each
    GROUP BY system, event, day
) taken ON taken.system = stated.system AND taken.event = stated.event AND taken.day = stated.day
"""
"""By day, system and event what was stated and what was accepted; either may be missing."""

DIFFERENCES = f"""
SELECT coalesce(listed.ref, taken.ref) AS ref, listed.amount AS stated_amount,
    taken.amount AS accepted_amount,
    coalesce(fates.state, 'unknown') AS state, fates.reason ->> 'code' AS code
FROM (
    SELECT listed.ref, listed.amount FROM ({_STATED}) stated
    JOIN controlled_facts listed ON listed.system = stated.system AND listed.total_ref = stated.ref
    WHERE stated.event = :event
) listed
FULL JOIN (SELECT ref, amount FROM ({_TAKEN}) each WHERE event = :event) taken
    ON taken.ref = listed.ref
LEFT JOIN kit.fates ON fates.system = :system AND fates.type = :event
    AND fates.ref = coalesce(listed.ref, taken.ref)
WHERE listed.amount IS DISTINCT FROM taken.amount
"""
"""The facts of :system on the day that one side has and the other has not, or otherwise."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A sender's total: `count` facts over `amount` yuan, each with its number, or none listed."""

    system: str
    ref: str
    event: str
    on: date
    count: int
    amount: Decimal
    stated_at: datetime
    facts: tuple[tuple[str, Decimal], ...]


async def keep(work: Work, stated: Sequence[Stated]) -> None:
    """Add totals; the newest of a system, event and day is the one that counts."""
    if not stated:
        return
    rows = [
        (each.system, each.ref, each.event, each.on, each.count, each.amount, each.stated_at)
        for each in stated
    ]
    await work.bulk(_KEEP, work.now, *(list(column) for column in zip(*rows, strict=True)))
    listed = [(each.system, each.ref, *fact) for each in stated for fact in each.facts]
    if listed:
        await work.bulk(_KEEP_FACTS, *(list(column) for column in zip(*listed, strict=True)))


async def differing(work: Work, from_on: date, until_on: date) -> int:
    """How many totals of these days say something else than what was accepted."""
    number: int = await work.value(
        f"SELECT count(*) FROM ({TOTALS}) compared WHERE stated_count IS NOT NULL"
        " AND (stated_count, stated_amount) <> (accepted_count, accepted_amount)",
        from_on=from_on,
        until_on=until_on,
        system=None,
    )
    return number
