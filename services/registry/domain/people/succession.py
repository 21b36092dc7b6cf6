"""Who takes whose place beside whom, and the bridge that has to stay (R-50, R-52, C22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Invalid

from .managers import Managers, Phase


class Place(StrEnum):
    """Which of the two managers somebody is."""

    A = "a"
    B = "b"


class NotTheManager(Conflict):
    """Only who manages a customer can hand it over."""

    code = "not-the-manager"
    rule = "R-52"
    title_zh = "并非该客户的客户经理"
    title_en = "Not the manager"


class SuccessorIsLeaver(Invalid):
    """Nobody succeeds himself."""

    code = "successor-is-leaver"
    rule = "R-52"
    title_zh = "继任者不能是移交人本人"
    title_en = "The successor hands over"


class BridgeMustStay(Conflict):
    """After a rotation the other manager stays as a bridge; never both in the same quarter."""

    code = "bridge-must-stay"
    rule = "R-50"
    title_zh = "轮换过渡期内另一经理不得更换"
    title_en = "The bridge must stay"


@dataclass(frozen=True, slots=True)
class Pair:
    """The managers A and B of a customer."""

    a: str | None = None
    b: str | None = None

    @property
    def people(self) -> set[str]:
        """Both, as far as there are two."""
        return {code for code in (self.a, self.b) if code is not None}

    def place_of(self, staff_code: str) -> Place | None:
        """Which of the two `staff_code` is; None: neither."""
        if self.a == staff_code:
            return Place.A
        return Place.B if self.b == staff_code else None

    def partner_of(self, staff_code: str) -> str | None:
        """The other one."""
        return self.b if self.a == staff_code else self.a

    def lead(self, phase: Phase) -> str | None:
        """Who leads: A in development, B in maintenance, whoever is there alone (R-48)."""
        return self.b or self.a if phase is Phase.MAINTENANCE else self.a or self.b


@dataclass(frozen=True, slots=True)
class Bridge:
    """Who has to stay with a customer until which day, because the lead was rotated (C22)."""

    staff_code: str
    until_on: date


def pair_of(managers: Managers | None) -> Pair:
    """The pair that manages now; an empty one when nobody does."""
    return Pair() if managers is None else Pair(managers.a, managers.b)


def require_place(pair: Pair, leaver: str) -> Place:
    """Which manager `leaver` is; raises NotTheManager (R-52)."""
    place = pair.place_of(leaver)
    if place is None:
        raise NotTheManager(
            f"{leaver} 不是该客户的A、B角",
            f"{leaver} is neither A nor B of this customer",
            staff_code=leaver,
        )
    return place


def succeed(pair: Pair, place: Place, leaver: str, successor: str) -> Pair:
    """The pair once `successor` has the `place`: the partner alone, or a third beside the partner.

    Who has the place already keeps it. Raises SuccessorIsLeaver (R-52).
    """
    if successor == leaver:
        raise SuccessorIsLeaver(
            f"{successor} 不能接替自己",
            f"{successor} cannot take over from himself or herself",
            pointer="/successor",
            staff_code=successor,
        )
    holder, partner = (pair.a, pair.b) if place is Place.A else (pair.b, pair.a)
    if successor == holder:
        return pair
    if successor == partner:
        return Pair(successor, None)
    return Pair(successor, pair.b) if place is Place.A else Pair(pair.a, successor)


def require_bridge(before: Pair, after: Pair, bridges: Iterable[Bridge], on: date) -> None:
    """Raise BridgeMustStay when `after` loses a person who is a bridge on `on` (R-50, C22)."""
    for bridge in bridges:
        goes = bridge.staff_code in before.people - after.people
        if goes and on <= bridge.until_on:
            raise BridgeMustStay(
                f"主管业务员刚轮换，{bridge.staff_code} 须留任至 {bridge.until_on}",
                f"the lead was rotated; {bridge.staff_code} stays as the bridge until"
                f" {bridge.until_on}",
                staff_code=bridge.staff_code,
                until_on=bridge.until_on.isoformat(),
            )
