"""Late fees (违约金): by day, on what is overdue on that day (B-15, C19).

A fee is a function of the value-dated balance of an instalment: recomputed whenever what is known
changes, and only the difference is posted. Days count from the day after the due date to the day
of payment. On the days of the due date's calendar year one rate holds, on later days another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from shared.money import to_cents

_DAY = timedelta(days=1)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class TariffRates:
    """Daily rates as fractions of the overdue amount: in the year of the due date, and after it."""

    current_year: Decimal
    carried_over: Decimal


@dataclass(frozen=True)
class LateFeePlan:
    """Rates by tariff class; a total below `minimum` (yuan) is charged as `minimum`.

    A fee still growing is posted on the last day of each month where `accrue` is "monthly", every
    day where it is "daily"; it is final when the instalment is paid.
    """

    policy_name: ClassVar[str] = "late-fees"

    rates: Mapping[str, TariffRates]
    minimum: Decimal
    accrue: str = "monthly"

    def __post_init__(self) -> None:
        if self.accrue not in ("monthly", "daily"):
            raise ValueError("accrue is monthly or daily / accrue 只能是 monthly 或 daily")


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A version of the plan; in force on a day is the highest one effective by then."""

    version: int
    effective_on: date
    plan: LateFeePlan


@dataclass(frozen=True, slots=True)
class Overdue:
    """An instalment as the late fee sees it: what was billed and (day, yuan) of what was paid.

    `issued_on` lies after `due_on` where the books took over what was due before they began; it
    was not theirs until then.
    """

    amount: Decimal
    due_on: date
    tariff_class: str
    paid: Sequence[tuple[date, Decimal]] = ()
    issued_on: date = date.min

    def owed_on(self, day: date) -> Decimal:
        """Yuan unpaid when `day` begins: money received on a day counts from the next."""
        return self.amount - sum((part for on, part in self.paid if on < day), NOTHING)


@dataclass(frozen=True, slots=True)
class FeePart:
    """Days of one balance and one rate; `amount` in yuan, not rounded."""

    from_on: date
    until_on: date
    principal: Decimal
    daily_rate: Decimal

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1

    @property
    def amount(self) -> Decimal:
        return self.principal * self.daily_rate * self.days


@dataclass(frozen=True, slots=True)
class LateFee:
    """The fee until `as_of`, rounded once; `plan_version` is the plan in force on that day."""

    as_of: date
    parts: tuple[FeePart, ...]
    amount: Decimal
    is_minimum: bool
    plan_version: int | None


def plan_on(plans: Sequence[PlanVersion], day: date) -> PlanVersion | None:
    """The version in force on `day`; None where the site charges no late fee."""
    effective = (version for version in plans if version.effective_on <= day)
    return max(effective, key=lambda version: version.version, default=None)


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """Days on which one version of the plan gives a tariff class its rates."""

    tariff_class: str
    from_on: date
    until_on: date
    current_year: Decimal
    carried_over: Decimal


def rate_periods(plans: Sequence[PlanVersion], until_on: date) -> list[RatePeriod]:
    """The rates of every day up to `until_on`, a new period with every version that takes effect.

    What `late_fee` finds for the days of one instalment, for whoever looks at very many.
    """
    starts = sorted({each.effective_on for each in plans if each.effective_on <= until_on})
    ends = [start - _DAY for start in starts[1:]] + [until_on]
    return [
        RatePeriod(tariff_class, start, end, rates.current_year, rates.carried_over)
        for start, end in zip(starts, ends, strict=True)
        if (version := plan_on(plans, start)) is not None
        for tariff_class, rates in version.plan.rates.items()
    ]


def late_fee(overdue: Overdue, until_on: date, plans: Sequence[PlanVersion]) -> LateFee:
    """The fee of `overdue` up to and including `until_on`; zero when nothing was overdue by then.

    The rate of a day is that of the plan in force on the day (B-15).
    """
    parts = tuple(
        part
        for part in _parts(overdue, until_on, plans)
        if part.principal > 0 and part.daily_rate > 0
    )
    last = plan_on(plans, until_on)
    exact = sum((part.amount for part in parts), NOTHING)
    minimum = last.plan.minimum if last is not None and exact > 0 else NOTHING
    return LateFee(
        as_of=until_on,
        parts=parts,
        amount=max(to_cents(exact), minimum),
        is_minimum=to_cents(exact) < minimum,
        plan_version=last.version if last is not None else None,
    )


def _parts(overdue: Overdue, until_on: date, plans: Sequence[PlanVersion]) -> Sequence[FeePart]:
    first = max(overdue.due_on, overdue.issued_on) + _DAY
    if until_on < first:
        return ()
    year_end = date(overdue.due_on.year, 12, 31)
    turns = {first, year_end + _DAY, *(version.effective_on for version in plans)}
    turns |= {on + _DAY for on, _ in overdue.paid}
    starts = sorted(turn for turn in turns if first <= turn <= until_on)
    ends = [start - _DAY for start in starts[1:]] + [until_on]
    return [
        FeePart(start, end, overdue.owed_on(start), _rate(overdue, start, year_end, plans))
        for start, end in zip(starts, ends, strict=True)
    ]


def _rate(overdue: Overdue, day: date, year_end: date, plans: Sequence[PlanVersion]) -> Decimal:
    version = plan_on(plans, day)
    rates = version.plan.rates.get(overdue.tariff_class) if version is not None else None
    if rates is None:
        return NOTHING
    return rates.carried_over if day > year_end else rates.current_year
