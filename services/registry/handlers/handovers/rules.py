"""The rules of hand-overs, for what happens without a person asking."""

from __future__ import annotations

from services.registry.domain.people.handovers import HandoverRules
from shared.policy import Versioned, timeline
from shared.work import Work


async def known(work: Work) -> Versioned[HandoverRules] | None:
    """The rules in force today; None while the site has none.

    Somebody's leaving and a contract are taken all the same: the sweep starts the hand-overs of
    leavers once there are rules.
    """
    versions = (await timeline(work, HandoverRules)).versions
    begun = [version for version in versions if version.effective_on <= work.today]
    return begun[-1] if begun else None
