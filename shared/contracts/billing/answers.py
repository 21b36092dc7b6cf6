"""What billing answers: to registry about hand-overs, to senders about their facts."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import FactRefusal, HandoverResult


class HandoverApplied(HandoverResult):
    """Billing has given a leaver's receivables and deposits to the successors (R-52)."""

    subject: ClassVar[str] = "dakehu.billing.handover_applied.v1"


class FactRefused(FactRefusal):
    """Billing refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.billing.fact_refused.v1"
