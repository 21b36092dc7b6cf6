"""What engagement answers: to registry about hand-overs, to senders about their facts."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import FactRefusal, HandoverResult


class HandoverApplied(HandoverResult):
    """Engagement has given a leaver's obligations and cases to the successors (R-52)."""

    subject: ClassVar[str] = "dakehu.engagement.handover_applied.v1"


class FactRefused(FactRefusal):
    """Engagement refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.engagement.fact_refused.v1"
