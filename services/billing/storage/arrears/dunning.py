"""Dunning letters with the instalments they name, disputes that hold them, customers left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from sqlalchemy import RowMapping

from services.billing.domain.arrears.dunning import DunningRules, Threshold, WithdrawnBecause
from services.billing.storage.receivables.portions import Customers
from shared.directory.identities import present
from shared.work import Work


def _holds_on(day: str) -> str:
    """SQL for whether the complaint `held` disputed its charge on a day."""
    return f"held.opened_on <= {day} AND (held.is_open OR held.closed_on > {day})"


# What is owed on the day is what is owed now, less what the ledger has of later days: so a date
# that is caught up with comes out as on the day itself. An instalment takes one step a day, the one
# behind the last that was not withdrawn. What was disputed that day, or owed by a customer who was
# left alone, takes none.
_REACHED = f"""
WITH given AS (
    SELECT %s::date AS on_day, %s::date AS due_until, %s::numeric AS minimum,
        %s::text[] AS excluded
), later AS MATERIALIZED (
    SELECT item_id, sum(CASE WHEN debit = 'receivable' THEN amount ELSE -amount END) AS moved
    FROM journal
    WHERE event_on > (SELECT on_day FROM given) AND item_id IS NOT NULL
        AND customer_key > %s::uuid AND customer_key <= %s::uuid
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

# What the ledger says now of the day on which a step was taken: nothing was owed then, or it was
# disputed already.
_MISTAKEN = f"""
SELECT said.dunning_id, said.item_id,
    CASE WHEN held.complaint_id IS NOT NULL THEN 'disputed'
         WHEN ledger.billed <= 0 THEN 'charge-cancelled'
         WHEN ledger.given_up > 0 THEN 'written-off' ELSE 'paid-before' END AS because
FROM dunning_items said
JOIN items ON items.item_id = said.item_id
JOIN charges ON charges.charge_id = items.charge_id
LEFT JOIN LATERAL (
    SELECT complaint_id FROM dunning_holds held
    WHERE held.system = charges.system AND held.ref = charges.ref
        AND {_holds_on("said.raised_on")} LIMIT 1
) held ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(balance), 0) AS balance,
        coalesce(sum(balance) FILTER (WHERE kind NOT IN ('application', 'write_off')), 0) AS billed,
        -coalesce(sum(balance) FILTER (WHERE kind = 'write_off'), 0) AS given_up
    FROM entries WHERE entries.item_id = said.item_id AND entries.account = 'receivable'
        AND entries.event_on <= said.raised_on
) ledger
WHERE said.withdrawn_on IS NULL AND (held.complaint_id IS NOT NULL OR ledger.balance <= 0)
    AND said.customer_key > %s::uuid AND said.customer_key <= %s::uuid
ORDER BY said.dunning_id, said.item_id
"""

_ADD = """
INSERT INTO dunnings (dunning_id, customer_key, level, step, raised_on, policy_version, version,
    recorded_at)
SELECT dunning_id, customer_key, level, step, %s::date, %s::int4, 1, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::int4[], %s::text[])
    AS letter (dunning_id, customer_key, level, step)
"""
_ADD_ITEMS = """
INSERT INTO dunning_items (dunning_id, item_id, charge_id, customer_key, level, raised_on, balance,
    due_on)
SELECT dunning_id, item_id, charge_id, customer_key, level, %s::date, balance, due_on
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int4[], %s::numeric[], %s::date[])
    AS item (dunning_id, item_id, charge_id, customer_key, level, balance, due_on)
"""
_WITHDRAW = """
UPDATE dunning_items said SET withdrawn_on = %s::date, withdrawn_because = mistaken.because
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS mistaken (dunning_id, item_id, because)
WHERE said.dunning_id = mistaken.dunning_id AND said.item_id = mistaken.item_id
"""
_CHANGED = """
UPDATE dunnings SET version = version + 1, withdrawn_on = CASE WHEN EXISTS (
        SELECT FROM dunning_items left_over WHERE left_over.dunning_id = dunnings.dunning_id
            AND left_over.withdrawn_on IS NULL) THEN NULL ELSE %s::date END
WHERE dunning_id = ANY (%s::uuid[])
RETURNING dunning_id
"""
_LETTERS = """
SELECT dunnings.dunning_id, dunnings.customer_key, dunnings.level, dunnings.step,
    dunnings.raised_on, dunnings.policy_version, dunnings.version,
    dunnings.withdrawn_on IS NOT NULL AS is_withdrawn, said.charge_id, said.item_id, said.balance,
    said.due_on, said.withdrawn_because
FROM dunnings JOIN dunning_items said ON said.dunning_id = dunnings.dunning_id
WHERE dunnings.dunning_id = ANY (:keys)
    AND (dunnings.withdrawn_on IS NOT NULL OR said.withdrawn_on IS NULL)
ORDER BY dunnings.dunning_id, said.due_on, said.item_id
"""


@dataclass(frozen=True, slots=True)
class Dunned:
    """An instalment that a letter names, with what was owed of it then, in yuan."""

    charge_id: UUID
    item_id: UUID
    balance: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Letter:
    """One step towards one customer on one day, about all instalments that took it."""

    dunning_id: UUID
    customer_key: UUID
    level: int
    step: str
    raised_on: date
    policy_version: int
    version: int
    items: tuple[Dunned, ...]
    withdrawn_because: WithdrawnBecause | None = None

    @property
    def overdue(self) -> Decimal:
        """What was owed of all instalments that it names, in yuan."""
        return sum((each.balance for each in self.items), Decimal(0))

    @property
    def oldest_due_on(self) -> date:
        """Due date of the oldest of them."""
        return min(each.due_on for each in self.items)


Reached = tuple[UUID, int, Dunned]
"""Customer, level, instalment."""


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


async def mistaken(work: Work, customers: Customers) -> list[tuple[UUID, UUID, WithdrawnBecause]]:
    """(letter, instalment, why) of every step that the ledger of its day does not bear out."""
    return [
        (dunning_id, item_id, WithdrawnBecause(because))
        for dunning_id, item_id, because in await work.bulk(
            _MISTAKEN, customers.after, customers.until
        )
    ]


async def add(work: Work, letters: Sequence[Letter], on: date, policy_version: int) -> None:
    """Keep letters that are being sent on the day `on`."""
    if not letters:
        return
    await work.bulk(
        *(_ADD, on, policy_version, work.now),
        [each.dunning_id for each in letters],
        [each.customer_key for each in letters],
        [each.level for each in letters],
        [each.step for each in letters],
    )
    named = [(letter, item) for letter in letters for item in letter.items]
    await work.bulk(
        *(_ADD_ITEMS, on),
        [letter.dunning_id for letter, _ in named],
        [item.item_id for _, item in named],
        [item.charge_id for _, item in named],
        [letter.customer_key for letter, _ in named],
        [letter.level for letter, _ in named],
        [item.balance for _, item in named],
        [item.due_on for _, item in named],
    )


async def withdraw(
    work: Work, steps: Sequence[tuple[UUID, UUID, WithdrawnBecause]], on: date
) -> list[Letter]:
    """Take steps back on the day `on`; the letters that named them, as they stand now."""
    if not steps:
        return []
    letter_ids, item_ids, reasons = (list(column) for column in zip(*steps, strict=True))
    await work.bulk(_WITHDRAW, on, letter_ids, item_ids, reasons)
    changed = [key for (key,) in await work.bulk(_CHANGED, on, sorted(set(letter_ids)))]
    rows = await work.rows(_LETTERS, keys=changed)
    return [_letter(list(said)) for _, said in groupby(rows, key=lambda row: row["dunning_id"])]


def _letter(rows: Sequence[RowMapping]) -> Letter:
    head = rows[0]
    return Letter(
        dunning_id=head["dunning_id"],
        customer_key=head["customer_key"],
        level=head["level"],
        step=head["step"],
        raised_on=head["raised_on"],
        policy_version=head["policy_version"],
        version=head["version"],
        items=tuple(
            Dunned(row["charge_id"], row["item_id"], row["balance"], row["due_on"]) for row in rows
        ),
        withdrawn_because=(
            WithdrawnBecause(head["withdrawn_because"]) if head["is_withdrawn"] else None
        ),
    )


def _columns(thresholds: Sequence[Threshold]) -> tuple[list[object], ...]:
    return (
        [each.level for each in thresholds],
        [each.due_until_on for each in thresholds],
        [each.previous_until_on for each in thresholds],
    )
