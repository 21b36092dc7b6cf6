"""A hand-over: what successors find open in the books of the customers they take over (R-52).

No row of the books belongs to a person: who follows an open receivable or a deposit up is whoever
manages the customer. So nothing is rewritten; the answer counts what passes with the customers, and
names the money that went to the leaver in person, which no successor can take over.
"""

from __future__ import annotations

from services.billing.storage import handovers
from shared.contracts.billing import HandoverApplied
from shared.contracts.envelope import Entity, HandoverException, MovedWork
from shared.contracts.registry import HandoverStarted
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, fact: Fact[HandoverStarted]) -> None:
    """Answer a version of a hand-over, once."""
    said = fact.data
    version = said.entity.version
    if await handovers.is_answered(work, said.handover_id, version):
        return
    customers = sorted(each.customer_key for each in said.customers)
    held = await handovers.held(work, customers)
    collected = await handovers.collected_by(work, said.from_staff_code, customers)
    answer = HandoverApplied(
        entity=Entity(type="handover-result", id=str(said.handover_id), version=version),
        handover_id=said.handover_id,
        handover_version=version,
        applied_on=work.today,
        moved=(
            MovedWork(kind="receivables", count=held.receivables),
            MovedWork(kind="deposits", count=held.deposits),
        ),
        exceptions=tuple(
            HandoverException(
                kind="compliance-cases", id=str(case_id), reason="collected-by-leaver"
            )
            for case_id in collected
        ),
    )
    await handovers.keep_answer(work, answer)
    work.publish(answer)
