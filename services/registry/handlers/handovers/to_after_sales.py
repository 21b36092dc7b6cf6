"""A contract is signed: after-sales staff take the customer over, as an institution (R-51)."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.centres.staff import StaffState
from services.registry.domain.people.handovers import HandoverReason
from services.registry.domain.people.managers import Phase
from services.registry.domain.people.succession import Place
from services.registry.handlers.handovers import rules, start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.storage.centres import staff
from services.registry.storage.people import handovers, managers
from shared.work import Work


async def handle(work: Work, customer_key: UUID) -> None:
    """Start the customer's hand-over to after-sales once a contract has ended its development.

    The customer's row is held. The place is B's, who leads maintenance: a B with the policy's role
    stays, otherwise a successor is missing until somebody names one. Where the policy knows no
    after-sales staff, or the site has no such policy, nothing happens.
    """
    known = await rules.known(work)
    role = known.body.after_sales_role if known else None
    held, _ = await managers.current(work, customer_key)
    if role is None or held is None or held.a is None or held.phase is not Phase.MAINTENANCE:
        return
    if held.phase_contract_id is None or await handovers.had_after_sales(work, customer_key):
        return
    successors = {}
    if held.b is not None:
        member = await staff.on_day(work, held.b, work.today, "/b_staff_code")
        if member.state is StaffState.ACTIVE and role in member.roles:
            successors[customer_key] = held.b
    await start.handle(
        work,
        StartHandover(
            *(held.a, HandoverReason.AFTER_SALES, (customer_key,)),
            successors=successors,
            place=Place.B,
            role=role,
        ),
    )
