"""What falls due in registry, in this order within one business date."""

from __future__ import annotations

from services.registry.handlers.belonging import renew_split
from services.registry.handlers.cases import notice_overdue
from shared.sweeps import Sweeps, daily

SWEEPS = Sweeps(
    daily("notice-overdue-disputes", notice_overdue.handle),
    daily("renew-bases", renew_split.new_year),
)
