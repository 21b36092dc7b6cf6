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
from services.registry.storage.tables.numbering import (
    branch_sequences,
    customer_moves,
    division_corrections,
    division_sequences,
    issued_under,
)
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
from services.registry.storage.tables.quality import flag_resolutions, quality_flags
from services.registry.storage.tables.register import (
    customer_changes,
    customer_codes,
    customers,
    observations,
)

__all__ = [
    "branch_sequences",
    "contracts",
    "customer_changes",
    "customer_codes",
    "customer_moves",
    "customers",
    "declaration_chain",
    "declaration_chain_head",
    "declarations",
    "dispute_evidence",
    "disputes",
    "division_corrections",
    "division_sequences",
    "flag_resolutions",
    "issued_under",
    "manager_assignments",
    "manager_swaps",
    "managers",
    "metadata",
    "observations",
    "ownerships",
    "quality_flags",
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
