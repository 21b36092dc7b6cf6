"""HTTP in: decode, call one handler or read one report, respond."""

from __future__ import annotations

from services.tiering.api import proposals, schemes, scores, tiers, totals

ROUTERS = (schemes.router, scores.router, proposals.router, tiers.router, totals.router)
