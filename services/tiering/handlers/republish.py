"""Current state again, at unchanged versions, for a consumer that is new or was away long."""

from __future__ import annotations

from uuid import UUID

from services.tiering.handlers.announcements import score_recorded, tier_changed
from services.tiering.storage.scoring import scores
from services.tiering.storage.tiers import tiers as stored_tiers
from shared.work import Work

_PAGE = 500


async def tiers(work: Work, after: str | None) -> str | None:
    """Every version of every tier: each holds for its days. `after` is the key of the last one."""
    page = await stored_tiers.after(work, _tier_key(after), _PAGE)
    for tier in page:
        work.publish(tier_changed(tier))
    if len(page) < _PAGE:
        return None
    last = page[-1]
    return f"{last.customer_key} {last.scheme} {last.version}"


async def newest_scores(work: Work, after: str | None) -> str | None:
    """The newest version of every score. `after` is the id of the last one."""
    page = await scores.newest_after(work, UUID(after) if after else None, _PAGE)
    for score in page:
        work.publish(score_recorded(score, work.currency))
    return str(page[-1].score_id) if len(page) == _PAGE else None


def _tier_key(after: str | None) -> tuple[UUID, str, int] | None:
    if after is None:
        return None
    customer_key, scheme, version = after.split()
    return UUID(customer_key), scheme, int(version)
