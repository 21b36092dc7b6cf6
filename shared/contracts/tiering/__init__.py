"""What tiering publishes: `dakehu.tiering.<event>.v1`, by subject."""

from __future__ import annotations

from shared.contracts.tiering import answers, fluctuations, lifecycle, reports, scores, tiers
from shared.contracts.tiering.answers import FactRefused
from shared.contracts.tiering.fluctuations import (
    FluctuationExplained,
    FluctuationKind,
    FluctuationRaised,
    FluctuationWithdrawn,
)
from shared.contracts.tiering.lifecycle import LifecycleChanged
from shared.contracts.tiering.reports import MonthSubmitted
from shared.contracts.tiering.scores import (
    BorderDistance,
    Denominator,
    FactorPoints,
    Measure,
    ScoreRecorded,
)
from shared.contracts.tiering.tiers import ProposalState, TierChanged, TierProposed

SUBJECTS = (scores, tiers, fluctuations, lifecycle, reports, answers)
"""The modules of its events, in the order in which documents list them."""

__all__ = [
    "SUBJECTS",
    "BorderDistance",
    "Denominator",
    "FactRefused",
    "FactorPoints",
    "FluctuationExplained",
    "FluctuationKind",
    "FluctuationRaised",
    "FluctuationWithdrawn",
    "LifecycleChanged",
    "Measure",
    "MonthSubmitted",
    "ProposalState",
    "ScoreRecorded",
    "TierChanged",
    "TierProposed",
]
