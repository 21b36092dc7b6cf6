"""HTTP in: decode, call one handler or read one report, respond."""

from __future__ import annotations

from services.billing.api import (
    ageing,
    agreements,
    compensations,
    deposits,
    dunning,
    late_fees,
    ledger,
    payments,
    receivables,
    revenue,
)

ROUTERS = (
    deposits.router,
    agreements.router,
    receivables.router,
    payments.router,
    late_fees.router,
    dunning.router,
    dunning.exclusions,
    compensations.router,
    revenue.router,
    ledger.router,
    ageing.router,
)
