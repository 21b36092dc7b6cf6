"""Registry's tables. Histories are only ever added to; a customer's row is its lock."""

from __future__ import annotations

from services.registry.storage.tables.belonging import (
    base_agreements,
    contracts,
    customer_types,
    delegations,
    ownerships,
    routings,
    scopes,
    sharing_terms,
    signatures,
    splits,
)
from services.registry.storage.tables.cases import (
    dispute_evidence,
    disputes,
    marketing_requests,
    notices,
    revenue_places,
    rulings,
    settlement_answers,
    settlements,
    visit_places,
)
from services.registry.storage.tables.centres import (
    centre_decisions,
    centres,
    region_classes,
    staff_events,
    staff_states,
    units,
)
from services.registry.storage.tables.columns import metadata
from services.registry.storage.tables.handovers import (
    handover_answers,
    handover_lines,
    handover_marks,
    handovers,
    rotation_steps,
    rotations,
)
from services.registry.storage.tables.identity import (
    contact_marks,
    customer_search,
    duplicate_questions,
    identities,
)
from services.registry.storage.tables.numbering import (
    branch_sequences,
    customer_moves,
    division_corrections,
    division_sequences,
    issued_under,
)
from services.registry.storage.tables.people import (
    contacts,
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
    "base_agreements",
    "branch_sequences",
    "centre_decisions",
    "centres",
    "contact_marks",
    "contacts",
    "contracts",
    "customer_changes",
    "customer_codes",
    "customer_moves",
    "customer_search",
    "customer_types",
    "customers",
    "declaration_chain",
    "declaration_chain_head",
    "declarations",
    "delegations",
    "dispute_evidence",
    "disputes",
    "division_corrections",
    "division_sequences",
    "duplicate_questions",
    "flag_resolutions",
    "handover_answers",
    "handover_lines",
    "handover_marks",
    "handovers",
    "identities",
    "issued_under",
    "manager_assignments",
    "manager_swaps",
    "managers",
    "marketing_requests",
    "metadata",
    "notices",
    "observations",
    "ownerships",
    "quality_flags",
    "region_classes",
    "revenue_places",
    "rotation_steps",
    "rotations",
    "routings",
    "rulings",
    "scopes",
    "settlement_answers",
    "settlements",
    "sharing_terms",
    "signatures",
    "splits",
    "staff_events",
    "staff_states",
    "tiers",
    "units",
    "visit_places",
]
