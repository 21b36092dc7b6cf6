"""B-30, B-31: every report of revenue is the ledger's, whoever asks and however it is grouped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.domain.revenue.periods import Period
from services.billing.storage.revenue import reports
from shared.contracts.envelope import Event
from shared.work import Work
from tests.services.billing.books import enter, merged, owned, revenue, split, take
from tests.support import cast
from tests.support.cast import ELECTRONICS, INSURER, SOFTWARE, Customer

CUSTOMERS = (ELECTRONICS, INSURER, SOFTWARE)
UNITS = ("GZ", "GZ-TH", "GZ-TH-01", "SZ", "SZ-NS")
DIMENSIONS = ("month", "unit", "line", "customer", "rule")
FIRST = date(2025, 1, 1)
READERS = (
    *(cast.PROVINCE_DIRECTOR, cast.CITY_DIRECTOR, cast.COUNTY_DIRECTOR),
    *(cast.OTHER_CITY_DIRECTOR, cast.BRANCH_STAFF),
)
IN_SIGHT = {
    "GD": {*UNITS},
    "GZ": {"GZ", "GZ-TH", "GZ-TH-01"},
    "GZ-TH": {"GZ-TH", "GZ-TH-01"},
    "GZ-TH-01": {"GZ-TH-01"},
    "SZ": {"SZ", "SZ-NS"},
}

customers = st.sampled_from(CUSTOMERS)
days = st.integers(0, 729).map(lambda number: FIRST + timedelta(days=number))
cents = st.integers(1, 9_999_999).map(lambda amount: str(Decimal(amount) / 100))


@st.composite
def splits(draw: st.DrawFn, customer: Customer, version: int) -> Event:
    """A split among some units, with or without a base, by any rule."""
    units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
    weights = [Decimal(1) / len(units)] * len(units)
    weights[0] += 1 - sum(weights)
    has_base = draw(st.booleans())
    return split(
        customer,
        {unit: str(weight) for unit, weight in zip(units, weights, strict=True)},
        version=version,
        on=draw(days),
        increment={draw(st.sampled_from(UNITS)): "1"} if has_base else None,
        base_amount=draw(cents) if has_base else None,
        rule=draw(st.sampled_from(("ruling", "type-b", "base-increment", "lead-report"))),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> list[Event]:
    """Revenue of two years, some of it taken back, under splits that change; one may be merged."""
    facts: list[Event] = [owned(each) for each in CUSTOMERS]
    for number in range(draw(st.integers(1, 10))):
        customer, amount, on = draw(customers), draw(cents), draw(days)
        line = draw(st.sampled_from(("express", "letters")))
        facts.append(revenue(customer, f"R-{number}", amount, on=on, line=line))
        if draw(st.booleans()):
            back = str(-Decimal(amount) if draw(st.booleans()) else Decimal("-0.01"))
            on = draw(days)
            name = f"R-{number}"
            facts.append(revenue(customer, f"B-{number}", back, on=on, line=line, reverses=name))
    for version in range(1, draw(st.integers(1, 4))):
        facts.append(draw(splits(draw(customers), version)))
    if draw(st.booleans()):
        facts.append(merged(INSURER, ELECTRONICS))
    return draw(st.permutations(facts))


async def ask(work: Work, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a reader gets, behind row-level security."""
    everything = {"customer_key": None, "unit": None, "business_line": None}
    await work.run("SET LOCAL ROLE dakehu_reader")
    rows = await work.rows(sql, **(everything | parameters))
    await work.run("RESET ROLE")
    return [dict(row) for row in rows]


def summed(rows: Iterable[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], list[Decimal]]:
    """By the names: base and increment, without groups at zero."""
    groups: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows:
        groups[tuple(row[name] for name in names)][row["is_increment"]] += row["amount"]
    return {key: sums for key, sums in groups.items() if any(sums)}


async def lines_of_the_ledger(work: Work) -> list[dict[str, Any]]:
    """Every entry of revenue with its posting's rule and whose it is, as the books have it."""
    rows = await work.rows(
        "SELECT to_char(booked_on, 'YYYY-MM') AS month, booked_on, unit, e.business_line,"
        " coalesce(known.root, e.customer_key)::text AS customer, rule, is_increment,"
        " -balance AS amount, source_id"
        " FROM entries e JOIN postings ON posting_id = source_id"
        " LEFT JOIN kit.identities known ON known.customer_key = e.customer_key"
        " WHERE account = 'revenue'"
    )
    return [dict(row) for row in rows]


TITLES = {"line": "business_line"}


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    facts=ledgers(),
    by=st.sets(st.sampled_from(("month", "unit", "line", "customer"))),
    reader=st.sampled_from(READERS),
    year=st.sampled_from((2025, 2026)),
)
async def test_b30_b31_any_report_of_any_ledger_is_the_ledgers(
    work: Work, facts: list[Event], by: set[str], reader: cast.Person, year: int
) -> None:
    async with work.connection.begin_nested() as savepoint:
        await take(work, *facts)
        ledger = [
            line
            for line in await lines_of_the_ledger(work)
            if line["unit"] in IN_SIGHT[reader.unit]
        ]
        await enter(work, reader)
        period = Period(date(year, 1, 1), date(year, 12, 31))
        of_year = [line for line in ledger if line["booked_on"].year == year]
        before = [line for line in ledger if line["booked_on"].year == year - 1]

        names = [TITLES.get(name, name) for name in ("month", "unit", "line", "customer")]
        keys = [name for name in names if name in {TITLES.get(each, each) for each in by}]
        span = {"from_on": period.from_on, "until_on": period.until_on}
        rows = await ask(work, reports.grouped(by), **span)
        found = {
            tuple(row[key] for key in keys): [row["base"], row["increment"]]
            for row in rows
            if row["base"] or row["increment"]
        }
        assert found == summed(of_year, *keys)
        assert all(row["amount"] == row["base"] + row["increment"] for row in rows)

        lines = await ask(work, reports.lines(), **span, rule=None, is_increment=None)
        assert summed(lines) == summed(of_year), "the drill-down sums to the figure"

        earlier = period.year_before()
        compared = await ask(
            work,
            reports.grouped(by, with_before=True),
            **span,
            before_from_on=earlier.from_on,
            before_until_on=earlier.until_on,
        )
        assert sum(row["amount"] for row in compared) == sum(row["amount"] for row in of_year)
        assert sum(row["before_amount"] for row in compared) == sum(row["amount"] for row in before)
        assert {row["month"] for row in compared} <= {
            *(f"{year}-{month:02d}" for month in range(1, 13)),
            "",
        }
        await savepoint.rollback()
    work._collected = type(work._collected)()


@settings(max_examples=10, deadline=None, suppress_health_check=[*HealthCheck])
@given(facts=ledgers())
async def test_r45_by_rule_the_province_sees_every_yuan_under_the_rule_that_shares_it(
    work: Work, facts: list[Event]
) -> None:
    async with work.connection.begin_nested() as savepoint:
        await take(work, *facts)
        ledger = await lines_of_the_ledger(work)
        await enter(work, cast.PROVINCE_DIRECTOR)
        span = {"from_on": FIRST, "until_on": date(2026, 12, 31)}
        rows = await ask(work, reports.grouped({"rule", "unit"}), **span)
        found = {(row["rule"], row["unit"]): row["amount"] for row in rows if row["amount"]}
        expected = {key: sum(sums) for key, sums in summed(ledger, "rule", "unit").items()}
        assert found == {key: amount for key, amount in expected.items() if amount}
        for rule in {line["rule"] for line in ledger}:
            (whole,) = await ask(work, reports.grouped((), with_rule=True), **span, rule=rule)
            lines = await ask(work, reports.lines(), **span, rule=rule, is_increment=None)
            assert whole["amount"] == sum(line["amount"] for line in lines)
            assert whole["amount"] == sum(line["amount"] for line in ledger if line["rule"] == rule)
        await savepoint.rollback()
    work._collected = type(work._collected)()


async def test_a_unit_is_told_its_share_but_not_the_rule_of_a_customer_out_of_sight(
    work: Work,
) -> None:
    """R-45: money reports scope by the unit of the posting, terms by the customer."""
    await take(
        work,
        split(ELECTRONICS, {"GZ": "0.6", "SZ": "0.4"}, rule="ruling"),
        revenue(ELECTRONICS, "R-1", 100),
    )
    await enter(work, cast.OTHER_CITY_DIRECTOR)
    span = {"from_on": FIRST, "until_on": date(2026, 12, 31)}
    (row,) = await ask(work, reports.grouped({"rule"}), **span)
    assert (row["rule"], row["amount"]) == ("", 40)
    await enter(work, cast.CITY_DIRECTOR)
    (row,) = await ask(work, reports.grouped({"rule"}), **span)
    assert (row["rule"], row["amount"]) == ("ruling", 60)


async def test_b34_what_came_for_a_closed_month_counts_in_the_open_one_or_where_it_occurred(
    work: Work,
) -> None:
    """B-34, R-45: by the day in the books; a re-statement of a closed month too."""
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 10, on=date(2026, 1, 31)))
    await work.run(
        "INSERT INTO closed_months (month, closed_on, closed_at, closed_by, closing_unit,"
        " policy_version, postings, late_lines, waiting)"
        " VALUES ('2026-01-01', '2026-02-05', :at, 'G006', 'GZ', 1, 1, 0, 0)",
        {"at": work.now},
    )
    await take(work, revenue(ELECTRONICS, "R-2", 20, on=date(2026, 1, 30)))
    await take(work, split(ELECTRONICS, {"SZ": "1"}, on=date(2026, 1, 1), rule="ruling"))
    await enter(work, cast.PROVINCE_DIRECTOR)
    span = {"from_on": FIRST, "until_on": date(2026, 12, 31)}

    async def told(day: str) -> dict[tuple[str, str], Decimal]:
        rows = await ask(work, reports.grouped({"month", "unit"}, day=day), **span)
        return {(row["month"], row["unit"]): row["amount"] for row in rows if row["amount"]}

    assert await told("booked") == {
        ("2026-01", "GZ"): 10,
        ("2026-02", "GZ"): -10,
        ("2026-02", "SZ"): 30,
    }
    assert await told("occurred") == {("2026-01", "SZ"): 30}
    for day in reports.DAYS:
        lines = await ask(work, reports.lines(day), **span, rule=None, is_increment=None)
        assert sum(line["amount"] for line in lines) == 30
        assert all(line["booked_on"] >= line["event_on"] for line in lines)
