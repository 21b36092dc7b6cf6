"""Denominators and usage: every report kept, the latest holds, reversals within what there was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

from services.tiering.handlers.inputs import follow_ownership, record_usage, report_unit_revenue
from services.tiering.storage.inputs import denominators, owners, usage
from shared.contracts.enterprise import UnitRevenueReported, UsageRecorded
from shared.work import Work
from tests.services.tiering.events import owned, reported_revenue, used
from tests.support import cast
from tests.support.clocks import TEST_BEGINS_AT
from tests.support.facts import published, reported

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


async def report(work: Work, *events: UnitRevenueReported, at: datetime = TEST_BEGINS_AT) -> None:
    facts = [reported(event, system="finance", at=at) for event in events]
    await report_unit_revenue.handle(work, facts)


async def meter(work: Work, *events: UsageRecorded, system: str = "erp") -> None:
    await record_usage.handle(work, [reported(event, system=system) for event in events])


async def kwh(work: Work, customer: cast.Customer = cast.ELECTRONICS) -> usage.Reading | None:
    return (await usage.read(work, [customer.key], "kwh", *YEAR)).get(customer.key)


async def test_the_latest_report_of_a_unit_and_year_holds_and_counts_its_versions(
    work: Work,
) -> None:
    await report(
        work,
        reported_revenue("UR-1", "700000000.00", on=date(2026, 1, 10)),
        reported_revenue("UR-2", "690000000.00", on=date(2026, 2, 1)),
        reported_revenue("UR-3", "1.00", year=2024),
        reported_revenue("UR-4", "2.00", line="express"),
    )
    held = (await denominators.latest(work, ["GZ"], 2025, None))["GZ"]
    assert (held.amount, held.ref, held.version) == (Decimal("690000000.00"), "UR-2", 2)
    express = (await denominators.latest(work, ["GZ"], 2025, "express"))["GZ"]
    assert (express.amount, express.business_line) == (Decimal("2.00"), "express")


async def test_which_report_holds_does_not_depend_on_the_order_they_came_in(work: Work) -> None:
    reports = [
        reported_revenue("UR-1", "1.00", on=date(2026, 1, 10)),
        reported_revenue("UR-2", "2.00", on=date(2026, 2, 1)),
        reported_revenue("UR-3", "3.00", on=date(2026, 2, 1)),
    ]
    for order in permutations(reports):
        savepoint = await work.connection.begin_nested()
        for each in order:
            await report(work, each)
        held = await denominators.latest(work, ["GZ"], 2025, None)
        assert held["GZ"].ref == "UR-3"
        await savepoint.rollback()


async def test_a_report_without_a_date_is_of_the_day_it_was_sent(work: Work) -> None:
    await report(work, reported_revenue("UR-1", "1.00"))
    await report(work, reported_revenue("UR-2", "2.00"), at=TEST_BEGINS_AT - timedelta(days=1))
    held = await denominators.latest(work, ["GZ"], 2025, None)
    assert held["GZ"].ref == "UR-1"


async def test_a_report_about_a_unit_that_nobody_knows_waits(work: Work) -> None:
    await report(work, reported_revenue("UR-1", "1.00", unit="ZZ"))
    await work.finish()
    assert await work.value("SELECT count(*) FROM unit_revenue") == 0
    waiting = await work.row("SELECT kind, key FROM kit.waiting")
    assert waiting is not None and (waiting["kind"], waiting["key"]) == ("unit", "ZZ")


async def test_the_owner_of_a_day_says_which_city_the_customer_belongs_to(work: Work) -> None:
    facts = [
        published(owned(cast.ELECTRONICS, "GZ-TH", version=1)),
        published(owned(cast.ELECTRONICS, "SZ-NS", version=2, on=date(2025, 7, 1))),
        published(owned(cast.INSURER, "GD")),
    ]
    await follow_ownership.handle(work, facts)
    await follow_ownership.handle(work, facts)
    keys = [cast.ELECTRONICS.key, cast.INSURER.key, cast.SOFTWARE.key]
    before = await owners.units_at_level(work, keys, "city", date(2025, 6, 30))
    after = await owners.units_at_level(work, keys, "city", date(2025, 7, 1))
    assert before == {
        cast.ELECTRONICS.key: ("GZ-TH", "GZ"),
        cast.INSURER.key: ("GD", None),
    }
    assert after[cast.ELECTRONICS.key] == ("SZ-NS", "SZ")


async def test_usage_is_read_as_sum_highest_or_latest_within_the_period(work: Work) -> None:
    await meter(
        work,
        used("U-1", cast.ELECTRONICS, "300", period="2025-01"),
        used("U-2", cast.ELECTRONICS, "500", period="2025-Q2"),
        used("U-3", cast.ELECTRONICS, "200", period="2025-12"),
        used("U-4", cast.ELECTRONICS, "9000", period="2024"),
        used("U-5", cast.ELECTRONICS, "7", metric="kva", period="2025"),
    )
    reading = await kwh(work)
    assert reading is not None
    assert [reading.sum, reading.highest, reading.latest] == [1000, 500, 200]
    assert reading.count == 3


async def test_a_reversal_lowers_what_it_takes_back(work: Work) -> None:
    await meter(work, used("U-1", cast.ELECTRONICS, "300"))
    await meter(work, used("U-2", cast.ELECTRONICS, "-100", reverses="U-1"))
    await meter(work, used("U-3", cast.ELECTRONICS, "-200", reverses="U-1"))
    reading = await kwh(work)
    assert reading is not None
    assert reading.sum == 0 and reading.count == 1


async def test_more_than_there_was_and_reversals_of_reversals_are_refused(work: Work) -> None:
    await meter(
        work,
        used("U-1", cast.ELECTRONICS, "300"),
        used("U-2", cast.ELECTRONICS, "-300.01", reverses="U-1"),
        used("U-3", cast.ELECTRONICS, "-50", reverses="U-1"),
    )
    await meter(work, used("U-4", cast.ELECTRONICS, "-50", reverses="U-3"))
    await meter(work, used("U-5", cast.ELECTRONICS, "-50", period="2025-07", reverses="U-1"))
    await meter(work, used("U-6", cast.ELECTRONICS, "50", reverses="U-1"))
    refused = [fact.ref for _, fact, _ in work.refusals if fact is not None]
    assert refused == ["U-2", "U-4", "U-5", "U-6"]
    reading = await kwh(work)
    assert reading is not None and reading.sum == 250


async def test_a_reversal_of_something_unknown_waits_until_it_comes(work: Work) -> None:
    await meter(work, used("U-2", cast.ELECTRONICS, "-100", reverses="U-1"))
    await meter(work, used("U-2", cast.ELECTRONICS, "-1", reverses="U-1"), system="other")
    assert await kwh(work) is None
    await work.finish()
    await meter(work, used("U-1", cast.ELECTRONICS, "300"))
    await work.finish()
    reading = await kwh(work)
    assert reading is not None and reading.sum == 200


async def test_r20_usage_of_an_unapproved_customer_waits(work: Work) -> None:
    await meter(work, used("U-1", cast.DECLARED, "300"))
    await work.finish()
    assert await work.value("SELECT kind FROM kit.waiting") == "customer"
