"""Cadence: who owes which customers how many dedicated contacts of which kind (E-02, E-04, C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.engagement.domain.obligations.periods import Period


@dataclass(frozen=True)
class Visitor:
    """One of our people at a contact, as they were employed when it was recorded."""

    staff_code: str
    unit: str
    unit_level: str
    unit_kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """A contact with a customer, as far as cadence looks at it.

    `is_refuted`: the telephone department found that it differs from its record (E-26).
    """

    visit_id: UUID
    started_at: datetime
    on: date
    kind: str
    channel: str
    target_level: str
    visitors: tuple[Visitor, ...]
    is_refuted: bool = False


class Holder(StrEnum):
    """Which of a customer's managers (R-48) has a duty role, where one person does."""

    A = "a"
    B = "b"
    LEAD = "lead"


@dataclass(frozen=True)
class UnitType:
    """A type of unit: its level and, where it matters, its kind."""

    level: str
    kind: str | None = None

    def matches(self, visitor: Visitor) -> bool:
        """Whether `visitor` works in a unit of this type."""
        return visitor.unit_level == self.level and self.kind in (None, visitor.unit_kind)


@dataclass(frozen=True)
class DutyRole:
    """A role that owes contacts: which staff roles, in which types of unit (C7)."""

    name: str
    staff_roles: tuple[str, ...]
    units: tuple[UnitType, ...] = ()
    except_units: tuple[UnitType, ...] = ()
    holder: Holder | None = None

    def is_held_by(self, visitor: Visitor) -> bool:
        """Whether `visitor` acts in this role; no units named means any."""
        return (
            (not self.units or any(unit.matches(visitor) for unit in self.units))
            and not any(unit.matches(visitor) for unit in self.except_units)
            and not set(self.staff_roles).isdisjoint(visitor.roles)
        )


@dataclass(frozen=True)
class CadenceRow:
    """One duty: for which accounts, which role, by which channel, to whom, how often.

    Empty `target_levels` means any. An account falls under the row if it is of one of
    `tiers` (or of `visit_classes`, C8) and, where named, of one of `specialty_classes`. `code` is
    kept from version to version of the plan: it is the duty's name.
    """

    code: str
    role: str
    channel: str
    period: Period
    minimum: int
    maximum: int | None = None
    tiers: tuple[str, ...] = ()
    specialty_classes: tuple[str, ...] = ()
    visit_classes: tuple[str, ...] = ()
    target_levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.minimum < 1 or (self.maximum is not None and self.maximum < self.minimum):
            raise ValueError(
                f"{self.code}：次数至少为一，且上限不低于下限 / "
                f"{self.code}: at least one contact, and no maximum below the minimum"
            )
        if self.period.is_rolling and self.minimum != 1:
            raise ValueError(
                f"{self.code}：滚动周期每次只要求一次联络 / "
                f"{self.code}: a rolling period asks for one contact at a time"
            )
        if not self.tiers and not self.visit_classes:
            raise ValueError(
                f"{self.code}：须说明适用的级别或拜访类别 / "
                f"{self.code}: it must name the tiers or the visit classes it is for"
            )

    def covers(self, tier: str | None, specialty: str | None, visit_class: str | None) -> bool:
        """Whether an account of this tier, specialty class and visit class falls under the row."""
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.specialty_classes or specialty in self.specialty_classes)
            and (not self.visit_classes or visit_class in self.visit_classes)
        )


@dataclass(frozen=True)
class CadencePlan:
    """The cadence of a site: the tier scheme that governs it, its duty roles and its rows.

    `dedicated_kinds` are the kinds of contact that count (E-11); `minimum_gap_days` is how long a
    customer is left alone between two of them (E-13); `opens_days_before` is how long before a
    period begins its duties are shown, so that they can be planned.
    """

    policy_name: ClassVar[str] = "cadence"

    scheme: str
    dedicated_kinds: tuple[str, ...]
    minimum_gap_days: int
    opens_days_before: int
    duty_roles: tuple[DutyRole, ...]
    rows: tuple[CadenceRow, ...]

    def __post_init__(self) -> None:
        codes = [row.code for row in self.rows]
        names = [role.name for role in self.duty_roles]
        if len(set(codes)) != len(codes) or len(set(names)) != len(names):
            raise ValueError(
                "规则代码和职责名称不得重复 / codes of rows and names of roles must be unique"
            )
        if self.minimum_gap_days < 0 or self.opens_days_before < 0:
            raise ValueError("天数不得为负 / a number of days is not negative")
        if missing := {row.role for row in self.rows} - set(names):
            raise ValueError(
                f"未定义的职责：{sorted(missing)} / no such duty role: {sorted(missing)}"
            )

    def duty_role(self, name: str) -> DutyRole:
        """The duty role called `name`."""
        return next(role for role in self.duty_roles if role.name == name)

    def rows_for(
        self, tier: str | None, specialty: str | None, visit_class: str | None
    ) -> tuple[CadenceRow, ...]:
        """Every row that such an account falls under; none is a gap to be reported (C8)."""
        return tuple(row for row in self.rows if row.covers(tier, specialty, visit_class))

    def is_dedicated(self, contact: Contact) -> bool:
        """Whether the contact was made for its own sake, not in the course of business (E-11)."""
        return contact.kind in self.dedicated_kinds

    def counts(self, contact: Contact, row: CadenceRow) -> bool:
        """Whether `contact` is one of those that `row` asks for (E-08, E-11, E-26, C7).

        Anybody who holds the role may have made it: the duty is the role's, not a person's.
        """
        role = self.duty_role(row.role)
        return (
            not contact.is_refuted
            and self.is_dedicated(contact)
            and contact.channel == row.channel
            and (not row.target_levels or contact.target_level in row.target_levels)
            and any(role.is_held_by(visitor) for visitor in contact.visitors)
        )


@dataclass(frozen=True)
class PlanSince:
    """One version of the cadence plan."""

    version: int
    from_on: date
    plan: CadencePlan
