"""The wiring of engagement: the only place that puts it together."""

from __future__ import annotations

from fastapi import APIRouter

from services.engagement.consumers import CONSUMERS
from services.engagement.domain.complaints.service_levels import ServiceLevels
from services.engagement.domain.obligations.cadence import CadencePlan
from services.engagement.domain.visits.expenses import ExpenseGate
from services.engagement.domain.visits.verification import VerificationRules
from services.engagement.handlers.republish import REPUBLISH
from services.engagement.imports import IMPORTS
from services.engagement.settings import Settings
from services.engagement.storage.tables import metadata
from services.engagement.sweeps import SWEEPS
from shared.service import Service


def _routers() -> tuple[APIRouter, ...]:
    from services.engagement.api import ROUTERS

    return ROUTERS


SERVICE = Service(
    name="engagement",
    package="services.engagement",
    settings=Settings,
    metadata=metadata,
    consumers=CONSUMERS,
    routers=_routers,
    sweeps=SWEEPS,
    policies=(CadencePlan, VerificationRules, ExpenseGate, ServiceLevels),
    imports=IMPORTS,
    republish=REPUBLISH,
)
