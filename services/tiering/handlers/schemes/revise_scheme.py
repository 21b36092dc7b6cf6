"""Change what a draft of a scheme says (T-28)."""

from __future__ import annotations

from services.tiering.domain.schemes.scheme_versions import SchemeVersion, revise
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.storage.schemes import schemes
from shared.http import require_version
from shared.work import Work


async def handle(
    work: Work, name: str, scheme_version: int, expected: int, scheme: Scheme, source: str
) -> SchemeVersion:
    """Replace the draft. Raises NotFound, StaleVersion, SchemeNotDraft, SchemeRenamed."""
    await schemes.lock(work, name)
    draft = await schemes.one(work, name, scheme_version)
    require_version(expected, draft.version)

    revised = revise(draft, scheme, source)
    await schemes.save(work, revised)
    return revised
