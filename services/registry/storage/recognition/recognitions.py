"""Decisions on who is a key account, and what registry itself knows for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.recognition.criteria import KeyAccountRecognition, Observed, Value
from services.registry.domain.recognition.decisions import Last, Recognition
from services.registry.domain.register.customers import Customer
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.directory.identities import same_customer
from shared.policy import Versioned, timeline
from shared.work import Work

_KNOWN = """
SELECT EXISTS (SELECT FROM contracts signed WHERE signed.customer_key = ANY(:keys)
                   AND signed.signed_on <= :on
                   AND (signed.valid_until_on IS NULL OR signed.valid_until_on >= :on))
           AS has_contract,
       EXISTS (SELECT FROM government_profiles body WHERE body.customer_key = ANY(:keys))
           AS is_government,
       (SELECT coalesce(sum(amount), 0) FROM revenue_places places
        WHERE places.customer_key = ANY(:keys) AND places.occurred_on >= :last_year
            AND places.occurred_on < :this_year) AS previous_year_revenue,
       (SELECT coalesce(sum(amount), 0) FROM revenue_places places
        WHERE places.customer_key = ANY(:keys) AND places.occurred_on >= :month
            AND places.occurred_on <= :on) AS current_month_revenue
"""


async def policy_on(work: Work, on: date) -> Versioned[KeyAccountRecognition] | None:
    """The definition of a key account on `on`; None where the site had none yet."""
    versions = (await timeline(work, KeyAccountRecognition)).versions
    return next((each for each in reversed(versions) if each.effective_on <= on), None)


async def known(work: Work, customer_key: UUID, on: date) -> dict[str, Value]:
    """What registry itself knows of a customer on `on`; revenue in yuan, net, as billing posted it.

    A government profile says that the body is a government. Whoever was merged into the customer
    counts with it (R-81).
    """
    row = await work.row(
        _KNOWN,
        keys=await same_customer(work, customer_key),
        on=on,
        month=on.replace(day=1),
        this_year=date(on.year, 1, 1),
        last_year=date(max(on.year - 1, 1), 1, 1),
    )
    assert row is not None, "a query without FROM returns one row"
    found: dict[str, Value] = {
        "has_contract": bool(row["has_contract"]),
        "previous_year_revenue": Decimal(row["previous_year_revenue"]),
        "current_month_revenue": Decimal(row["current_month_revenue"]),
    }
    return found | ({"body": "government"} if row["is_government"] else {})


async def last(work: Work, customer_key: UUID) -> Last | None:
    """The last decision about the customer; None before any. Hold the customer before."""
    row = await work.row(
        "SELECT sequence, decided_on, is_recognised FROM recognitions WHERE customer_key = :key"
        " ORDER BY sequence DESC LIMIT 1",
        key=customer_key,
    )
    return None if row is None else Last(**row)


async def add(
    work: Work, decision: Recognition, customer: Customer, by: str, policy: PolicyRef
) -> None:
    """Add a decision, with what it saw and the policy that made it."""
    route = decision.assessment.decisive
    await work.run(
        insert(tables.recognitions).values(
            customer_key=decision.customer_key,
            sequence=decision.sequence,
            decided_on=decision.decided_on,
            is_recognised=decision.assessment.is_recognised,
            route=route.route if route else None,
            kind=customer.kind.value,
            held_by=(route.held_by or None) if route else None,
            routes=[found.to_json() for found in decision.assessment.routes],
            inputs=_json(decision.inputs),
            figures=_json(decision.figures),
            policy_name=policy.name,
            policy_version=policy.version,
            decided_by=by,
            recorded_at=work.now,
        )
    )


def _json(observed: Mapping[str, Observed]) -> dict[str, object]:
    return {name: found.to_json() for name, found in sorted(observed.items())}
