"""Registry's tables. Histories are only ever added to; a customer's row is its lock."""

from __future__ import annotations

from services.registry.storage.tables.belonging import (
    contracts,
    ownerships,
    scopes,
    signatures,
    splits,
)
from services.registry.storage.tables.cases import (
    dispute_evidence,
    disputes,
    revenue_places,
    rulings,
    visit_places,
)
from services.registry.storage.tables.centres import staff_events, staff_states, units
from services.registry.storage.tables.columns import metadata
from services.registry.storage.tables.people import (
    manager_assignments,
    manager_swaps,
    managers,
    tiers,
)
from services.registry.storage.tables.proof import (
    declaration_chain,
    declaration_chain_head,
    declarations,
)
from services.registry.storage.tables.register import (
    branch_sequences,
    customer_changes,
    customer_codes,
    customers,
    division_sequences,
    observations,
)

__all__ = [
    "branch_sequences",
    "contracts",
    "customer_changes",
    "customer_codes",
    "customers",
    "declaration_chain",
    "declaration_chain_head",
    "declarations",
    "dispute_evidence",
    "disputes",
    "division_sequences",
    "manager_assignments",
    "manager_swaps",
    "managers",
    "metadata",
    "observations",
    "ownerships",
    "revenue_places",
    "rulings",
    "scopes",
    "signatures",
    "splits",
    "staff_events",
    "staff_states",
    "tiers",
    "units",
    "visit_places",
]
