"""Who has led a customer for too long is proposed for rotation (R-50)."""

from __future__ import annotations

from datetime import date

from services.registry.domain.people.rotations import ManagerRotation, due_before
from services.registry.storage.people import rotations
from shared.policy import timeline
from shared.work import Work


async def handle(work: Work, on: date) -> int:
    """Withdraw what was overtaken, wake what was postponed, propose what is due; how many.

    A site without the policy rotates nobody.
    """
    withdrawn = await rotations.withdraw(work, on)
    woken = await rotations.wake(work, on)
    versions = (await timeline(work, ManagerRotation)).versions
    begun = [version for version in versions if version.effective_on <= on]
    if not begun:
        return withdrawn + woken
    led_since = due_before(on, begun[-1].body)
    return withdrawn + woken + await rotations.propose(work, on, led_since, begun[-1].version)
