"""What is under way with a customer: somebody has to finish it before it is closed or merged."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.registry.domain.register.closing import Matter
from shared.work import Work

OPEN = """
SELECT 'disputes' AS matter, dispute_id AS id FROM disputes
WHERE customer_key = ANY(:keys) AND state = 'open'
UNION ALL
SELECT 'hand-overs', handover_id FROM handovers
WHERE state = 'started' AND handover_id IN (
    SELECT handover_id FROM handover_lines WHERE customer_key = ANY(:keys))
UNION ALL
SELECT 'loans', loan_id FROM archive_loans WHERE customer_key = ANY(:keys) AND state = 'lent'
UNION ALL
SELECT 'changes', application_id FROM change_applications
WHERE customer_key = ANY(:keys) AND state IN ('submitted', 'approved')
ORDER BY matter, id
"""
"""Cases (R-37), hand-overs (R-52), originals out (R-72), applications (R-29) of :keys."""


async def under_way(work: Work, customer_keys: Sequence[UUID]) -> dict[Matter, list[UUID]]:
    """What is under way with the customers, each kind by its IDs; kinds without any are left out.

    Rulings that may still be appealed against are not among them.
    """
    found: dict[Matter, list[UUID]] = {}
    for row in await work.rows(OPEN, keys=list(customer_keys)):
        found.setdefault(Matter(row["matter"]), []).append(row["id"])
    return found
