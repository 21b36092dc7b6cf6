"""What can be imported from files into tiering; each row becomes an event as a system sends it."""

from __future__ import annotations

from shared.contracts.enterprise import UnitRevenueReported, UsageRecorded
from shared.importing import events, kinds

IMPORTS = kinds(
    events("unit-revenue", UnitRevenueReported),
    events("usage", UsageRecorded),
)
