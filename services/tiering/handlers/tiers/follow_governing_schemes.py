"""When another scheme comes to govern a consequence, the tiers that stay say so (C1, C5)."""

from __future__ import annotations

from datetime import date

from services.tiering.domain.policies import GoverningSchemes
from services.tiering.domain.tiers.tiers import govern
from services.tiering.handlers.announcements import tier_changed
from services.tiering.storage.tiers import tiers
from shared import policy
from shared.policy import NoPolicyInForce
from shared.work import Work

_AT_ONCE = 500


async def handle(work: Work, on: date) -> int:
    """Tell of every tier that governs something else from `on`; return how many there were.

    A site without the policy `governing-schemes` lets no scheme govern anything: nothing changes.
    """
    try:
        governing = await policy.in_force(work, GoverningSchemes, on)
    except NoPolicyInForce:
        return 0
    expected = governing.body.by_scheme()

    told = 0
    while page := await tiers.governing_otherwise(work, expected, on, _AT_ONCE):
        changed = [
            govern(tier, expected.get(tier.scheme, ()), governing.version, on) for tier in page
        ]
        await tiers.add(work, changed)
        for tier in changed:
            work.publish(tier_changed(tier))
        told += len(changed)
    return told
