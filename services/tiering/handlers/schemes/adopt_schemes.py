"""Schemes that a preset brought along become versions of our own (T-28)."""

from __future__ import annotations

from datetime import date

from services.tiering.domain.policies import ShippedSchemes
from services.tiering.domain.schemes.scheme_versions import SchemeVersion, activate
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.storage.schemes import schemes
from shared.policy import Versioned
from shared.work import Work

_BY = "preset"


async def handle(work: Work, on: date) -> int:
    """Activate what was shipped and is not adopted yet; return how many versions were added.

    A scheme that a site already has from the same day with the same content is left alone. `on`
    has no say in it: a shipped version holds from its own first day.
    """
    return sum([await _adopt(work, shipped) for shipped in await schemes.not_adopted(work)])


async def _adopt(work: Work, shipped: Versioned[ShippedSchemes]) -> int:
    added = 0
    for scheme in sorted(shipped.body.schemes, key=lambda scheme: scheme.name):
        await schemes.lock(work, scheme.name)
        versions = await schemes.versions(work, scheme.name)
        if any(_is_same(version, scheme, shipped) for version in versions):
            continue
        draft = SchemeVersion(
            scheme=scheme,
            scheme_version=len(versions) + 1,
            version=1,
            state="draft",
            source=f"preset, shipped-schemes {shipped.version}",
            drafted_by=_BY,
            shipped_version=shipped.version,
        )
        active, retired = activate(draft, versions, shipped.effective_on, _BY, draft.source)
        for version in (*retired, active):
            await schemes.save(work, version)
        added += 1
    return added


def _is_same(version: SchemeVersion, scheme: Scheme, shipped: Versioned[ShippedSchemes]) -> bool:
    return version.shipped_version == shipped.version or (
        version.scheme == scheme and version.effective_on == shipped.effective_on
    )
