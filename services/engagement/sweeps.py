"""What falls due by time, once per business date, in this order."""

from __future__ import annotations

from services.engagement.handlers.complaints import breach_complaints
from services.engagement.handlers.obligations import miss_obligations, open_obligations
from services.engagement.handlers.visits import renew_provisional_deadlines
from shared.sweeps import Sweeps, daily

SWEEPS = Sweeps(
    daily("open-obligations", open_obligations.handle),
    daily("miss-obligations", miss_obligations.handle),
    daily("renew-provisional-deadlines", renew_provisional_deadlines.handle),
    daily("breach-complaints", breach_complaints.handle),
)
