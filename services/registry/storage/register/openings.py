"""The opening register: thousands of customers at once, so one statement a table and a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.registry.domain.register.openings import Opening
from services.registry.storage import tables
from services.registry.storage.belonging import ownership, scopes
from services.registry.storage.identity import search_rows
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from services.registry.storage.register.customers import Codes
from shared.work import Work


async def add(work: Work, openings: Sequence[Opening]) -> None:
    """Add customers of whom nothing is kept yet, with all that follows from them.

    One that another transaction has added meanwhile breaks the batch, which then runs again and
    finds it.
    """
    ordered = [(each.customer.customer_key, each) for each in openings]
    rows = {
        tables.customers: [customers.row_of(work, each.customer) for each in openings],
        tables.customer_changes: [
            customers.change_row(
                work, each.customer, "opened", each.customer.declared_on, None, None
            )
            for _, each in ordered
        ],
        tables.ownerships: [
            ownership.ownership_row(work, key, each.ownership) for key, each in ordered
        ],
        tables.splits: [ownership.split_row(work, key, each.split) for key, each in ordered],
        tables.scopes: [scopes.row_of(work, key, each.grants, 1) for key, each in ordered],
        tables.manager_assignments: [
            managers.assignment_row(work, key, each.assignment, None)
            for key, each in ordered
            if each.assignment is not None
        ],
        tables.managers: [
            managers.row_of(work, key, each.managers, 1)
            for key, each in ordered
            if each.managers is not None
        ],
    }
    for table, values in rows.items():
        await work.copy(table, values)
    await search_rows.keep(work, [each.customer for each in openings])


async def link(work: Work, codes: Mapping[UUID, Codes]) -> None:
    """Cross-reference customers that were just added."""
    rows = [
        customers.code_row(work, customer_key, system, code)
        for customer_key, pairs in codes.items()
        for system, code in pairs
    ]
    rows.sort(key=lambda row: (str(row["system"]), str(row["code"])))
    await work.copy(tables.customer_codes, rows)
