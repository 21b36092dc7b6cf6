"""What registry answers to senders about their facts."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import FactRefusal


class FactRefused(FactRefusal):
    """Registry refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.registry.fact_refused.v1"
