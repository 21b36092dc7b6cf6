"""Government customers with their value analysis; every version is kept (R-25)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.recognition.government import GovernmentProfile
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.work import Work


async def version(work: Work, customer_key: UUID) -> int:
    """The last version of the customer's profile, 0 before any; hold the customer before."""
    last: int = await work.value(
        "SELECT coalesce(max(version), 0) FROM government_profiles WHERE customer_key = :key",
        key=customer_key,
    )
    return last


async def add(work: Work, profile: GovernmentProfile, by: str, policy: PolicyRef) -> None:
    """Add a version of a profile."""
    await work.run(
        insert(tables.government_profiles).values(
            customer_key=profile.customer_key,
            version=profile.version,
            body_type=profile.body_type,
            analysis=dict(profile.analysis),
            current_value=profile.current_value,
            potential_value=profile.potential_value,
            analysed_on=profile.analysed_on,
            analysed_by=by,
            policy_name=policy.name,
            policy_version=policy.version,
            recorded_at=work.now,
        )
    )
