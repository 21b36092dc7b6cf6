"""A customer is not dunned for some time, with a reason and a name (B-13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.billing.storage.arrears import dunning_exclusions
from services.billing.storage.arrears.dunning_exclusions import Exclusion
from shared.directory import scope
from shared.errors import Conflict, Invalid
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


class EndedBefore(Conflict):
    """The exclusion is over."""

    code = "dunning-exclusion-ended"
    rule = "B-13"
    title_zh = "免催已结束"
    title_en = "The exclusion from dunning has ended"


@dataclass(frozen=True, slots=True)
class LeaveAlone:
    """From today until `until_on`, both included; None: until somebody ends it."""

    customer_key: UUID
    reason: str
    until_on: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DunAgain:
    """The last day of the exclusion is the day before `on`."""

    exclusion_id: UUID
    expected_version: int
    on: date | None = None


async def handle(work: Work, command: LeaveAlone) -> Exclusion:
    """Exclude the customer from dunning. Raises OutOfScope; Invalid for an end before the start."""
    on = business_day(command.on, work.today)
    await scope.require(work, command.customer_key, "money")
    if command.until_on is not None and command.until_on < on:
        raise Invalid(
            f"{command.until_on} 早于 {on}",
            f"{command.until_on} lies before {on}",
            pointer="/until_on",
        )
    exclusion = Exclusion(
        exclusion_id=new_id(),
        customer_key=command.customer_key,
        from_on=on,
        until_on=command.until_on,
        reason=command.reason,
        excluded_by=work.person.staff_code,
    )
    await dunning_exclusions.add(work, exclusion)
    return exclusion


async def end(work: Work, command: DunAgain) -> Exclusion:
    """Let the customer be dunned again.

    Raises UnknownExclusion, StaleVersion, EndedBefore; Invalid for a day before it began.
    """
    on = business_day(command.on, work.today)
    exclusion = await dunning_exclusions.held(work, command.exclusion_id)
    await scope.require(work, exclusion.customer_key, "money")
    require_version(command.expected_version, exclusion.version)
    if exclusion.until_on is not None and exclusion.until_on < on:
        raise EndedBefore(
            f"免催已于 {exclusion.until_on} 结束",
            f"the exclusion ended on {exclusion.until_on}",
            until_on=exclusion.until_on.isoformat(),
        )
    if on < exclusion.from_on:
        raise Invalid(
            f"{on} 早于免催开始日 {exclusion.from_on}",
            f"{on} lies before {exclusion.from_on}, the first day of the exclusion",
            pointer="/on",
        )
    ended = replace(
        exclusion,
        until_on=on - timedelta(days=1),
        ended_by=work.person.staff_code,
        version=exclusion.version + 1,
    )
    await dunning_exclusions.end(work, ended)
    return ended
