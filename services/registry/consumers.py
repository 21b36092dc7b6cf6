"""What registry listens to: the index page of the service."""

from __future__ import annotations

from services.registry.handlers.belonging import note_sale
from services.registry.handlers.cases.evidence import notice_revenue, notice_visits
from services.registry.handlers.centres import hear_personnel
from services.registry.handlers.handovers import hear_answers
from services.registry.handlers.people import follow_tiers, log_contacts
from services.registry.handlers.register import observe_customer, open_customers
from shared.contracts.billing import HandoverApplied as AppliedByBilling
from shared.contracts.billing import RevenuePosted, SaleContractSigned
from shared.contracts.engagement import HandoverApplied as AppliedByEngagement
from shared.contracts.engagement import VisitRecorded
from shared.contracts.enterprise import (
    ContactLogged,
    CustomerObserved,
    CustomerOpened,
    StaffAssigned,
    StaffJoined,
    StaffLeft,
)
from shared.contracts.tiering import ScoreRecorded, TierChanged
from shared.messaging.consumers import Consumers, each, many

CONSUMERS = Consumers(
    each(StaffJoined, hear_personnel.joined),
    each(StaffAssigned, hear_personnel.assigned),
    each(StaffLeft, hear_personnel.left),
    many(CustomerOpened, open_customers.handle),
    each(CustomerObserved, observe_customer.handle),
    many(TierChanged, follow_tiers.handle),
    many(ScoreRecorded, follow_tiers.scored),
    each(SaleContractSigned, note_sale.handle),
    many(VisitRecorded, notice_visits.handle),
    many(RevenuePosted, notice_revenue.handle),
    many(ContactLogged, log_contacts.logged),
    each(AppliedByEngagement, hear_answers.handle),
    each(AppliedByBilling, hear_answers.handle),
)
