"""Staff: what the personnel department reported, folded into who works where as what.

Several reports about one person can arrive in any order; the state depends on the set of them
alone, ordered by the day they speak of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Invalid


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
    left_on: date | None = None

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


def state_of(code: str, events: Iterable[StaffEvent]) -> StaffMember | None:
    """Who `code` is according to all reports, in whatever order they came.

    A leaver stays gone until a new `joined`; an `assigned` after leaving changes nothing. None
    while only a leaving is known: nobody can be said to work anywhere yet.
    """
    name, unit, roles = "", None, frozenset[str]()
    state, left_on = StaffState.ACTIVE, None
    for event in sorted(events, key=lambda event: event.order):
        name = event.name or name
        if event.kind is StaffReport.LEFT:
            state, left_on = StaffState.LEFT, event.on
        elif event.kind is StaffReport.JOINED or state is StaffState.ACTIVE:
            state, left_on = StaffState.ACTIVE, None
            unit = event.unit or unit
            roles = event.roles
    if unit is None:
        return None
    return StaffMember(code, name, unit, roles, state, left_on)
