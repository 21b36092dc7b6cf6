"""Whom a change of the policies on sharing concerns (C16, R-05, R-40)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.domain.belonging.leads import LeadCredit
from services.registry.domain.belonging.precedence import SplitPrecedence
from services.registry.domain.belonging.types import CustomerType, ServiceLinks
from shared.work import Work

_CHANGED = """
SELECT DISTINCT name FROM kit.policies
WHERE name = ANY(:names) AND (effective_on = :on
    OR CAST(recorded_at AT TIME ZONE :zone AS date) BETWEEN :on - 1 AND :on)
"""
_LEADS = """
SELECT customer_key FROM customers WHERE reporting_branch IS NOT NULL AND approved_on IS NOT NULL
"""
_LINKED = "SELECT customer_key FROM customer_types WHERE type = :type"
_WEIGHED = f"""
SELECT customer_key FROM base_agreements UNION SELECT customer_key FROM customer_types
UNION SELECT customer_key FROM rulings UNION {_LEADS}
UNION SELECT b.customer_key FROM customers b
    JOIN customer_types t ON t.customer_key = b.head_office_key
"""


async def concerned(work: Work, on: date) -> Sequence[UUID]:
    """Customers whose split depends on a policy that begins `on`, or was recorded then or the day
    before, in order of key."""
    policies = (SplitPrecedence, LeadCredit, ServiceLinks)
    names = [policy.policy_name for policy in policies]
    rows = await work.rows(_CHANGED, names=names, on=on, zone=work.zone.key)
    changed = {row["name"] for row in rows}
    found: set[UUID] = set()
    if SplitPrecedence.policy_name in changed:
        found |= await _keys(work, _WEIGHED)
    if LeadCredit.policy_name in changed:
        found |= await _keys(work, _LEADS)
    if ServiceLinks.policy_name in changed:
        found |= await _keys(work, _LINKED, type=CustomerType.C.value)
    return sorted(found)


async def _keys(work: Work, query: str, **parameters: object) -> set[UUID]:
    return {row["customer_key"] for row in await work.rows(query, **parameters)}
