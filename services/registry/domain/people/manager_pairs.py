"""Which customers have two managers, and who may manage whom (R-08, R-46, R-48)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Conflict, Invalid

from ..centres.organisation import Organisation
from ..centres.staff import StaffMember

MANAGER = "account_manager"


@dataclass(frozen=True)
class SchemePair:
    """From which tier on a scheme asks for two managers; `tiers` from the highest down (C5)."""

    scheme: str
    tiers: tuple[str, ...]
    minimum_tier: str

    def asks(self, tier: str | None) -> bool:
        """Whether a customer of `tier` needs two managers; an unknown tier asks for none."""
        return tier in self.tiers[: self.tiers.index(self.minimum_tier) + 1]


@dataclass(frozen=True)
class ManagerPairs:
    """Which customers have an A and a B manager, per scheme (R-48, C5)."""

    policy_name: ClassVar[str] = "manager-pairs"

    schemes: tuple[SchemePair, ...]

    def __post_init__(self) -> None:
        for pair in self.schemes:
            if pair.minimum_tier not in pair.tiers:
                raise ValueError(f"{pair.minimum_tier} is no tier of {pair.scheme}")

    def ask_for_two(self, tiers: Iterable[tuple[str, str | None]]) -> bool:
        """Whether any of the (scheme, tier) pairs that a customer has needs two managers."""
        held = dict(tiers)
        return any(pair.asks(held.get(pair.scheme)) for pair in self.schemes)


class SecondManagerMissing(Conflict):
    """The tier asks for an A and a B manager."""

    code = "second-manager-missing"
    rule = "R-48"
    title_zh = "该等级客户须设A、B角客户经理"
    title_en = "Second manager missing"


class SamePersonTwice(Invalid):
    """A and B are two people."""

    code = "same-manager-twice"
    rule = "R-48"
    title_zh = "A、B角不能为同一人"
    title_en = "Same manager twice"


class NotTheOwnersStaff(Conflict):
    """The A manager works for the owner or a joint developer."""

    code = "manager-of-another-unit"
    rule = "R-46"
    title_zh = "A角须为归属单位人员"
    title_en = "Manager of another unit"


def assign(
    organisation: Organisation,
    units: Iterable[str],
    a: StaffMember,
    b: StaffMember | None,
    *,
    needs_two: bool,
) -> None:
    """Make sure that `a` and `b` may manage a customer of `units`, its owner and joint developers.

    Both are account managers on duty (R-08), two people (R-48), A from a unit that shares the
    territory (R-46); raises NotOnDuty, SamePersonTwice, NotTheOwnersStaff, SecondManagerMissing.
    """
    a.require(MANAGER, "/a_staff_code")
    if b is None and needs_two:
        raise SecondManagerMissing(
            "客户等级要求同时配备A、B角客户经理",
            "the customer's tier asks for an A and a B manager",
            pointer="/b_staff_code",
        )
    if b is not None:
        b.require(MANAGER, "/b_staff_code")
        if a.code == b.code:
            raise SamePersonTwice(
                f"{a.code} 不能同时担任A、B角",
                f"{a.code} cannot be A and B at once",
                pointer="/b_staff_code",
            )
    require_home(organisation, units, a, "/a_staff_code")


def require_home(
    organisation: Organisation, units: Iterable[str], person: StaffMember, pointer: str
) -> None:
    """Make sure that `person` works where one of `units` is; raises NotTheOwnersStaff (R-46)."""
    at_home = list(units)
    if not any(organisation.overlap(person.unit, unit) for unit in at_home):
        raise NotTheOwnersStaff(
            f"{person.code} 属于 {person.unit}，客户归属 {'、'.join(at_home)}",
            f"{person.code} works for {person.unit}, the customer belongs to {', '.join(at_home)}",
            pointer=pointer,
            unit=person.unit,
        )


def assign_opened(
    organisation: Organisation, owner_unit: str, people: Sequence[StaffMember]
) -> None:
    """Make sure that the managers whom a site had named, A first, may go on (R-08, R-46, R-48).

    Whether the tier asks for two is not known yet: the opening register comes before any tier.
    """
    organisation.require_centre(owner_unit, "/owner_unit")
    if people:
        b = people[1] if len(people) > 1 else None
        assign(organisation, [owner_unit], people[0], b, needs_two=False)
