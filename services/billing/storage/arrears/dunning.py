"""Dunning letters with the instalments that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from sqlalchemy import RowMapping

from services.billing.domain.arrears.dunning import WithdrawnBecause
from shared.work import Work

# A day that is performed again may find more for a letter of that day.
_ADD = """
INSERT INTO dunnings AS held (dunning_id, customer_key, level, step, raised_on, policy_version,
    version, recorded_at)
SELECT dunning_id, customer_key, level, step, %s::date, %s::int4, 1, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::int4[], %s::text[])
    AS letter (dunning_id, customer_key, level, step)
ON CONFLICT (dunning_id) DO UPDATE SET policy_version = excluded.policy_version,
    version = held.version + 1, withdrawn_on = NULL
RETURNING dunning_id, version
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


async def add(work: Work, letters: Sequence[Letter], on: date, policy_version: int) -> list[Letter]:
    """Keep letters that are being sent on the day `on`; the letters as they stand with that.

    One that was sent on that day before names both what it did and what is new.
    """
    if not letters:
        return []
    versions = await work.bulk(
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
    grown = {dunning_id for dunning_id, version in versions if version > 1}
    fresh = [each for each in letters if each.dunning_id not in grown]
    return fresh + await _kept(work, sorted(grown))


async def withdraw(
    work: Work, steps: Sequence[tuple[UUID, UUID, WithdrawnBecause]], on: date
) -> list[Letter]:
    """Take steps back on the day `on`; the letters that named them, as they stand now."""
    if not steps:
        return []
    letter_ids, item_ids, reasons = (list(column) for column in zip(*steps, strict=True))
    await work.bulk(_WITHDRAW, on, letter_ids, item_ids, reasons)
    changed = [key for (key,) in await work.bulk(_CHANGED, on, sorted(set(letter_ids)))]
    return await _kept(work, changed)


async def _kept(work: Work, dunning_ids: Sequence[UUID]) -> list[Letter]:
    """Letters as they stand: what they still name, or all they ever did if that is nothing."""
    if not dunning_ids:
        return []
    rows = await work.rows(_LETTERS, keys=dunning_ids)
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
