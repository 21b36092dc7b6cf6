"""Business with a customer that was suspended or closed: the fact stands, and is a case (R-20).

What happened is recorded as it happened, since money and visits are real; that it happened is for
a person to look into. Like every decision a case depends on what was known when the fact was taken
(who hears of the suspension later raises none), and it is never altered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.directory.grants import visible
from shared.identifiers import derived_id

if TYPE_CHECKING:
    from shared.messaging.cloudevents import Fact
    from shared.work import Work

CASES = f"""
SELECT c.case_id, c.customer_key, c.kind, c.event, c.system, c.ref, c.occurred_on, c.stopped_on,
       c.raised_at
FROM kit.business_while_stopped c WHERE {visible("base", "c.customer_key")}
"""
"""The cases in sight."""

_RAISE = """
INSERT INTO kit.business_while_stopped
    (case_id, customer_key, kind, event, system, ref, occurred_on, stopped_on, raised_at)
SELECT case_id, said.customer_key, held.state, event, said.system, ref, occurred_on,
       coalesce(held.closed_on, held.suspended_on), %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[])
    AS said (case_id, customer_key, event, system, ref, occurred_on)
JOIN kit.customers held ON held.customer_key = said.customer_key
WHERE held.state IN ('suspended', 'closed')
    AND occurred_on > coalesce(held.closed_on, held.suspended_on)
ORDER BY case_id
ON CONFLICT DO NOTHING
"""


async def notice(work: Work, done: Iterable[tuple[Fact[Any], UUID, date]]) -> None:
    """Raise a case for each fact of business on a day after its customer was stopped (R-20, R-22).

    `done` is facts of other systems with the customer and the business day of each. Not business
    are payments, readings and complaints: what a customer does of itself is taken at any time.
    """
    rows = [
        (
            derived_id("stopped", fact.system, fact.data.event_name, fact.data.ref),
            customer_key,
            fact.data.event_name,
            fact.system,
            fact.data.ref,
            occurred_on,
        )
        for fact, customer_key, occurred_on in done
    ]
    if rows:
        columns = (list(column) for column in zip(*rows, strict=True))
        await work.bulk(_RAISE, work.now, *columns)
