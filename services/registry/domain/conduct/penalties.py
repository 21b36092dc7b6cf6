"""Grades of misuse and what may follow from each, as data (R-77, C21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Invalid


@dataclass(frozen=True)
class MisuseKind:
    """A kind of misuse that can be reported."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class Grade:
    """How grave a misuse is."""

    grade: str
    zh: str
    en: str


@dataclass(frozen=True)
class Penalty:
    """What may follow: for which grades, and for which kinds only (none named: for all)."""

    penalty: str
    zh: str
    en: str
    grades: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class MisusePenalties:
    """The site's catalogue; the way of a case is the same with every catalogue (C21)."""

    policy_name: ClassVar[str] = "misuse-penalties"

    kinds: tuple[MisuseKind, ...]
    grades: tuple[Grade, ...]
    penalties: tuple[Penalty, ...]
    inquirer_roles: tuple[str, ...]
    """Who inquires and decides."""
    reporter_reader_roles: tuple[str, ...]
    """Who may learn who reported; every look is logged."""

    def __post_init__(self) -> None:
        grades = {grade.grade for grade in self.grades}
        kinds = {kind.kind for kind in self.kinds}
        for penalty in self.penalties:
            if not penalty.grades or not grades.issuperset(penalty.grades):
                raise ValueError(f"the penalty {penalty.penalty} needs grades of this catalogue")
            if not kinds.issuperset(penalty.kinds):
                raise ValueError(f"the penalty {penalty.penalty} names kinds of no catalogue")

    def catalogue(self, grade: str, kind: str) -> tuple[str, ...]:
        """What may follow from a misuse of that grade and kind."""
        return tuple(
            each.penalty
            for each in self.penalties
            if grade in each.grades and (not each.kinds or kind in each.kinds)
        )


class UnknownMisuse(Invalid):
    """The site's catalogue has no such kind or grade."""

    code = "unknown-misuse"
    rule = "R-77"
    title_zh = "违规类别或等级不存在"
    title_en = "Unknown kind or grade of misuse"


class PenaltyNotInCatalogue(Invalid):
    """The catalogue knows no such penalty for that grade and kind, or none was named."""

    code = "penalty-not-in-catalogue"
    rule = "R-77"
    title_zh = "处分不在目录内"
    title_en = "Penalty not in the catalogue"


def require_kind(policy: MisusePenalties, kind: str) -> str:
    """`kind`, if it can be reported; raises UnknownMisuse (R-77)."""
    kinds = [each.kind for each in policy.kinds]
    if kind not in kinds:
        raise UnknownMisuse(
            f"没有违规类别 {kind}", f"no such kind of misuse: {kind}", pointer="/kind", kinds=kinds
        )
    return kind


def require_penalties(
    policy: MisusePenalties, kind: str, grade: str | None, penalties: Sequence[str]
) -> tuple[str, ...]:
    """`penalties` once each, if the catalogue has them for `grade` and `kind` (R-77, C21).

    No grade: nothing was found, and nothing follows. A grade has at least one penalty. Raises
    UnknownMisuse, PenaltyNotInCatalogue.
    """
    grades = [each.grade for each in policy.grades]
    if grade is not None and grade not in grades:
        raise UnknownMisuse(
            f"没有违规等级 {grade}", f"no such grade: {grade}", pointer="/grade", grades=grades
        )
    allowed = () if grade is None else policy.catalogue(grade, kind)
    chosen = tuple(sorted(set(penalties)))
    if not set(chosen) <= set(allowed) or (grade is not None and not chosen):
        raise PenaltyNotInCatalogue(
            f"等级 {grade or '不成立'} 可选处分：{'、'.join(allowed) or '无'}",
            f"for the grade {grade or 'unfounded'} there are: {', '.join(allowed) or 'none'}",
            pointer="/penalties",
            grade=grade,
            catalogue=list(allowed),
        )
    return chosen
