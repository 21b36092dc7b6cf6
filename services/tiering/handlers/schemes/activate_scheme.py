"""Let a drafted version of a scheme hold from a day on (T-28)."""

from __future__ import annotations

from datetime import date

from services.tiering.domain.schemes.scheme_versions import SchemeVersion, activate
from services.tiering.storage.schemes import schemes
from shared.http import require_version
from shared.work import Work


async def handle(
    work: Work,
    name: str,
    scheme_version: int,
    expected: int,
    effective_on: date,
    by: str,
    reason: str,
) -> SchemeVersion:
    """Activate the draft and retire the version it replaces, if it starts on the same day.

    Raises NotFound, StaleVersion, SchemeNotDraft, SchemeNotValid, NotAPeriodStart.
    """
    await schemes.lock(work, name)
    versions = await schemes.versions(work, name)
    draft = await schemes.one(work, name, scheme_version)
    require_version(expected, draft.version)

    active, retired = activate(draft, versions, effective_on, by, reason)
    for version in (*retired, active):
        await schemes.save(work, version)
    return active
