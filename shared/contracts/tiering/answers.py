"""What tiering answers to senders about their facts."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import FactRefusal


class FactRefused(FactRefusal):
    """Tiering refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.tiering.fact_refused.v1"
