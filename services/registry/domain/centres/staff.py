"""Staff: what the personnel department reported, folded into who works where as what.

Several reports about one person can arrive in any order; the state depends on the set of them
alone, ordered by the day they speak of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from shared.errors import Conflict, Invalid

from ..belonging.timelines import in_force, next_version


class StaffState(StrEnum):
    """Whether a person works for the enterprise."""

    ACTIVE = "active"
    LEFT = "left"


class StaffReport(StrEnum):
    """What a report says; on one day a person joins before being assigned before leaving."""

    JOINED = "joined"
    ASSIGNED = "assigned"
    LEFT = "left"


ROLES = frozenset(
    {
        "director",
        "deputy_director",
        "account_manager",
        "customer_administrator",
        "branch_staff",
        "finance",
        "back_office",
        "telephone",
        "supervisor",
        "market_department",
        "specialty",
        "operator",
        "auditor",
        "province_administrator",
        "sales_director",
        "complaint_handler",
    }
)


class UnknownRole(Invalid):
    """A role that the suite does not have."""

    code = "unknown-role"
    rule = "R-08"
    title_zh = "岗位不存在"
    title_en = "Unknown role"


class NotOnDuty(Conflict):
    """The person left, never joined, or does not have the role that the task asks for."""

    code = "staff-not-on-duty"
    rule = "R-08"
    title_zh = "人员不在岗"
    title_en = "Not on duty"


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """One report about one person; `system` and `ref` say who reported it under what number."""

    kind: StaffReport
    on: date
    system: str
    ref: str
    unit: str | None = None
    roles: frozenset[str] = frozenset()
    name: str | None = None

    @property
    def order(self) -> tuple[date, int, str, str]:
        """By day, then as a career goes, then by content: never by arrival."""
        return self.on, tuple(StaffReport).index(self.kind), self.system, self.ref


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who works where as what. The name is for people and never leaves in a fact."""

    code: str
    name: str
    unit: str
    roles: frozenset[str] = field(default_factory=frozenset)
    state: StaffState = StaffState.ACTIVE

    def require(self, role: str, pointer: str) -> StaffMember:
        """The person, if on duty with `role`; raises NotOnDuty (R-08)."""
        if self.state is StaffState.ACTIVE and role in self.roles:
            return self
        raise NotOnDuty(
            f"{self.code} 已离职或没有岗位 {role}",
            f"{self.code} has left or does not have the role {role}",
            pointer=pointer,
            staff_code=self.code,
            role=role,
            state=self.state.value,
        )


def require_known_roles(roles: Iterable[str]) -> frozenset[str]:
    """`roles` as a set; raises UnknownRole for one that the suite does not have (R-08)."""
    given = frozenset(roles)
    unknown = sorted(given - ROLES)
    if unknown:
        raise UnknownRole(
            f"没有岗位 {'、'.join(unknown)}",
            f"no such role: {', '.join(unknown)}",
            pointer="/roles",
            unknown=unknown,
        )
    return given


@dataclass(frozen=True, slots=True)
class StaffPeriod:
    """Who somebody is from a day on."""

    member: StaffMember
    effective_on: date


@dataclass(frozen=True, slots=True)
class PublishedStaff:
    """A state that was told to the others; the highest version that has begun holds."""

    member: StaffMember
    effective_on: date
    version: int


def member_on(
    staff_code: str, states: Sequence[PublishedStaff], on: date, pointer: str
) -> StaffMember:
    """Who `staff_code` is on `on`; raises NotOnDuty when nobody of that code is known (R-08)."""
    member = _known(states, on)
    if member is None:
        raise NotOnDuty(
            f"{on} 没有工号 {staff_code}",
            f"there is nobody of the code {staff_code} on {on}",
            pointer=pointer,
            staff_code=staff_code,
        )
    return member


def career_of(code: str, events: Iterable[StaffEvent]) -> list[StaffPeriod]:
    """Who `code` was from which day on, according to all reports, in whatever order they came.

    A leaver stays gone until a new `joined`; an `assigned` after leaving changes nothing. Empty
    while only a leaving is known: nobody can be said to work anywhere yet.
    """
    career: list[StaffPeriod] = []
    name, unit, roles = "", None, frozenset[str]()
    state = StaffState.ACTIVE
    for on, reports in groupby(sorted(events, key=lambda e: e.order), key=lambda e: e.on):
        for event in reports:
            name = event.name or name
            if event.kind is StaffReport.LEFT:
                state = StaffState.LEFT
            elif event.kind is StaffReport.JOINED or state is StaffState.ACTIVE:
                state = StaffState.ACTIVE
                unit, roles = event.unit or unit, event.roles
        if unit is None:
            continue
        member = StaffMember(code, name, unit, roles, state)
        if not career or career[-1].member != member:
            career.append(StaffPeriod(member, on))
    return career


def to_publish(
    career: Sequence[StaffPeriod], published: Sequence[PublishedStaff]
) -> list[PublishedStaff]:
    """The versions that make what was published say what `career` says, on every day.

    From the first day on which they differ, the career is published anew: a late report about an
    earlier day restates what came after it.
    """
    days = sorted({p.effective_on for p in career} | {p.effective_on for p in published})
    first = next((day for day in days if _known(published, day) != _on(career, day)), None)
    if first is None:
        return []
    begins = _on(career, first)
    assert begins is not None, "reports are only ever added, so a career never becomes shorter"
    again = [StaffPeriod(begins, first), *(p for p in career if p.effective_on > first)]
    version = next_version(published)
    return [
        PublishedStaff(period.member, period.effective_on, version + index)
        for index, period in enumerate(again)
    ]


def _known(published: Sequence[PublishedStaff], day: date) -> StaffMember | None:
    held = in_force(published, day)
    return None if held is None else held.member


def _on(career: Sequence[StaffPeriod], day: date) -> StaffMember | None:
    begun = [period.member for period in career if period.effective_on <= day]
    return begun[-1] if begun else None
