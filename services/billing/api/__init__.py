"""HTTP in: decode, call one handler or read one report, respond."""

from __future__ import annotations

from services.billing.api.arrears import ageing, dunning, late_fee_waivers, late_fees
from services.billing.api.books import control_totals, ledger, months
from services.billing.api.concessions import compensations, discounts
from services.billing.api.credit import analysis, assessments, exposure, limits, reservations
from services.billing.api.desk import cases as desk_cases
from services.billing.api.desk import charges as desk_charges
from services.billing.api.desk import payments as desk_payments
from services.billing.api.forms import (
    export_receivables,
    export_revenue,
    exporting,
    revenue_table,
    statement,
)
from services.billing.api.objects import agreements, deposits, preliminary_agreements
from services.billing.api.receivables import lateness, movements, payments, receivables
from services.billing.api.requests import corrections, policy_corrections, refunds, write_offs
from services.billing.api.revenue import postings, revenue

ROUTERS = (
    preliminary_agreements.router,
    deposits.router,
    agreements.router,
    export_receivables.router,
    receivables.router,
    lateness.router,
    movements.router,
    payments.router,
    desk_charges.router,
    desk_payments.router,
    desk_payments.receipts,
    desk_cases.router,
    corrections.asking,
    corrections.router,
    policy_corrections.router,
    refunds.asking,
    refunds.router,
    write_offs.asking,
    write_offs.router,
    write_offs.doubtful,
    late_fees.router,
    late_fee_waivers.router,
    dunning.router,
    dunning.exclusions,
    compensations.router,
    discounts.router,
    postings.router,
    revenue.router,
    export_revenue.router,
    revenue_table.router,
    exporting.router,
    ledger.router,
    months.router,
    control_totals.router,
    statement.router,
    ageing.router,
    exposure.router,
    limits.router,
    reservations.router,
    assessments.router,
    analysis.router,
)
