"""Centres of three levels and the branches below them (R-01, R-03, R-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Conflict, Invalid


class Level(StrEnum):
    """Where a unit stands: a centre of three levels, or a branch without one (R-01, R-04)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    BRANCH = "branch"

    @property
    def rank(self) -> int:
        """0 for the province, rising downwards."""
        return tuple(Level).index(self)


class UnitKind(StrEnum):
    """What a unit is; urban sub-bureaus and town branches count as county level (R-03)."""

    TERRITORIAL = "territorial"
    URBAN_SUB_BUREAU = "urban-sub-bureau"
    TOWN_BRANCH = "town-branch"
    SPECIALTY = "specialty"
    BRANCH = "branch"


_LEVELS_OF_KIND: Mapping[UnitKind, frozenset[Level]] = {
    UnitKind.TERRITORIAL: frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY}),
    UnitKind.URBAN_SUB_BUREAU: frozenset({Level.COUNTY}),
    UnitKind.TOWN_BRANCH: frozenset({Level.COUNTY}),
    UnitKind.SPECIALTY: frozenset({Level.PROVINCE, Level.CITY}),
    UnitKind.BRANCH: frozenset({Level.BRANCH}),
}


class UnitOutOfPlace(Invalid):
    """The level, the kind and the parent of a unit do not fit together."""

    code = "unit-out-of-place"
    rule = "R-01"
    title_zh = "机构层级不符"
    title_en = "Unit out of place"


class NoCentre(Conflict):
    """A branch has no key-account centre: it reports leads and owns no key account."""

    code = "unit-has-no-centre"
    rule = "R-04"
    title_zh = "支局不设大客户中心"
    title_en = "A branch has no centre"


class UnknownUnit(Invalid):
    """No unit of that code."""

    code = "unknown-unit"
    rule = "R-01"
    title_zh = "机构不存在"
    title_en = "Unknown unit"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the enterprise; `parent` is the code of the unit above, None for the root."""

    code: str
    name: str
    level: Level
    kind: UnitKind
    parent: str | None

    @property
    def has_centre(self) -> bool:
        """Whether it has a key-account centre and may own key accounts (R-01, R-04)."""
        return self.level is not Level.BRANCH


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit with everything that registry publishes of it; `version` counts its changes."""

    unit: Unit
    division_code: str | None = None
    specialty: str | None = None
    """The trade of a professional bureau, such as express-logistics (R-06)."""
    region_class: int | None = None
    """The class of the region that a city covers (R-11)."""
    version: int = 1


def place(unit: Unit, parent: Unit | None) -> Unit:
    """`unit` itself, if it fits under `parent`; raises UnitOutOfPlace (R-01, R-03).

    A centre stands one level below its parent. A professional bureau (specialty) stands beside the
    bureau of its own level that it obeys; a branch stands below a county centre, or directly below
    a city that has no counties.
    """
    if unit.level not in _LEVELS_OF_KIND[unit.kind]:
        raise UnitOutOfPlace(
            f"{unit.kind} 类机构不能是 {unit.level} 级",
            f"a unit of kind {unit.kind} cannot stand at level {unit.level}",
            pointer="/level",
            kind=unit.kind.value,
            level=unit.level.value,
        )
    if not _fits(unit, parent):
        above = "无" if parent is None else f"{parent.code}（{parent.level}）"
        raise UnitOutOfPlace(
            f"{unit.level} 级 {unit.kind} 机构不能隶属于{above}",
            f"a {unit.kind} of level {unit.level} cannot stand below "
            f"{'nothing' if parent is None else f'{parent.code} ({parent.level})'}",
            pointer="/parent",
            level=unit.level.value,
            parent_level=None if parent is None else parent.level.value,
        )
    return unit


def _fits(unit: Unit, parent: Unit | None) -> bool:
    if unit.kind is UnitKind.SPECIALTY:
        return (
            parent is not None
            and parent.kind is UnitKind.TERRITORIAL
            and parent.level in (unit.level, Level(tuple(Level)[max(unit.level.rank - 1, 0)]))
        )
    if unit.level is Level.PROVINCE:
        return parent is None
    if parent is None or parent.kind is UnitKind.SPECIALTY:
        return False
    if unit.level is Level.BRANCH:
        return parent.level in (Level.CITY, Level.COUNTY)
    return parent.level.rank == unit.level.rank - 1


class Organisation:
    """Some units with all units above them: enough to decide who covers whom.

    Ask it only about units that were loaded; another raises UnknownUnit.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}

    def unit(self, code: str) -> Unit:
        """The unit called `code`; raises UnknownUnit."""
        unit = self._units.get(code)
        if unit is None:
            raise UnknownUnit(f"没有机构 {code}", f"no unit {code}", unit=code)
        return unit

    def knows(self, code: str) -> bool:
        """Whether `code` was loaded."""
        return code in self._units

    def line(self, code: str) -> list[Unit]:
        """The unit itself, then the units above it, nearest first."""
        line = [self.unit(code)]
        while line[-1].parent is not None:
            line.append(self.unit(line[-1].parent))
        return line

    def is_within(self, code: str, above: str) -> bool:
        """Whether `code` is `above` itself or stands below it."""
        return any(unit.code == above for unit in self.line(code))

    def is_strictly_above(self, above: str, code: str) -> bool:
        """Whether `above` stands above `code`, the same unit excluded."""
        return above != code and self.is_within(code, above)

    def overlap(self, one: str, other: str) -> bool:
        """Whether one of the two covers the other: then business is in the same territory."""
        return self.is_within(one, other) or self.is_within(other, one)

    def centre_of(self, code: str) -> Unit:
        """The centre that speaks for `code`: itself, or the nearest one above a branch (R-04)."""
        return next(unit for unit in self.line(code) if unit.has_centre)

    def require_centre(self, code: str, pointer: str) -> Unit:
        """The unit, if it may own key accounts; raises NoCentre for a branch (R-04)."""
        unit = self.unit(code)
        if not unit.has_centre:
            raise NoCentre(
                f"{unit.code} 是支局，只收集上报信息，不能归属大客户",
                f"{unit.code} is a branch: it reports leads and owns no key account",
                pointer=pointer,
                unit=unit.code,
                centre=self.centre_of(code).code,
            )
        return unit

    def next_higher_centre(self, parties: Iterable[str]) -> Unit:
        """The lowest centre above all `parties` that is none of them (R-37).

        Where nothing stands above, the province itself: the final word is always its own (R-42).
        """
        codes = sorted(set(parties))
        common = [
            unit
            for unit in self.line(codes[0])
            if all(self.is_within(code, unit.code) for code in codes)
        ]
        judges = [unit for unit in common if unit.has_centre and unit.code not in codes]
        if judges:
            return judges[0]
        return self.line(codes[0])[-1]
