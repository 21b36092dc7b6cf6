"""What engagement listens to, and who takes it; a batch is worked through from the top."""

from __future__ import annotations

from services.engagement.handlers.accounts import apply_handover, follow_customers
from services.engagement.handlers.compensations import note_compensations
from services.engagement.handlers.complaints import close_complaints, take_in_complaints
from services.engagement.handlers.visits import report_visits
from shared.contracts.billing import CompensationPosted, CompensationRefused
from shared.contracts.enterprise import ComplaintClosed, ComplaintRaised, VisitReported
from shared.contracts.registry import (
    CustomerChanged,
    CustomerIdentityChanged,
    HandoverStarted,
    ManagersAssigned,
    OwnershipChanged,
    StaffChanged,
    UnitChanged,
)
from shared.contracts.tiering import TierChanged
from shared.directory import directory
from shared.messaging.consumers import Consumers, each, many

CONSUMERS = Consumers(
    *directory(
        many(UnitChanged, follow_customers.units),
        many(StaffChanged, follow_customers.staff),
        many(CustomerChanged, follow_customers.changed),
        many(CustomerIdentityChanged, follow_customers.merged),
    ),
    many(OwnershipChanged, follow_customers.owners),
    many(ManagersAssigned, follow_customers.managers),
    many(TierChanged, follow_customers.tiers),
    each(HandoverStarted, apply_handover.handle),
    many(VisitReported, report_visits.handle),
    many(ComplaintRaised, take_in_complaints.handle),
    many(ComplaintClosed, close_complaints.handle),
    many(CompensationPosted, note_compensations.posted),
    many(CompensationRefused, note_compensations.refused),
)
