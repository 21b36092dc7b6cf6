"""What other systems publish: `enterprise.<system>.<event>.v1`, by subject."""

from __future__ import annotations

from shared.contracts.enterprise import (
    complaints,
    customers,
    receivables,
    revenue,
    staff,
    usage,
    visits,
)
from shared.contracts.enterprise.complaints import ComplaintClosed, ComplaintKind, ComplaintRaised
from shared.contracts.enterprise.customers import (
    CustomerObserved,
    CustomerOpened,
    ManagerRole,
    OpenedManager,
)
from shared.contracts.enterprise.receivables import (
    ChargeCancelled,
    ChargeRaised,
    ControlledFact,
    ControlTotalStated,
    OpeningBalanceStated,
    OpeningKind,
    PaymentReceived,
    RaisedInstalment,
    TariffClass,
)
from shared.contracts.enterprise.revenue import RevenueRecorded, UnitRevenueReported
from shared.contracts.enterprise.staff import StaffAssigned, StaffJoined, StaffLeft
from shared.contracts.enterprise.usage import UsageRecorded
from shared.contracts.enterprise.visits import ContactLogged, Direction, TargetPerson, VisitReported

SUBJECTS = (customers, revenue, receivables, usage, complaints, visits, staff)
"""The modules of its events, in the order in which documents list them."""

__all__ = [
    "SUBJECTS",
    "ChargeCancelled",
    "ChargeRaised",
    "ComplaintClosed",
    "ComplaintKind",
    "ComplaintRaised",
    "ContactLogged",
    "ControlTotalStated",
    "ControlledFact",
    "CustomerObserved",
    "CustomerOpened",
    "Direction",
    "ManagerRole",
    "OpenedManager",
    "OpeningBalanceStated",
    "OpeningKind",
    "PaymentReceived",
    "RaisedInstalment",
    "RevenueRecorded",
    "StaffAssigned",
    "StaffJoined",
    "StaffLeft",
    "TargetPerson",
    "TariffClass",
    "UnitRevenueReported",
    "UsageRecorded",
    "VisitReported",
]
