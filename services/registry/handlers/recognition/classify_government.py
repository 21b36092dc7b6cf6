"""A government customer is classified, with an analysis of what it is worth (R-25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.recognition.government import (
    GovernmentBodies,
    GovernmentProfile,
    classify,
)
from services.registry.storage.recognition import government
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ClassifyGovernment:
    """Type and analysis; amounts in yuan a year; 0 is the expected version before the first."""

    customer_key: UUID
    by: Actor
    expected_version: int
    body_type: str
    analysis: Mapping[str, str] = field(default_factory=dict)
    current_value: Decimal | None = None
    potential_value: Decimal | None = None
    on: date | None = None


async def handle(work: Work, command: ClassifyGovernment) -> GovernmentProfile:
    """Keep another version of the profile (R-25).

    Raises UnknownCustomer, StaleVersion, UnknownBodyType, AnalysisIncomplete.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    version = await government.version(work, customer.customer_key)
    require_version(command.expected_version, version)
    policy = await in_force(work, GovernmentBodies, on)

    profile = classify(
        policy.body,
        GovernmentProfile(
            customer.customer_key,
            version + 1,
            command.body_type,
            command.analysis,
            command.current_value,
            command.potential_value,
            on,
        ),
    )

    await government.add(work, profile, command.by.staff_code, policy.reference)
    return profile
