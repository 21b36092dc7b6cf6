"""The wiring of tiering: the only place that puts it together."""

from __future__ import annotations

from fastapi import APIRouter

from services.tiering.consumers import CONSUMERS
from services.tiering.domain.policies import (
    GoverningSchemes,
    ScoringCalendar,
    ShippedSchemes,
    TierChanges,
)
from services.tiering.handlers import republish
from services.tiering.imports import IMPORTS
from services.tiering.settings import Settings
from services.tiering.storage.tables import metadata
from services.tiering.sweeps import SWEEPS
from shared.service import Service


def _routers() -> tuple[APIRouter, ...]:
    from services.tiering.api import ROUTERS

    return ROUTERS


SERVICE = Service(
    name="tiering",
    package="services.tiering",
    settings=Settings,
    metadata=metadata,
    consumers=CONSUMERS,
    routers=_routers,
    sweeps=SWEEPS,
    policies=(ShippedSchemes, GoverningSchemes, TierChanges, ScoringCalendar),
    imports=IMPORTS,
    republish={"tiers": republish.tiers, "scores": republish.newest_scores},
)
