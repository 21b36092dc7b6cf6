"""Accounts: the row of a customer that locks everything derived from the facts about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.engagement.domain.accounts.accounts import Standing
from shared.directory import identities
from shared.work import Work

_ADD = """
INSERT INTO accounts (customer_key, root, wake_on, planned_with)
SELECT customer_key, customer_key, '0001-01-01', 0 FROM unnest(%s::uuid[]) AS told (customer_key)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT customer_key FROM accounts WHERE customer_key = ANY(%s::uuid[])
ORDER BY customer_key FOR UPDATE
"""
_FORMER_ROOTS = "SELECT DISTINCT root FROM accounts WHERE customer_key = ANY(%s::uuid[])"
_SAVE = """
UPDATE accounts
SET root = told.root, wake_on = told.wake_on, planned_with = told.planned_with,
    tier = told.tier, specialty_class = told.specialty_class, visit_class = told.visit_class,
    gap = told.gap
FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::int4[], %s::text[], %s::text[], %s::text[],
            %s::text[])
    AS told (customer_key, root, wake_on, planned_with, tier, specialty_class, visit_class, gap)
WHERE accounts.customer_key = told.customer_key
"""


@dataclass(frozen=True)
class Looked:
    """What was found when an account was last looked at."""

    customer_key: UUID
    root: UUID
    wake_on: date | None
    planned_with: int
    standing: Standing | None


async def lock(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """Hold the accounts of these customers, and of those they are merged with, till the end.

    Returns each with whom it is today, sorted; what was merged into another or set free again
    since comes along.
    """
    wanted = sorted(set(customer_keys))
    former = {root for (root,) in await work.bulk(_FORMER_ROOTS, wanted)}
    present = await identities.roots(work, {*wanted, *former})
    keys = sorted({*present, *present.values()})
    await work.take_turns(keys)
    await work.bulk(_ADD, keys)
    await work.bulk(_LOCK, keys)
    return dict(sorted((await identities.roots(work, keys)).items()))


async def roots_of(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """Whom each of these customers is today; nothing is held."""
    return await identities.roots(work, customer_keys)


async def save(work: Work, looked: Sequence[Looked]) -> None:
    """Keep what was found; the accounts are locked."""
    await work.bulk(
        _SAVE,
        [account.customer_key for account in looked],
        [account.root for account in looked],
        [account.wake_on for account in looked],
        [account.planned_with for account in looked],
        [account.standing.tier if account.standing else None for account in looked],
        [account.standing.specialty_class if account.standing else None for account in looked],
        [account.standing.visit_class if account.standing else None for account in looked],
        [_gap(account.standing) for account in looked],
    )


async def awake(work: Work, on: date, newest_plan: int, limit: int) -> list[UUID]:
    """Up to `limit` customers whose duties time or a new plan may have changed by `on`."""
    rows = await work.bulk(
        "SELECT customer_key FROM accounts"
        " WHERE wake_on <= %s::date OR planned_with < %s::int4"
        " ORDER BY customer_key LIMIT %s::int4",
        on,
        newest_plan,
        limit,
    )
    return [key for (key,) in rows]


async def moved(work: Work) -> list[UUID]:
    """Customers who are somebody else today than when they were last looked at."""
    rows = await work.bulk(
        "SELECT accounts.customer_key FROM accounts"
        " JOIN kit.identities USING (customer_key)"
        " WHERE accounts.root <> identities.root ORDER BY 1"
    )
    return [key for (key,) in rows]


def _gap(standing: Standing | None) -> str | None:
    return standing.gap.value if standing is not None and standing.gap is not None else None
