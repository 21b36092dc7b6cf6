"""Bulk reassignment: many customers to a few successors, shown before it is done (X-11, R-10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

from ..actors import Actor
from ..centres.organisation import Organisation
from .succession import Bridge, Pair, Place


class StalePreview(Conflict):
    """Something that was previewed is different now."""

    code = "stale-preview"
    rule = "X-11"
    title_zh = "预览已过期"
    title_en = "Stale preview"


class TooManyAtOnce(Invalid):
    """More customers than one hand-over takes."""

    code = "too-many-at-once"
    rule = "X-11"
    title_zh = "一次移交的客户过多"
    title_en = "Too many at once"


class Obstacle(StrEnum):
    """Why a customer is left where it is."""

    NOBODY_FITS = "nobody-fits"
    BRIDGE_MUST_STAY = "bridge-must-stay"
    ANOTHER_UNIT = "another-unit-is-responsible"


@dataclass(frozen=True, slots=True)
class Account:
    """A customer that is to pass on: from whom, in which place, and where it belongs.

    `barred` are those whom the policy refuses because of an interest of theirs (R-78).
    """

    customer_key: UUID
    managers_version: int
    pair: Pair
    leaver: str
    is_led: bool
    home: tuple[str, ...]
    bridges: tuple[Bridge, ...] = ()
    barred: frozenset[str] = frozenset()

    @property
    def place(self) -> Place:
        """Which manager the leaver is."""
        return Place.A if self.pair.a == self.leaver else Place.B


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may take customers over, with what he or she has already."""

    staff_code: str
    unit: str
    leads: int
    supports: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Who shall take over a customer; without a successor there is an obstacle."""

    account: Account
    successor: str | None
    obstacle: Obstacle | None = None


def distribute(
    accounts: Iterable[Account],
    candidates: Sequence[Candidate],
    organisation: Organisation,
    by: Actor,
    on: date,
) -> tuple[list[Choice], list[Candidate]]:
    """Who takes over whom, and what the candidates have afterwards.

    Each customer, in the order of keys, goes to who has the least by then; the same question has
    the same answer. Nobody gets a customer that he or she manages already, or has an interest in
    that bars it (R-78); an A works where the customer belongs (R-46), and a bridge stays (C22).
    """
    loads = {each.staff_code: each for each in candidates}
    choices: list[Choice] = []
    for account in sorted(accounts, key=lambda each: each.customer_key):
        obstacle = _obstacle(account, organisation, by, on)
        fitting = [each for each in loads.values() if _fits(account, each, organisation)]
        if obstacle is None and not fitting:
            obstacle = Obstacle.NOBODY_FITS
        if obstacle is not None:
            choices.append(Choice(account, None, obstacle))
            continue
        chosen = min(fitting, key=lambda each: (each.leads + each.supports, each.staff_code))
        loads[chosen.staff_code] = (
            replace(chosen, leads=chosen.leads + 1)
            if account.is_led
            else replace(chosen, supports=chosen.supports + 1)
        )
        choices.append(Choice(account, chosen.staff_code))
    return choices, list(loads.values())


def mark_of(choices: Sequence[Choice], loads: Mapping[str, tuple[int, int]]) -> str:
    """What tells this very preview from any other: SHA-256 over choices, versions and loads."""
    shown = [
        [
            [
                str(each.account.customer_key),
                each.account.managers_version,
                each.account.leaver,
                each.successor,
                each.obstacle,
            ]
            for each in choices
        ],
        sorted((code, *load) for code, load in loads.items()),
    ]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def require_fresh(previewed: str, now: str) -> None:
    """Raise StalePreview unless what would be done is exactly what was previewed (X-11)."""
    if previewed != now:
        raise StalePreview(
            "预览之后客户经理或负荷已变化，请重新预览",
            "managers or loads have changed since the preview; preview again",
        )


def _obstacle(account: Account, organisation: Organisation, by: Actor, on: date) -> Obstacle | None:
    if not any(organisation.overlap(by.unit, unit) for unit in account.home):
        return Obstacle.ANOTHER_UNIT
    stays = {bridge.staff_code for bridge in account.bridges if on <= bridge.until_on}
    return Obstacle.BRIDGE_MUST_STAY if account.leaver in stays else None


def _fits(account: Account, candidate: Candidate, organisation: Organisation) -> bool:
    if candidate.staff_code in account.pair.people | account.barred:
        return False
    if account.place is Place.B:
        return True
    return any(organisation.overlap(candidate.unit, unit) for unit in account.home)
