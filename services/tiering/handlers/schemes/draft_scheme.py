"""Draft a new version of a scheme (T-28)."""

from __future__ import annotations

from services.tiering.domain.schemes.scheme_validation import require_name
from services.tiering.domain.schemes.scheme_versions import SchemeVersion
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.storage.schemes import schemes
from shared.work import Work


async def handle(work: Work, scheme: Scheme, source: str, by: str) -> SchemeVersion:
    """Keep `scheme` as the next version's draft. It may be incomplete: validation comes later.

    `source` is the document the scheme stands in, or "ours"; `by` a staff code. Raises
    SchemeNotValid when the name is none.
    """
    require_name(scheme)
    await schemes.lock(work, scheme.name)
    versions = await schemes.versions(work, scheme.name)

    draft = SchemeVersion(
        scheme=scheme,
        scheme_version=len(versions) + 1,
        version=1,
        state="draft",
        source=source,
        drafted_by=by,
    )
    await schemes.save(work, draft)
    return draft
