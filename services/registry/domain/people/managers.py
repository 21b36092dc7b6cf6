"""A and B managers: A leads the development, B the maintenance after it (R-48).

Assignments, signatures and manual swaps are kept as they happened. Who leads is folded from all of
them by day, so it does not matter which became known first, and nothing that comes later in the
mail can undo what a person decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid


class Phase(StrEnum):
    """Before and after the first signature."""

    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class ManagerRule(StrEnum):
    """What made the managers as they are."""

    ASSIGNMENT = "assignment"
    CONTRACT_SIGNED = "contract-signed"
    MANUAL_SWAP = "manual-swap"
    HANDOVER = "handover"
    ROTATION = "rotation"


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


class AssignmentOutOfTurn(Invalid):
    """An assignment cannot lie before the one that it replaces."""

    code = "assignment-out-of-turn"
    rule = "R-48"
    title_zh = "指定日期早于最近一次指定"
    title_en = "Assignment out of turn"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who A and B are from a day on; `sequence` tells two of one day apart."""

    a: str
    b: str | None
    on: date
    sequence: int
    rule: ManagerRule = ManagerRule.ASSIGNMENT


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
class History:
    """Everything that happened to the managers of a customer."""

    assignments: Sequence[Assignment] = ()
    signatures: Sequence[Signature] = ()
    swaps: Sequence[Swap] = ()

    @property
    def last_phase_change_on(self) -> date | None:
        """The day of the first signature or of the last swap, whichever is later."""
        first = min((item.signed_on for item in self.signatures), default=None)
        last = max((item.on for item in self.swaps), default=None)
        return max((day for day in (first, last) if day is not None), default=None)

    def until(self, on: date) -> History:
        """What had happened by the end of `on`."""
        return History(
            [each for each in self.assignments if each.on <= on],
            [each for each in self.signatures if each.signed_on <= on],
            [each for each in self.swaps if each.on <= on],
        )

    @property
    def days(self) -> list[date]:
        """The days on which anything changed, in order; of all signatures only the first does."""
        changed = {each.on for each in self.assignments} | {each.on for each in self.swaps}
        first = min((each.signed_on for each in self.signatures), default=None)
        return sorted(changed if first is None else changed | {first})

    def next_assignment(
        self, a: str, b: str | None, on: date, rule: ManagerRule = ManagerRule.ASSIGNMENT
    ) -> Assignment:
        """The assignment to add; raises AssignmentOutOfTurn before the last one."""
        last = max((item.on for item in self.assignments), default=None)
        if last is not None and on < last:
            raise AssignmentOutOfTurn(
                f"{on} 早于 {last} 的指定",
                f"{on} lies before the assignment of {last}",
                pointer="/on",
                last_assignment_on=last.isoformat(),
            )
        return Assignment(a, b, on, len(self.assignments) + 1, rule)


@dataclass(frozen=True, slots=True)
class Managers:
    """The managers of a customer as the facts so far make them."""

    a: str | None
    b: str | None
    phase: Phase
    phase_contract_id: UUID | None
    rule: ManagerRule
    effective_on: date
    lead_since_on: date | None = None

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


def managers_of(history: History) -> Managers | None:
    """Who manages, in which phase, and since when the lead has led without a break (R-48, R-50).

    None when nothing is known of the customer at all.
    """
    managers = _folded(history)
    if managers is None or managers.lead is None:
        return managers
    since: date | None = None
    for day in history.days:
        then = _folded(history.until(day))
        if then is None or then.lead != managers.lead:
            since = None
        elif since is None:
            since = day
    return replace(managers, lead_since_on=since)


def _folded(history: History) -> Managers | None:
    """As `managers_of`, without the day since which the lead has led.

    The first signature sets the phase to maintenance, once; later ones do nothing. A swap of the
    same day outweighs it.
    """
    first = min(
        history.signatures,
        key=lambda item: (item.signed_on, str(item.contract_id)),
        default=None,
    )
    last_swap = max(history.swaps, key=lambda item: (item.on, item.sequence), default=None)
    assigned = max(history.assignments, key=lambda item: (item.on, item.sequence), default=None)
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
        changes.append((assigned.on, 2, assigned.rule))
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


def swap(history: History, on: date) -> Swap:
    """The swap that hands the lead to the other manager on `on` (R-48).

    Raises NobodyToSwap without two managers, SwapOutOfTurn when `on` lies before the last change of
    phase: it would change nothing.
    """
    managers = managers_of(history)
    if managers is None or managers.a is None or managers.b is None:
        raise NobodyToSwap("须先指定A、B角客户经理", "assign an A and a B manager first")
    last = history.last_phase_change_on
    if last is not None and on < last:
        raise SwapOutOfTurn(
            f"{on} 早于 {last} 的阶段变更",
            f"{on} lies before the change of phase on {last}",
            pointer="/on",
            last_change_on=last.isoformat(),
        )
    other = Phase.MAINTENANCE if managers.phase is Phase.DEVELOPMENT else Phase.DEVELOPMENT
    return Swap(other, on, len(history.swaps) + 1)
