"""When the next contact with a customer is wanted (E-13, C13)."""

from __future__ import annotations

from sqlalchemy import RowMapping

from services.engagement.domain.obligations.cadence import CadencePlan
from services.engagement.domain.obligations.gaps import Window, window
from shared import policy
from shared.work import Work

_LAST_CONTACT = """
SELECT max(v.visited_on) FROM visits v
WHERE v.customer_key = :customer_key AND v.kind = ANY(:kinds) AND v.visited_on <= :on
    AND v.verdict IS DISTINCT FROM 'differs'
"""


async def of(work: Work, obligation: RowMapping) -> Window:
    """The window of an obligation, by the plan version that made it and the last contact."""
    plan = (await policy.of_version(work, CadencePlan, obligation["plan_version"])).body
    last_contact_on = await work.value(
        _LAST_CONTACT,
        customer_key=obligation["customer_key"],
        kinds=list(plan.dedicated_kinds),
        on=obligation["due_on"],
    )
    return window(plan, obligation["first_on"], obligation["due_on"], last_contact_on)
