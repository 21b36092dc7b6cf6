"""What billing listens to, and who takes it. Inside a batch it is worked through from the top."""

from __future__ import annotations

from services.billing.handlers import follow_terms, post_revenue
from shared.contracts.enterprise import RevenueRecorded
from shared.contracts.registry import OwnershipChanged, SplitChanged
from shared.directory import DIRECTORY
from shared.messaging.consumers import Consumers, many

CONSUMERS = Consumers(
    *DIRECTORY,
    many(OwnershipChanged, follow_terms.ownerships),
    many(SplitChanged, follow_terms.splits),
    many(RevenueRecorded, post_revenue.handle),
)
