"""Units and their staff."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.envelope import Published
from shared.contracts.values import Code, Day, DivisionCode, Name, Word


class UnitLevel(StrEnum):
    """The levels of the organisation (R-01); a branch has no centre of its own (R-04)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    BRANCH = "branch"


class StaffState(StrEnum):
    """Whether somebody works here."""

    ACTIVE = "active"
    LEFT = "left"


class UnitChanged(Published):
    """A unit of the organisation as it is now; its entity is `unit`, its id the unit's code."""

    subject: ClassVar[str] = "dakehu.registry.unit_changed.v1"
    unit: Code
    """Code of the unit."""
    parent: Code | None = None
    """The unit above; absent for the province."""
    level: UnitLevel
    """Level in the organisation."""
    kind: Word
    """`territorial`, `specialty` or `branch` (R-03, R-06)."""
    name: Name
    """Name of the unit (R-02)."""
    division_code: DivisionCode | None = None
    """Administrative division it covers."""
    region_class: Annotated[int, Field(ge=1)] | None = None
    """Region class of a city (R-11)."""
    specialty: Word | None = None
    """The trade of a specialty bureau, such as `express-logistics` (R-06)."""
    closed_on: Day | None = None
    """First day on which the unit no longer exists."""


class StaffChanged(Published):
    """A member of staff without any name; the entity is `staff`, its id the staff code."""

    subject: ClassVar[str] = "dakehu.registry.staff_changed.v1"
    staff_code: Code
    """Staff code."""
    unit: Code
    """The unit worked for; of those who left, the last one."""
    roles: tuple[Word, ...]
    """director, deputy_director, account_manager, finance … (R-08)."""
    state: StaffState
    """Works here or has left."""
    on: Day
    """First day on which this holds."""
