"""What scores take in, for many customers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.tiering.domain.inputs.usage import BILLING
from services.tiering.domain.periods import Period
from services.tiering.domain.schemes.schemes import Denominator, Factor, Scheme
from services.tiering.domain.scoring.scoring import FactorInput, Input, UnitRevenue
from services.tiering.domain.scoring.unscored import Unscored
from services.tiering.storage.inputs import denominators, owners, usage
from shared.contracts.billing import CreditAssessed, RevenuePosted
from shared.work import Work

Inputs = dict[str, FactorInput]
Found = dict[UUID, Inputs | Unscored]

_USAGE_SOURCE = "enterprise.usage_recorded.v1"
_SOURCES = {BILLING: CreditAssessed.subject}
"""Where usage comes from that no other system reports."""
# Rows keep the key they came with; a merged customer's count for its survivor.
_REVENUE = """
WITH member AS (
    SELECT key AS customer_key, key AS root FROM unnest(CAST(:keys AS uuid[])) AS key
    UNION
    SELECT customer_key, root FROM kit.identities WHERE root = ANY(:keys)
)
SELECT member.root AS customer_key, totals.business_line,
    sum(totals.amount) AS amount, CAST(sum(totals.postings) AS integer) AS postings
FROM totals JOIN member USING (customer_key)
WHERE totals.month <= :cut_off AND (CAST(:from_on AS date) IS NULL OR totals.month >= :from_on)
GROUP BY member.root, totals.business_line
"""

_Revenue = dict[UUID, dict[str, tuple[Decimal, int]]]
_Denominators = Mapping[UUID, UnitRevenue | Unscored]


async def gather(
    work: Work, scheme: Scheme, period: Period, customer_keys: Sequence[UUID]
) -> Found:
    """The inputs of every counted factor for each of `customer_keys`, or why there are none.

    A handful of queries whatever the number of customers. Whoever had no revenue or usage has 0.
    """
    found: Found = {key: {} for key in customer_keys}
    revenue: _Revenue | None = None
    for factor in scheme.counted:
        if factor.measure.kind == "usage":
            await _add_usage(work, found, factor, period)
            continue
        if revenue is None:
            revenue = await _revenue(work, period, customer_keys)
        by_customer: _Denominators = {}
        if factor.measure.denominator is not None:
            by_customer = await _denominators(work, factor, period, customer_keys)
        _add_revenue(found, factor, period, revenue, by_customer, work.currency)
    return found


async def _revenue(work: Work, period: Period, customer_keys: Sequence[UUID]) -> _Revenue:
    rows = await work.rows(
        _REVENUE, keys=list(customer_keys), from_on=period.from_on, cut_off=period.cut_off
    )
    revenue: _Revenue = {}
    for row in rows:
        lines = revenue.setdefault(row["customer_key"], {})
        lines[row["business_line"]] = (row["amount"], row["postings"])
    return revenue


def _add_revenue(
    found: Found,
    factor: Factor,
    period: Period,
    revenue: _Revenue,
    by_customer: _Denominators,
    currency: str,
) -> None:
    wanted = factor.measure.business_lines
    for key, inputs in found.items():
        denominator = by_customer.get(key)
        if isinstance(inputs, Unscored):
            continue
        if isinstance(denominator, Unscored):
            found[key] = denominator
            continue
        lines = revenue.get(key, {})
        taken = [lines[line] for line in (wanted or lines) if line in lines]
        amount = sum((amount for amount, _ in taken), Decimal(0))
        value = Input(
            amount,
            currency,
            RevenuePosted.subject,
            period.cut_off,
            sum(postings for _, postings in taken),
        )
        inputs[factor.name] = FactorInput(value, denominator)


async def _denominators(
    work: Work, factor: Factor, period: Period, customer_keys: Sequence[UUID]
) -> dict[UUID, UnitRevenue | Unscored]:
    denominator = factor.measure.denominator
    assert denominator is not None
    placed = await owners.units_at_level(
        work, customer_keys, denominator.unit_level, period.cut_off
    )
    units = sorted({unit for _, unit in placed.values() if unit is not None})
    year = _year(denominator, period.cut_off)
    reports = await denominators.latest(work, units, year, denominator.business_line)
    return {key: _denominator(factor.name, placed.get(key), reports, year) for key in customer_keys}


def _denominator(
    factor: str,
    placed: tuple[str, str | None] | None,
    reports: Mapping[str, UnitRevenue],
    year: int,
) -> UnitRevenue | Unscored:
    if placed is None:
        return Unscored("no-owner", factor)
    owner, unit = placed
    if unit is None:
        return Unscored("no-unit-at-level", factor, owner)
    report = reports.get(unit)
    if report is None:
        return Unscored("no-denominator", factor, unit, year)
    if report.amount <= 0:
        return Unscored("denominator-not-positive", factor, unit, year)
    return report


def _year(denominator: Denominator, cut_off: date) -> int:
    return cut_off.year - (denominator.year == "previous")


async def _add_usage(work: Work, found: Found, factor: Factor, period: Period) -> None:
    measure = factor.measure
    assert measure.metric is not None and measure.reading is not None
    readings = await usage.read(work, list(found), measure.metric, period.from_on, period.cut_off)
    for key, inputs in found.items():
        if isinstance(inputs, Unscored):
            continue
        reading = readings.get(key)
        inputs[factor.name] = FactorInput(
            Input(
                getattr(reading, measure.reading) if reading else Decimal(0),
                measure.metric,
                _SOURCES.get(reading.latest_system, _USAGE_SOURCE) if reading else _USAGE_SOURCE,
                reading.to_on if reading else period.cut_off,
                reading.count if reading else 0,
            )
        )
