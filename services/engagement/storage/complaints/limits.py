"""Which limits hold for a case: service levels of its day, tier of its customer, calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from services.engagement.domain.accounts.accounts import TierSince
from services.engagement.domain.accounts.dated import valid_on
from services.engagement.domain.complaints.complaints import Complaint
from services.engagement.domain.complaints.service_levels import Reckon, ServiceLevels
from services.engagement.storage.accounts import customer_facts
from services.engagement.storage.complaints import reckoning
from shared import policy
from shared.calendar import WorkingCalendar, working_calendar
from shared.clock import business_date
from shared.directory import identities
from shared.policy import Timeline, Versioned
from shared.work import Work


@dataclass(frozen=True)
class CaseLimits:
    """What holds for one case."""

    levels: Versioned[ServiceLevels]
    tier: str | None
    reckon: Reckon


@dataclass(frozen=True)
class Limits:
    """What is needed to say what holds for any of some cases."""

    timeline: Timeline[ServiceLevels]
    calendar: WorkingCalendar
    zone: ZoneInfo
    tiers: Mapping[UUID, tuple[TierSince, ...]]

    def of(self, case: Complaint) -> CaseLimits | None:
        """The limits of `case`: all by the day it was opened; None if no policy held then."""
        opened_on = business_date(case.opened_at, self.zone)
        try:
            levels = self.timeline.on(opened_on)
        except policy.NoPolicyInForce:
            return None
        known = self.tiers.get(case.customer_key, ()) if case.customer_key else ()
        tier = valid_on((t for t in known if t.scheme == levels.body.scheme), opened_on)
        reckon = reckoning.by(self.calendar, levels.body.hours, self.zone)
        return CaseLimits(levels, tier.tier if tier else None, reckon)


async def load(work: Work, customer_keys: Iterable[UUID | None]) -> Limits:
    """The limits for cases of these customers, and for cases without one."""
    keys = sorted({key for key in customer_keys if key is not None})
    roots = await identities.roots(work, keys) if keys else {}
    known = await customer_facts.tiers(work, sorted(set(roots.values())))
    return Limits(
        timeline=await policy.timeline(work, ServiceLevels),
        calendar=await working_calendar(work),
        zone=work.zone,
        tiers={key: known.get(root, ()) for key, root in roots.items()},
    )


async def highest_level(work: Work) -> int:
    """The level up to which cases may climb by themselves, under any version of the policy."""
    versions = (await policy.timeline(work, ServiceLevels)).versions
    return max((version.body.highest_automatic_level for version in versions), default=0)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the site with which `day` begins: what fell due before is decided on that day."""
    return datetime.combine(day, time.min, zone)
