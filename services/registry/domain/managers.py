"""A and B managers: A leads the development, B the maintenance after it (R-48).

Assignments, signatures and manual swaps are kept as they happened. Who leads is folded from all of
them by day, so it does not matter which became known first, and nothing that comes later in the
mail can undo what a person decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Invalid

from .organisation import Organisation
from .staff import StaffMember

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


class Phase(StrEnum):
    """Before and after the first signature."""

    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class ManagerRule(StrEnum):
    """What made the managers as they are."""

    ASSIGNMENT = "assignment"
    CONTRACT_SIGNED = "contract-signed"
    MANUAL_SWAP = "manual-swap"


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


class NobodyToSwap(Conflict):
    """A swap needs both managers."""

    code = "nobody-to-swap"
    rule = "R-48"
    title_zh = "没有可互换的A、B角"
    title_en = "Nobody to swap"


class SwapOutOfTurn(Invalid):
    """A swap cannot lie before the change of phase that it answers to."""

    code = "swap-out-of-turn"
    rule = "R-48"
    title_zh = "互换日期早于最近一次阶段变更"
    title_en = "Swap out of turn"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who A and B are from a day on; `sequence` tells two of one day apart."""

    a: str
    b: str | None
    on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A contract of the customer, ours or a sale agreement of billing."""

    contract_id: UUID
    signed_on: date


@dataclass(frozen=True, slots=True)
class Swap:
    """A person decided which phase it is, and so who leads."""

    phase: Phase
    on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Managers:
    """The managers of a customer as the facts so far make them."""

    a: str | None
    b: str | None
    phase: Phase
    phase_contract_id: UUID | None
    rule: ManagerRule
    effective_on: date

    @property
    def lead(self) -> str | None:
        """Who leads: A in development, B in maintenance, A alone where there is no B (R-48)."""
        if self.phase is Phase.MAINTENANCE and self.b is not None:
            return self.b
        return self.a

    @property
    def support(self) -> str | None:
        """The other one, if there is one."""
        return self.a if self.lead == self.b else self.b


def managers_of(
    assignments: Sequence[Assignment], signatures: Iterable[Signature], swaps: Iterable[Swap]
) -> Managers | None:
    """Who manages, and in which phase, according to everything that happened (R-48).

    The first signature sets the phase to maintenance, once; later ones do nothing. A swap of the
    same day outweighs it. None when nothing is known of the customer at all.
    """
    first = min(signatures, key=lambda item: (item.signed_on, str(item.contract_id)), default=None)
    last_swap = max(swaps, key=lambda item: (item.on, item.sequence), default=None)
    assigned = max(assignments, key=lambda item: (item.on, item.sequence), default=None)
    changes: list[tuple[date, int, ManagerRule]] = []
    phase, contract_id = Phase.DEVELOPMENT, None
    if first is not None:
        phase, contract_id = Phase.MAINTENANCE, first.contract_id
        changes.append((first.signed_on, 0, ManagerRule.CONTRACT_SIGNED))
    if last_swap is not None:
        if first is None or last_swap.on >= first.signed_on:
            phase, contract_id = last_swap.phase, None
        changes.append((last_swap.on, 1, ManagerRule.MANUAL_SWAP))
    if assigned is not None:
        changes.append((assigned.on, 2, ManagerRule.ASSIGNMENT))
    if not changes:
        return None
    effective_on, _, rule = max(changes)
    return Managers(
        a=assigned.a if assigned else None,
        b=assigned.b if assigned else None,
        phase=phase,
        phase_contract_id=contract_id,
        rule=rule,
        effective_on=effective_on,
    )


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
    at_home = list(units)
    if not any(organisation.overlap(a.unit, unit) for unit in at_home):
        raise NotTheOwnersStaff(
            f"{a.code} 属于 {a.unit}，客户归属 {'、'.join(at_home)}",
            f"{a.code} works for {a.unit}, the customer belongs to {', '.join(at_home)}",
            pointer="/a_staff_code",
            unit=a.unit,
        )


def swap(managers: Managers | None, last_change_on: date | None, on: date, sequence: int) -> Swap:
    """The swap that hands the lead to the other manager on `on` (R-48).

    Raises NobodyToSwap without two managers, SwapOutOfTurn when `on` lies before the last change of
    phase (`last_change_on`): it would change nothing.
    """
    if managers is None or managers.a is None or managers.b is None:
        raise NobodyToSwap(
            "须先指定A、B角客户经理", "assign an A and a B manager first", rule_needs=["A", "B"]
        )
    if last_change_on is not None and on < last_change_on:
        raise SwapOutOfTurn(
            f"{on} 早于 {last_change_on} 的阶段变更",
            f"{on} lies before the change of phase on {last_change_on}",
            pointer="/on",
            last_change_on=last_change_on.isoformat(),
        )
    other = Phase.MAINTENANCE if managers.phase is Phase.DEVELOPMENT else Phase.DEVELOPMENT
    return Swap(other, on, sequence)
