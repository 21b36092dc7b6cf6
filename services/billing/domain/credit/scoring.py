"""Credit behaviour (客户信用分析): a score from how a customer paid and kept its contracts (B-22).

Looked at is what fell due in the months before a day. Every part is worth 0 to 100 points and has
a weight; the grade is decided on the unrounded score, and lower borders belong to the higher grade
(as C2 and C3 have it for tiers). What nothing fell due for is not scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import ClassVar

PUNCTUALITY = "punctuality"
LATENESS = "lateness"
INCIDENTS = "incidents"
CONTRACTS = "contracts"
PARTS = (PUNCTUALITY, LATENESS, INCIDENTS, CONTRACTS)
INCIDENT_KINDS = ("returned_payment", "lapsed_deposit", "write_off", "compliance_case")

_FULL, _NONE = Decimal(100), Decimal(0)
_SHOWN = Decimal("0.000001")


@dataclass(frozen=True)
class Grade:
    """From `lower` points on."""

    grade: str
    lower: Decimal


@dataclass(frozen=True)
class CreditScoring:
    """How much each part counts, and which grade a score is.

    `worst_days` late on average are worth nothing, in between by proportion. `deductions` are
    points for every incident of a kind, `contract_points` those that a contract in force adds. The
    sweep runs on `day_of_month`.
    """

    policy_name: ClassVar[str] = "credit-scoring"

    months: int
    day_of_month: int
    weights: Mapping[str, Decimal]
    worst_days: int
    deductions: Mapping[str, Decimal]
    contract_points: Decimal
    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        if set(self.weights) != set(PARTS) or sum(self.weights.values()) != _FULL:
            raise ValueError("the four weights sum to 100 / 四项权重之和须为 100")
        if min(self.weights.values()) < 0 or set(self.deductions) != set(INCIDENT_KINDS):
            raise ValueError("every kind of incident has its deduction / 每类事件须有扣分")
        borders = [each.lower for each in self.grades]
        if not borders or borders[-1] != 0 or borders != sorted(set(borders), reverse=True):
            raise ValueError("grades fall to zero / 等级须由高到低直至零分")
        if self.months < 1 or self.worst_days < 1 or not 1 <= self.day_of_month <= 28:
            raise ValueError("a period of months, days above zero / 月数与天数须大于零")

    def grade_of(self, score: Decimal) -> str:
        """The grade of an unrounded score."""
        return next(each.grade for each in self.grades if score >= each.lower)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a customer did in a period; amounts in yuan.

    `fell_due` are instalments by amount, `paid_in_time` what of them was paid by the due date,
    `yuan_days_late` each yuan times the days that it came late, or is late at the period's end.
    """

    fell_due: Decimal = _NONE
    paid_in_time: Decimal = _NONE
    yuan_days_late: Decimal = _NONE
    returned_payment: int = 0
    lapsed_deposit: int = 0
    write_off: int = 0
    compliance_case: int = 0
    contracts: int = 0


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """What one part of the score is worth: `points` of 100, counted by `weight`."""

    part: str
    points: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """What behaviour comes to; without a score nothing fell due."""

    score: Decimal | None
    grade: str | None
    punctuality: Decimal | None
    days_late: Decimal | None
    parts: tuple[ScoredPart, ...]


def period(as_of: date, months: int) -> tuple[date, date]:
    """First and last day of the `months` months before `as_of`."""
    count = as_of.year * 12 + as_of.month - 1 - months
    year, month = divmod(count, 12)
    day = min(as_of.day, _last_day(year, month + 1))
    return date(year, month + 1, day), as_of - timedelta(days=1)


def assess(behaviour: Behaviour, policy: CreditScoring) -> Scored:
    """The score of a customer with every part that makes it up (B-22)."""
    if behaviour.fell_due <= 0:
        return Scored(None, None, None, None, ())
    punctuality = behaviour.paid_in_time / behaviour.fell_due
    days_late = behaviour.yuan_days_late / behaviour.fell_due
    lost = sum(
        (policy.deductions[kind] * getattr(behaviour, kind) for kind in INCIDENT_KINDS), _NONE
    )
    points = {
        PUNCTUALITY: _FULL * punctuality,
        LATENESS: _FULL - _FULL * days_late / policy.worst_days,
        INCIDENTS: _FULL - lost,
        CONTRACTS: policy.contract_points * behaviour.contracts,
    }
    parts = tuple(
        ScoredPart(name, min(max(points[name], _NONE), _FULL), policy.weights[name])
        for name in PARTS
    )
    score = sum((each.points * each.weight for each in parts), _NONE) / _FULL
    return Scored(
        score=score.quantize(_SHOWN, ROUND_DOWN),
        grade=policy.grade_of(score),
        punctuality=punctuality.quantize(_SHOWN, ROUND_DOWN),
        days_late=days_late.quantize(_SHOWN, ROUND_DOWN),
        parts=parts,
    )


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
