"""Revenue in the books: shared, taken back, waiting, refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.work import Work
from tests.services.billing.books import (
    balances,
    fate_codes,
    owned,
    revenue,
    split,
    take,
    told,
    unit_revenue,
)
from tests.support.cast import APPROVED, DECLARED, ELECTRONICS, INSURER

POSTED = "dakehu.billing.revenue_posted.v1"


async def test_revenue_goes_to_the_owner_where_no_split_is_in_force_r_45(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", "120.50"))
    assert await unit_revenue(work) == {"GZ": Decimal("120.50")}
    assert await balances(work) == {
        "billed_clearing": Decimal("120.50"),
        "revenue": Decimal("-120.50"),
    }
    (fact,) = await told(work, POSTED)
    assert fact["entity"]["version"] == 1
    assert fact["source"] == {"system": "erp", "ref": "R-1"}
    assert fact["shares"] == [
        {"unit": "GZ", "amount": {"amount": "120.50", "currency": "CNY"}, "kind": "base"}
    ]
    assert fact["rule"] == "default"


async def test_a_split_shares_to_the_cent_and_loses_none_r_45(work: Work) -> None:
    thirds = {"GZ": "0.3333", "SZ": "0.3333", "GZ-TH": "0.3334"}
    await take(work, split(ELECTRONICS, thirds), revenue(ELECTRONICS, "R-1", "100.00"))
    assert await unit_revenue(work) == {
        "GZ": Decimal("33.33"),
        "SZ": Decimal("33.33"),
        "GZ-TH": Decimal("33.34"),
    }


async def test_the_split_in_force_on_the_day_of_the_revenue_decides(work: Work) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}, version=1, on=date(2026, 1, 1)),
        split(ELECTRONICS, {"SZ": "1"}, version=2, on=date(2026, 2, 1)),
        revenue(ELECTRONICS, "R-1", 10, on=date(2026, 1, 31)),
        revenue(ELECTRONICS, "R-2", 20, on=date(2026, 2, 1)),
    )
    assert await unit_revenue(work) == {"GZ": 10, "SZ": 20}


async def test_revenue_before_the_first_owner_goes_to_the_first_owner(work: Work) -> None:
    await take(work, owned(ELECTRONICS, on=date(2026, 2, 1)), revenue(ELECTRONICS, "R-1", 10))
    assert await unit_revenue(work) == {"GZ": 10}


async def test_revenue_of_an_unknown_or_unapproved_customer_waits_r_20(work: Work) -> None:
    await take(work, owned(DECLARED), revenue(DECLARED, "R-1", 10))
    assert await unit_revenue(work) == {}
    assert await work.value("SELECT count(*) FROM kit.waiting WHERE kind = 'customer'") == 1


async def test_revenue_waits_until_the_owner_is_known_and_is_then_posted(work: Work) -> None:
    await take(work, revenue(APPROVED, "R-1", 10))
    assert await unit_revenue(work) == {}
    await take(work, owned(APPROVED))
    assert await unit_revenue(work) == {"GZ": 10}


async def test_a_reversal_takes_back_in_part_and_follows_its_originals_split(work: Work) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "0.6", "SZ": "0.4"}, version=1, on=date(2026, 1, 1)),
        split(ELECTRONICS, {"GZ-TH": "1"}, version=2, on=date(2026, 2, 1)),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 31)),
    )
    await take(work, revenue(ELECTRONICS, "R-2", -30, on=date(2026, 3, 1), reverses="R-1"))
    assert await unit_revenue(work) == {"GZ": 42, "SZ": 28}


async def test_a_reversal_in_the_same_batch_as_its_original_is_posted(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-2", -100, reverses="R-1"),
        revenue(ELECTRONICS, "R-1", 100),
    )
    assert await unit_revenue(work) == {}
    assert await work.value("SELECT reversed FROM postings WHERE ref = 'R-1'") == -100


async def test_no_more_is_taken_back_than_was_recorded(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100),
        revenue(ELECTRONICS, "R-2", -60, reverses="R-1"),
    )
    await take(work, revenue(ELECTRONICS, "R-3", "-40.01", reverses="R-1"))
    await take(work, revenue(ELECTRONICS, "R-4", "-40.00", reverses="R-1"))
    assert await unit_revenue(work) == {}
    assert await fate_codes(work) == {"R-3": "reversal-too-large"}


async def test_a_reversal_of_something_unknown_waits_for_it(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-2", -100, reverses="R-1"))
    assert await fate_codes(work) == {"R-2": "waiting"}
    await take(work, revenue(ELECTRONICS, "R-1", 100))
    assert await unit_revenue(work) == {}
    assert await work.value("SELECT count(*) FROM kit.waiting") == 0


async def test_a_reversal_of_a_reversal_is_refused_whichever_comes_first(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-3", 100, reverses="R-2"))
    await take(work, revenue(ELECTRONICS, "R-2", -100, reverses="R-1"))
    await take(work, revenue(ELECTRONICS, "R-1", 100))
    assert (await fate_codes(work))["R-3"] == "reversal-of-reversal"


async def test_a_reversal_must_match_what_it_takes_back(work: Work) -> None:
    await take(work, owned(ELECTRONICS), owned(INSURER), revenue(ELECTRONICS, "R-1", 100))
    await take(
        work,
        revenue(INSURER, "R-2", -100, reverses="R-1"),
        revenue(ELECTRONICS, "R-3", -100, reverses="R-1", line="letters"),
        revenue(ELECTRONICS, "R-4", 100, reverses="R-1"),
        revenue(ELECTRONICS, "R-5", -100, reverses="R-1", kind="charge_raised"),
    )
    assert set((await fate_codes(work)).values()) == {"reversal-mismatch"}
    assert await unit_revenue(work) == {"GZ": 100}


async def test_revenue_that_takes_back_itself_is_refused_and_waits_for_nothing(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", -10, reverses="R-1"))
    assert await fate_codes(work) == {"R-1": "reversal-mismatch"}
    assert await work.value("SELECT count(*) FROM kit.waiting") == 0


async def test_one_wrong_fact_leaves_the_rest_of_its_batch_alone(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 10),
        revenue(ELECTRONICS, "R-2", -99, reverses="R-1"),
        revenue(DECLARED, "R-3", 10),
        revenue(ELECTRONICS, "R-4", 10),
    )
    assert await unit_revenue(work) == {"GZ": 20}


async def test_what_goes_beyond_the_base_of_the_year_is_shared_as_increment_r_44(
    work: Work,
) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="100"),
        revenue(ELECTRONICS, "R-1", 80, on=date(2026, 1, 1)),
        revenue(ELECTRONICS, "R-2", 50, on=date(2026, 1, 2)),
        revenue(ELECTRONICS, "R-3", 10, on=date(2027, 1, 1)),
    )
    assert await unit_revenue(work) == {"GZ": 110, "SZ": 30}
    increments = await work.value(
        "SELECT sum(amount) FROM journal WHERE is_increment AND credit = 'revenue'"
    )
    assert increments == 30


async def test_revenue_that_comes_late_moves_the_base_whatever_the_order_r_44(work: Work) -> None:
    await take(work, split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="100"))
    await take(work, revenue(ELECTRONICS, "R-2", 80, on=date(2026, 1, 2)))
    await take(work, revenue(ELECTRONICS, "R-3", 15, on=date(2026, 1, 3), line="letters"))
    await take(work, revenue(ELECTRONICS, "R-1", 40, on=date(2026, 1, 1)))
    assert await unit_revenue(work) == {"GZ": 100, "SZ": 35}
    restated = [fact for fact in await told(work, POSTED) if fact["entity"]["version"] == 2]
    assert {fact["source"]["ref"] for fact in restated} == {"R-2", "R-3"}
    assert {fact["restates"]["reason"] for fact in restated} == {"base-recomputed"}
