"""What engagement publishes: `dakehu.engagement.<event>.v1`, by subject."""

from __future__ import annotations

from shared.contracts.engagement import answers, complaints, gifts, surveys, visits
from shared.contracts.engagement.answers import FactRefused, HandoverApplied
from shared.contracts.engagement.complaints import (
    CompensationApproved,
    ComplaintBreached,
    ComplaintChanged,
    ComplaintClock,
    ComplaintState,
)
from shared.contracts.engagement.gifts import GiftGiven
from shared.contracts.engagement.surveys import SatisfactionMeasured
from shared.contracts.engagement.visits import (
    ExpenseReleased,
    ExpenseWithheld,
    ObligationChanged,
    ObligationState,
    Verdict,
    VisitRecorded,
    VisitVerified,
)

SUBJECTS = (visits, complaints, surveys, gifts, answers)
"""The modules of its events, in the order in which documents list them."""

__all__ = [
    "SUBJECTS",
    "CompensationApproved",
    "ComplaintBreached",
    "ComplaintChanged",
    "ComplaintClock",
    "ComplaintState",
    "ExpenseReleased",
    "ExpenseWithheld",
    "FactRefused",
    "GiftGiven",
    "HandoverApplied",
    "ObligationChanged",
    "ObligationState",
    "SatisfactionMeasured",
    "Verdict",
    "VisitRecorded",
    "VisitVerified",
]
