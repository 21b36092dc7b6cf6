"""R-05, R-20, R-38 to R-43 as the books keep them: who gets what, by which rule, from which day.

Registry decides (its own tests show how); billing posts what registry published, keeps the rule
that decided with every posting, and does so whatever comes first.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.contracts.envelope import Event
from shared.identifiers import derived_id
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    fate_codes,
    owned,
    revenue,
    split,
    take,
    told,
    unit_revenue,
)
from tests.services.billing.handlers.revenue.how_it_ends import ends, kept
from tests.support.cast import (
    APPROVED,
    CLOSED,
    DECLARED,
    ELECTRONICS,
    INSURER,
    INSURER_BRANCH,
    SUSPENDED,
    TRAFFIC_POLICE,
)

POSTED = "dakehu.billing.revenue_posted.v1"
JAN, FEB = date(2026, 1, 15), date(2026, 2, 15)
RULING = derived_id("ruling", 38)


async def test_r05_revenue_goes_to_the_branch_that_reported_the_lead_as_long_as_its_credit_runs(
    work: Work,
) -> None:
    """R-05: registry publishes the end of the credit ahead; both sides of that day."""
    await take(
        work,
        split(ELECTRONICS, {"GZ-TH-01": "1"}, on=date(2026, 1, 1), rule="lead-report"),
        split(ELECTRONICS, {"GZ-TH": "1"}, version=2, on=date(2026, 3, 1), rule="default"),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 2, 28)),
        revenue(ELECTRONICS, "R-2", 10, on=date(2026, 3, 1)),
    )
    assert await unit_revenue(work) == {"GZ-TH-01": 100, "GZ-TH": 10}
    assert {ref: rule for ref, (rule, _, _) in (await kept(work)).items()} == {
        "R-1": "lead-report",
        "R-2": "default",
    }


@pytest.mark.parametrize("customer", [DECLARED], ids=["declared"])
async def test_r20_no_revenue_is_posted_before_the_declaration_is_approved(
    work: Work, customer: Any
) -> None:
    await take(work, owned(customer), revenue(customer, "R-1", 10))
    assert (await unit_revenue(work), await fate_codes(work)) == ({}, {"R-1": "waiting"})
    await take(work, owned(APPROVED), revenue(APPROVED, "R-2", 10))
    assert await unit_revenue(work) == {"GZ": 10}


async def test_r20_revenue_after_a_stop_is_posted_and_is_a_case(work: Work) -> None:
    """R-20, R-22: what happened stands; that it should not have is told."""
    await take(
        work,
        owned(SUSPENDED),
        owned(CLOSED),
        revenue(SUSPENDED, "R-1", 10),
        revenue(CLOSED, "R-2", 20),
    )
    assert await unit_revenue(work) == {"GZ": 30}
    assert await work.value("SELECT count(*) FROM kit.business_while_stopped") == 2


async def test_r38_the_income_of_a_branch_is_its_citys_and_the_head_offices_another(
    work: Work,
) -> None:
    """R-38: type A; head office and branch are customers with terms of their own."""
    await take(
        work,
        split(INSURER, {"GZ": "1"}, rule="type-a"),
        split(INSURER_BRANCH, {"SZ": "1"}, rule="type-a"),
        revenue(INSURER, "R-1", 70),
        revenue(INSURER_BRANCH, "R-2", 30),
    )
    assert await unit_revenue(work) == {"GZ": 70, "SZ": 30}
    assert await unit_revenue(work, INSURER_BRANCH) == {"SZ": 30}
    await take(work, revenue(INSURER_BRANCH, "R-3", -30, reverses="R-2"))
    assert await unit_revenue(work) == {"GZ": 70}


async def test_r39_who_develops_gains_and_who_serves_shares_by_the_ratio(work: Work) -> None:
    """R-39: type B; a cent that does not divide goes by the largest remainder."""
    await take(
        work,
        split(ELECTRONICS, {"GZ": "0.7", "SZ": "0.2", "GZ-PY": "0.1"}, rule="type-b"),
        revenue(ELECTRONICS, "R-1", "0.07"),
    )
    assert await unit_revenue(work) == {
        "GZ": Decimal("0.05"),
        "SZ": Decimal("0.01"),
        "GZ-PY": Decimal("0.01"),
    }


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("100.00", ["40.00", "35.00", "25.00"]),
        ("0.01", ["0.01"]),
        ("0.02", ["0.01", "0.01"]),
        ("0.03", ["0.01", "0.01", "0.01"]),
        ("-0.03", ["-0.01", "-0.01", "-0.01"]),
        ("33.33", ["13.33", "11.67", "8.33"]),
    ],
)
async def test_r40_revenue_is_divided_by_the_weight_of_every_link_of_the_service(
    work: Work, amount: str, expected: list[str]
) -> None:
    """R-40: type C; 40, 35 and 25 % by largest remainder, in the order of the shares."""
    links = {"GZ": "0.4", "SZ": "0.35", "GD-EMS": "0.25"}
    await take(
        work, split(TRAFFIC_POLICE, links, rule="type-c"), revenue(TRAFFIC_POLICE, "R-1", amount)
    )
    (fact,) = await told(work, POSTED)
    assert [share["amount"]["amount"] for share in fact["shares"]] == expected
    assert (fact["rule"], fact["split"]["version"]) == ("type-c", 1)


async def test_r41_the_benefit_is_distributed_anew_among_the_cities_from_its_day_on(
    work: Work,
) -> None:
    """R-41: type D; the province gives other weights, revenue from that day on is re-stated."""
    await take(
        work,
        split(TRAFFIC_POLICE, {"GZ": "0.5", "SZ": "0.5"}, rule="type-d"),
        revenue(TRAFFIC_POLICE, "R-1", 100, on=JAN),
        revenue(TRAFFIC_POLICE, "R-2", 100, on=FEB),
    )
    await take(
        work,
        split(
            TRAFFIC_POLICE,
            {"GZ": "0.2", "SZ": "0.8"},
            version=2,
            on=date(2026, 2, 1),
            rule="type-d",
        ),
    )
    assert await unit_revenue(work) == {"GZ": 70, "SZ": 130}
    assert await kept(work) == {"R-1": ("type-d", 1, 100), "R-2": ("type-d", 2, 100)}


async def test_r42_the_provinces_ruling_outweighs_what_a_city_decided_for_a_while(
    process: Runtime,
) -> None:
    """R-42, R-37: a delegated decision, its end, and a ruling over both, in any order."""
    facts: list[Event] = [
        split(ELECTRONICS, {"SZ": "1"}, version=1, on=date(2026, 1, 1), rule="base-increment"),
        split(ELECTRONICS, {"GZ": "1"}, version=2, on=date(2026, 2, 1), rule="default"),
        split(
            ELECTRONICS,
            {"GZ": "0.5", "SZ": "0.5"},
            version=3,
            on=date(2026, 2, 10),
            rule="ruling",
            ruling_id=RULING,
        ),
        revenue(ELECTRONICS, "R-1", 10, on=JAN),
        revenue(ELECTRONICS, "R-2", 100, on=date(2026, 2, 9)),
        revenue(ELECTRONICS, "R-3", 1000, on=date(2026, 2, 10)),
    ]
    found = await ends(process, facts, every=17)
    assert found[0] == (
        {"GZ": 600, "SZ": 510},
        {"R-1": ("base-increment", 1, 10), "R-2": ("default", 2, 100), "R-3": ("ruling", 3, 1000)},
    )
    assert all(each == found[0] for each in found)


async def test_r43_revenue_of_a_customer_routed_to_a_specialty_bureau_is_the_bureaus(
    work: Work,
) -> None:
    """R-43: the bureau owns from its day on; the city that declared keeps what was before."""
    await take(
        work,
        owned(ELECTRONICS, "GZ", on=date(2026, 1, 1), rule="signing-place"),
        owned(ELECTRONICS, "GD-EMS", version=2, on=date(2026, 2, 1), rule="specialty"),
        revenue(ELECTRONICS, "R-1", 10, on=date(2026, 1, 31)),
        revenue(ELECTRONICS, "R-2", 20, on=date(2026, 2, 1)),
    )
    assert await unit_revenue(work) == {"GZ": 10, "GD-EMS": 20}
    assert await kept(work) == {"R-1": ("signing-place", 1, 10), "R-2": ("specialty", 2, 20)}
