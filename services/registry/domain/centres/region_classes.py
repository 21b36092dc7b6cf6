"""Region classes of cities: effective-dated, adjusted as business develops (R-11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.errors import Invalid

from ..belonging.timelines import in_force
from .organisation import Level, Unit, UnitKind


@dataclass(frozen=True)
class RegionClass:
    """One class with the divisions of its cities."""

    region_class: int
    divisions: tuple[str, ...]


@dataclass(frozen=True)
class RegionClasses:
    """The classes that a site begins with (R-11); single cities are reclassified afterwards."""

    policy_name: ClassVar[str] = "region-classes"

    classes: tuple[RegionClass, ...]

    def __post_init__(self) -> None:
        divisions = [each for kept in self.classes for each in kept.divisions]
        if len(set(divisions)) != len(divisions):
            raise ValueError("a city stands in two classes")
        numbers = [kept.region_class for kept in self.classes]
        if len(set(numbers)) != len(numbers) or any(number < 1 for number in numbers):
            raise ValueError("classes are different numbers from 1 on")

    @property
    def numbers(self) -> tuple[int, ...]:
        """The classes that there are."""
        return tuple(kept.region_class for kept in self.classes)

    def class_of(self, division_code: str) -> int | None:
        """The class of the city; None when the classification does not name it."""
        for kept in self.classes:
            if division_code in kept.divisions:
                return kept.region_class
        return None


@dataclass(frozen=True, slots=True)
class Reclassification:
    """A city has another class from a day on; versions count per city."""

    division_code: str
    region_class: int
    effective_on: date
    version: int


class UnknownRegionClass(Invalid):
    """The site has no such class."""

    code = "unknown-region-class"
    rule = "R-11"
    title_zh = "地区类别不存在"
    title_en = "Unknown region class"


def require_class(policy: RegionClasses, region_class: int) -> int:
    """`region_class`, if the site has it; raises UnknownRegionClass (R-11)."""
    if region_class not in policy.numbers:
        raise UnknownRegionClass(
            f"没有第 {region_class} 类地区",
            f"there is no region class {region_class}",
            pointer="/region_class",
            classes=list(policy.numbers),
        )
    return region_class


def class_on(
    division_code: str,
    policies: Iterable[tuple[date, RegionClasses]],
    changes: Sequence[Reclassification],
    on: date,
) -> int | None:
    """The class of a city on `on`; None before anything classified it (R-11).

    `policies` are the classifications with the day from which each holds, the last in force on `on`
    last; `changes` those of this city. Whichever took effect later holds; on one day the single
    change does.
    """
    begun = [(day, policy) for day, policy in policies if day <= on]
    change = in_force(changes, on)
    if change is not None and (not begun or change.effective_on >= begun[-1][0]):
        return change.region_class
    return begun[-1][1].class_of(division_code) if begun else None


def is_classified(unit: Unit) -> bool:
    """Whether the unit is a city, which alone has a region class."""
    return unit.level is Level.CITY and unit.kind is UnitKind.TERRITORIAL
