"""Grants are computed again whenever anything they depend on has changed."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.belonging.scope import grants_of
from services.registry.domain.people.manager_units import people_of, presences_of
from services.registry.handlers.publishing import scope_changed, tell
from services.registry.storage.belonging import ownership, presences, scopes
from services.registry.storage.cases import disputes
from services.registry.storage.centres import staff
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.work import Work


async def handle(work: Work, customer_key: UUID) -> None:
    """Compute the grants of a customer, whose row is held, and tell them if they changed."""
    customer = await customers.load(work, customer_key)
    history = await managers.history(work, customer_key)
    moves = await staff.moves(work, people_of(history.assignments))
    known_disputes = await disputes.of_customer(work, customer_key)
    grants = grants_of(
        customer,
        await ownership.ownerships(work, customer_key),
        presences_of(history.assignments, moves),
        await scopes.branch_owners(work, customer_key),
        known_disputes,
        await presences.others(work, customer_key, known_disputes),
    )
    known, version = await scopes.current(work, customer_key)
    if grants == known:
        return
    await scopes.keep(work, customer_key, grants, version + 1)
    await tell(work, scope_changed(customer_key, grants, version + 1))
