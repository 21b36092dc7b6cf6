"""What customers use."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import CustomerReference, Enterprise, Reverses
from shared.contracts.values import Exact, Label, Period


class UsageRecorded(Enterprise):
    """A customer used something that is measured."""

    event_name: ClassVar[str] = "usage_recorded"
    customer: CustomerReference
    """Whom it is about."""
    metric: Label
    """What is measured: kwh, kva, parcels …"""
    value: Exact
    """How much, in the metric's unit."""
    period: Period
    """The year, quarter or month."""
    reverses: Reverses | None = None
    """The usage that this takes back; its value is negative."""
