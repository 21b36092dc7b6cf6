"""What a centre is called, which department it belongs to and who directs it (R-02, R-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.errors import Conflict, Invalid

from .organisation import NoCentre, Unit, UnitKind
from .staff import StaffMember

_PLACE = "***"


@dataclass(frozen=True)
class CentreOrganisation:
    """How a site names its centres and to what it attaches them (R-02).

    `***` in the pattern stands for the place: at least one character.
    """

    policy_name: ClassVar[str] = "centre-organisation"

    name_pattern: str
    named_kinds: tuple[str, ...]
    """Kinds of units that carry the name of their centre: those of county level too (R-03)."""
    department: str
    """To which department of the bureau a centre is attached."""
    director_post: str
    """The post in that department which directs the centre by office."""
    director_role: str

    def __post_init__(self) -> None:
        if self.name_pattern.count(_PLACE) != 1:
            raise ValueError(f"the pattern must contain {_PLACE} once")
        unknown = sorted(set(self.named_kinds) - set(UnitKind))
        if unknown:
            raise ValueError(f"no such kind of unit: {', '.join(unknown)}")

    def fits(self, name: str) -> bool:
        """Whether `name` has the pattern of this site, with something for the place."""
        before, after = self.name_pattern.split(_PLACE)
        return (
            name.startswith(before)
            and name.endswith(after)
            and len(name.strip()) > len(before) + len(after)
        )


class CentreMisnamed(Invalid):
    """The name does not follow the pattern that all centres of the site have."""

    code = "centre-misnamed"
    rule = "R-02"
    title_zh = "机构名称不符合统一格式"
    title_en = "Centre misnamed"


class WrongDepartment(Invalid):
    """A centre belongs to one department, whose deputy general manager directs it."""

    code = "wrong-department"
    rule = "R-02"
    title_zh = "大客户中心隶属部门或总监岗位不符"
    title_en = "Wrong department or post"


class NotOfThisCentre(Conflict):
    """Who directs a centre works there."""

    code = "director-of-another-unit"
    rule = "R-02"
    title_zh = "总监不属于该机构"
    title_en = "Director of another unit"


class CentreNotGranted(Conflict):
    """A professional bureau has a centre only by a decision that granted it."""

    code = "centre-not-granted"
    rule = "R-06"
    title_zh = "专业局未获准设立大客户中心"
    title_en = "Centre not granted"


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre from a day on: the department that it belongs to and who directs it."""

    unit: str
    department: str
    director_post: str
    director_staff_code: str
    effective_on: date
    version: int = 1


def require_name(unit: Unit, policy: CentreOrganisation, policy_version: int) -> Unit:
    """The unit, if its name follows the site's pattern; raises CentreMisnamed (R-02).

    A branch and a professional bureau have names of their own.
    """
    if unit.kind.value not in policy.named_kinds or policy.fits(unit.name):
        return unit
    raise CentreMisnamed(
        f"名称 {unit.name} 不符合统一格式 {policy.name_pattern}",
        f"{unit.name} does not follow the pattern {policy.name_pattern}",
        pointer="/name",
        name=unit.name,
        name_pattern=policy.name_pattern,
        policy_version=policy_version,
    )


def set_up(
    unit: Unit,
    policy: CentreOrganisation,
    director: StaffMember,
    *,
    department: str | None,
    director_post: str | None,
    is_granted: bool,
    on: date,
    version: int,
) -> Centre:
    """The centre of `unit` from `on`, directed by `director` (R-02); `version` is the new one.

    What is left out is what the policy says. `is_granted` tells whether the last decision about a
    professional bureau granted it a centre. Raises NoCentre for a branch (R-04), CentreNotGranted
    (R-06), WrongDepartment, NotOfThisCentre, NotOnDuty.
    """
    if not unit.has_centre:
        raise NoCentre(
            f"{unit.code} 是支局，不设大客户中心",
            f"{unit.code} is a branch: it has no centre",
            unit=unit.code,
        )
    if unit.kind is UnitKind.SPECIALTY and not is_granted:
        raise CentreNotGranted(
            f"专业局 {unit.code} 没有准予设立大客户中心的决定",
            f"no decision grants the professional bureau {unit.code} a centre",
            unit=unit.code,
        )
    _require_post(policy, department, director_post)
    director.require(policy.director_role, "/director_staff_code")
    if director.unit != unit.code:
        raise NotOfThisCentre(
            f"{director.code} 在 {director.unit} 工作",
            f"{director.code} works at {director.unit}",
            pointer="/director_staff_code",
            unit=director.unit,
        )
    return Centre(unit.code, policy.department, policy.director_post, director.code, on, version)


def _require_post(
    policy: CentreOrganisation, department: str | None, director_post: str | None
) -> None:
    for said, asked, pointer in (
        (department, policy.department, "/department"),
        (director_post, policy.director_post, "/director_post"),
    ):
        if said is not None and said != asked:
            raise WrongDepartment(
                f"按规定应为 {asked}，不是 {said}",
                f"the policy says {asked}, not {said}",
                pointer=pointer,
                asked=asked,
            )
