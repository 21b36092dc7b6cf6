"""Stages of a customer's life."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import CustomerDecision
from shared.contracts.values import Day, Word


class LifecycleChanged(CustomerDecision):
    """A customer entered another stage of its life (T-10, T-12). Entity: `lifecycle`."""

    subject: ClassVar[str] = "dakehu.tiering.lifecycle_changed.v1"
    before: Word | None = None
    """Stage before; absent: none."""
    after: Word
    """Stage from `effective_on` on."""
    effective_on: Day
    """First day on which it holds."""
