"""What tiering listens to, and which handler takes it: the index page."""

from __future__ import annotations

from services.tiering.handlers.inputs import (
    follow_identities,
    follow_ownership,
    post_revenue,
    record_credit,
    record_usage,
    report_unit_revenue,
)
from shared.contracts.billing import CreditAssessed, RevenuePosted
from shared.contracts.enterprise import UnitRevenueReported, UsageRecorded
from shared.contracts.registry import CustomerIdentityChanged, OwnershipChanged
from shared.directory import directory
from shared.messaging.consumers import Consumers, many

CONSUMERS = Consumers(
    *directory(many(CustomerIdentityChanged, follow_identities.handle)),
    many(OwnershipChanged, follow_ownership.handle),
    many(RevenuePosted, post_revenue.handle),
    many(CreditAssessed, record_credit.handle),
    many(UnitRevenueReported, report_unit_revenue.handle),
    many(UsageRecorded, record_usage.handle),
)
