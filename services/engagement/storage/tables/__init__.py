"""Engagement's tables. A customer's row in `accounts` is the lock of all its duties and visits."""

from __future__ import annotations

from services.engagement.storage.tables.accounts import (
    accounts,
    classes,
    horizon,
    managers,
    owners,
    tiers,
)
from services.engagement.storage.tables.columns import metadata
from services.engagement.storage.tables.complaints import (
    compensations,
    complaint_breaches,
    complaint_clocks,
    complaint_rounds,
    complaint_steps,
    complaints,
    disclosures,
)
from services.engagement.storage.tables.expenses import expense_signatures, expenses
from services.engagement.storage.tables.handovers import handover_answers, handover_moves
from services.engagement.storage.tables.obligations import obligation_decisions, obligations
from services.engagement.storage.tables.visits import (
    verification_calls,
    verifications,
    visit_visitors,
    visits,
)

__all__ = [
    "accounts",
    "classes",
    "compensations",
    "complaint_breaches",
    "complaint_clocks",
    "complaint_rounds",
    "complaint_steps",
    "complaints",
    "disclosures",
    "expense_signatures",
    "expenses",
    "handover_answers",
    "handover_moves",
    "horizon",
    "managers",
    "metadata",
    "obligation_decisions",
    "obligations",
    "owners",
    "tiers",
    "verification_calls",
    "verifications",
    "visit_visitors",
    "visits",
]
