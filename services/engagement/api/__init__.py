"""HTTP in: one module per resource."""

from __future__ import annotations

from services.engagement.api import (
    cadence,
    compensations,
    complaints,
    expenses,
    obligations,
    reports,
    verifications,
    visits,
)

ROUTERS = (
    cadence.router,
    obligations.router,
    visits.router,
    verifications.router,
    expenses.router,
    complaints.router,
    compensations.router,
    reports.router,
)
