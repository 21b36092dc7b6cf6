"""Decisions on who is a key account, and what registry itself knows for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.recognition.assessment import Observed
from services.registry.domain.recognition.criteria import KeyAccountRecognition, Value
from services.registry.domain.recognition.decisions import Last, Recognition
from services.registry.domain.register.customers import CustomerKind
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.directory.identities import is_itself, roots
from shared.policy import Versioned, timeline
from shared.work import Work

# Whoever was merged into a customer counts with it.
_KNOWN = """
WITH asked AS (SELECT unnest(CAST(:keys AS uuid[])) AS customer_key),
parts AS (
    SELECT customer_key AS whole, customer_key AS part FROM asked
    UNION
    SELECT asked.customer_key, mate.customer_key FROM asked
    JOIN kit.identities mate ON mate.root = asked.customer_key
)
SELECT parts.whole AS customer_key,
       bool_or(EXISTS (SELECT FROM contracts signed WHERE signed.customer_key = parts.part
               AND signed.signed_on <= :on
               AND (signed.valid_until_on IS NULL OR signed.valid_until_on >= :on)))
           AS has_contract,
       bool_or(EXISTS (SELECT FROM government_profiles body
                       WHERE body.customer_key = parts.part)) AS is_government,
       coalesce(sum(brought.previous_year), 0) AS previous_year_revenue,
       coalesce(sum(brought.current_month), 0) AS current_month_revenue
FROM parts
LEFT JOIN LATERAL (
    SELECT sum(amount) FILTER (WHERE occurred_on < :this_year) AS previous_year,
           sum(amount) FILTER (WHERE occurred_on >= :month) AS current_month
    FROM revenue_places places
    WHERE places.customer_key = parts.part
        AND places.occurred_on >= :last_year AND places.occurred_on <= :on
) brought ON true
GROUP BY parts.whole
"""
# Nobody decided about them yet, or they were no key accounts and something has come since.
_TO_ASSESS = f"""
SELECT c.customer_key, last.sequence, last.decided_on, last.is_recognised
FROM customers c
LEFT JOIN LATERAL (
    SELECT sequence, decided_on, is_recognised FROM recognitions held
    WHERE held.customer_key = c.customer_key ORDER BY sequence DESC LIMIT 1
) last ON true
WHERE c.approved_on <= :on AND c.closed_on IS NULL AND {is_itself("c.customer_key")}
    AND (CAST(:after AS uuid) IS NULL OR c.customer_key > :after)
    AND (last.sequence IS NULL OR (NOT last.is_recognised AND last.decided_on <= :on AND EXISTS (
        SELECT FROM revenue_places places
        WHERE places.customer_key IN (
            SELECT c.customer_key
            UNION
            SELECT mate.customer_key FROM kit.identities mate WHERE mate.root = c.customer_key)
            AND places.occurred_on >= :month AND places.occurred_on <= :on)))
ORDER BY c.customer_key LIMIT :most
"""


async def policy_on(work: Work, on: date) -> Versioned[KeyAccountRecognition] | None:
    """The definition of a key account on `on`; None where the site had none yet."""
    versions = (await timeline(work, KeyAccountRecognition)).versions
    return next((each for each in reversed(versions) if each.effective_on <= on), None)


async def known(work: Work, customer_key: UUID, on: date) -> dict[str, Value]:
    """As `known_of_all`, of one customer or of the one that it is part of."""
    (root,) = (await roots(work, [customer_key])).values()
    return (await known_of_all(work, [root], on))[root]


async def known_of_all(
    work: Work, customer_keys: Sequence[UUID], on: date
) -> dict[UUID, dict[str, Value]]:
    """What registry itself knows of customers on `on`, each part of no other; revenue in yuan.

    Revenue is net, as billing posted it. A government profile says that the body is a government.
    Whoever was merged into a customer counts with it (R-81).
    """
    rows = await work.rows(
        _KNOWN,
        keys=list(customer_keys),
        on=on,
        month=on.replace(day=1),
        this_year=date(on.year, 1, 1),
        last_year=date(max(on.year - 1, 1), 1, 1),
    )
    return {row["customer_key"]: _values(row) for row in rows}


async def to_assess(work: Work, on: date, after: UUID | None, most: int) -> dict[UUID, Last | None]:
    """Living customers behind `after` about whom a decision may be due, with their last one.

    Nobody decided about them yet, as of the opening register; or they were no key accounts, and
    have brought revenue in the month of `on`.
    """
    rows = await work.rows(_TO_ASSESS, on=on, month=on.replace(day=1), after=after, most=most)
    return {row["customer_key"]: _last(row) for row in rows}


async def last(work: Work, customer_key: UUID) -> Last | None:
    """The last decision about the customer; None before any. Hold the customer before."""
    return (await last_of_all(work, [customer_key])).get(customer_key)


async def last_of_all(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, Last]:
    """As `last`, of each of the customers about whom somebody decided."""
    rows = await work.rows(
        "SELECT DISTINCT ON (customer_key) customer_key, sequence, decided_on, is_recognised"
        " FROM recognitions WHERE customer_key = ANY(:keys) ORDER BY customer_key, sequence DESC",
        keys=list(customer_keys),
    )
    return {
        row["customer_key"]: Last(row["sequence"], row["decided_on"], row["is_recognised"])
        for row in rows
    }


async def add(
    work: Work,
    decisions: Sequence[tuple[Recognition, CustomerKind]],
    by: str,
    policy: PolicyRef,
) -> None:
    """Add decisions with the kinds that follow, what they saw and the policy that made them."""
    rows = [_row(work, decision, kind, by, policy) for decision, kind in decisions]
    if rows:
        await work.run(insert(tables.recognitions), rows)


def _row(
    work: Work, decision: Recognition, kind: CustomerKind, by: str, policy: PolicyRef
) -> dict[str, object]:
    route = decision.assessment.decisive
    return {
        "customer_key": decision.customer_key,
        "sequence": decision.sequence,
        "decided_on": decision.decided_on,
        "is_recognised": decision.assessment.is_recognised,
        "route": route.route if route else None,
        "kind": kind.value,
        "held_by": (route.held_by or None) if route else None,
        "routes": [found.to_json() for found in decision.assessment.routes],
        "inputs": _json(decision.inputs),
        "figures": _json(decision.figures),
        "policy_name": policy.name,
        "policy_version": policy.version,
        "decided_by": by,
        "recorded_at": work.now,
    }


def _values(row: RowMapping) -> dict[str, Value]:
    found: dict[str, Value] = {
        "has_contract": bool(row["has_contract"]),
        "previous_year_revenue": Decimal(row["previous_year_revenue"]),
        "current_month_revenue": Decimal(row["current_month_revenue"]),
    }
    return found | ({"body": "government"} if row["is_government"] else {})


def _last(row: RowMapping) -> Last | None:
    if row["sequence"] is None:
        return None
    return Last(row["sequence"], row["decided_on"], row["is_recognised"])


def _json(observed: Mapping[str, Observed]) -> dict[str, object]:
    return {name: found.to_json() for name, found in sorted(observed.items())}
