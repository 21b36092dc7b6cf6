"""What falls due in tiering, day by day, in this order."""

from __future__ import annotations

from services.tiering.handlers.schemes import adopt_schemes
from services.tiering.handlers.scoring import notice_stale_scores, rescore_merged, run_scores
from services.tiering.handlers.tiers import effect_tiers, follow_governing_schemes
from shared.sweeps import Sweeps, daily

SWEEPS = Sweeps(
    daily("adopt-schemes", adopt_schemes.handle),
    daily("effect-tiers", effect_tiers.handle),
    daily("follow-governing-schemes", follow_governing_schemes.handle),
    daily("rescore-merged", rescore_merged.handle),
    daily("score-periods", run_scores.due),
    daily("notice-stale-scores", notice_stale_scores.handle),
)
