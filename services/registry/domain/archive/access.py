"""Who reads an archive: nobody without permission, at whatever level (R-70, R-73)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Forbidden

from ..actors import Actor
from .parts.fields import Section


class OutOfSight(Forbidden):
    """The customer is not in the caller's scope, so its archive is not even shown masked."""

    code = "out-of-scope"
    rule = "R-70"
    title_zh = "超出数据权限"
    title_en = "Out of scope"


class Standing(StrEnum):
    """Who may read without asking, where the policy says so."""

    CUSTODIAN = "custodian"
    MANAGERS = "managers"


@dataclass(frozen=True)
class ArchiveAccess:
    """R-70, R-73. `standing` readers need no request, as long as their unit has the archive aspect.

    A request is decided by the custodian or, at the owner or above it, one of `approver_roles`; a
    permission lasts `longest_days` at most. One of `erasure_roles` carries out a legal erasure.
    """

    policy_name: ClassVar[str] = "archive-access"

    standing: Sequence[Standing]
    approver_roles: Sequence[str]
    longest_days: int
    erasure_roles: Sequence[str]


class NotPermitted(Forbidden):
    """Who may not read a part may neither replace nor confirm what it says."""

    code = "archive-permission-missing"
    rule = "R-70"
    title_zh = "未获查阅许可"
    title_en = "No permission for this archive"


@dataclass(frozen=True, slots=True)
class Permission:
    """A request that was granted to one person working for one unit, last day included."""

    request_id: UUID
    sections: frozenset[Section]
    purpose: str
    from_on: date
    until_on: date

    def opens(self, section: Section, today: date) -> bool:
        """Whether the section may be read today."""
        return section in self.sections and self.from_on <= today <= self.until_on


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of somebody who wants to read one customer's archive."""

    sees_base: bool
    sees_archive: bool
    custodian: str | None
    managers: frozenset[str]
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """How a section is shown, and by which permission: what the audit log keeps."""

    is_masked: bool
    permission: str


MASKED = Sight(True, "none")


def sight_of(
    section: Section, by: Actor, reader: Reader, policy: ArchiveAccess, today: date
) -> Sight:
    """Full sight by standing or by a permission, else masked; raises OutOfSight (R-70).

    A permission never reaches beyond the reader's scope: whoever may not know of the customer sees
    nothing, whatever was granted once.
    """
    if not (reader.sees_base or reader.sees_archive):
        raise OutOfSight(
            "该客户不在贵单位的数据权限之内", "the customer is not within your unit's scope"
        )
    if reader.sees_archive:
        if Standing.CUSTODIAN in policy.standing and by.staff_code == reader.custodian:
            return Sight(False, "standing:custodian")
        if Standing.MANAGERS in policy.standing and by.staff_code in reader.managers:
            return Sight(False, "standing:manager")
    for permission in reader.permissions:
        if permission.opens(section, today):
            return Sight(False, f"request:{permission.request_id}")
    return MASKED


def require_full_sight(sight: Sight, section: Section) -> Sight:
    """`sight`, if it is not behind masks; raises NotPermitted (R-70)."""
    if sight.is_masked:
        raise NotPermitted(
            f"未获许可查阅 {section}；请先申请查阅",
            f"you have no permission to read {section}; ask for it first",
            section=section.value,
        )
    return sight
