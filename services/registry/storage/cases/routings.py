"""Which customers went to a specialty bureau, by whose decision (R-43)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registry.domain.cases.routings import Routing
from shared.work import Work

Decision = tuple[str, str, date, str]
"""Who decided for which unit, on which day, and why."""

_ADD = """
INSERT INTO routings (customer_key, sequence, outcome, unit, informed_unit, effective_on,
    decided_by, decided_unit, decided_on, reason, recorded_at)
SELECT :key, coalesce(max(sequence), 0) + 1, :outcome, :unit, :informed_unit, :effective_on,
    :decided_by, :decided_unit, :decided_on, :reason, :now
FROM routings WHERE customer_key = :key
"""


async def add(work: Work, customer_key: UUID, routing: Routing, decision: Decision) -> None:
    """Add a decision about the customer, whose row is held: by whom, where, when and why."""
    by, unit, on, reason = decision
    await work.run(
        _ADD,
        {
            "key": customer_key,
            "outcome": routing.outcome.value,
            "unit": routing.unit,
            "informed_unit": routing.informed_unit,
            "effective_on": routing.effective_on,
            "decided_by": by,
            "decided_unit": unit,
            "decided_on": on,
            "reason": reason,
            "now": work.now,
        },
    )
