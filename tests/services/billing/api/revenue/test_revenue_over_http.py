"""B-30, B-31, R-44, R-45: revenue over HTTP, by rule, with the year before, down to its lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from shared.contracts.envelope import Event
from shared.identifiers import derived_id
from shared.service import Runtime
from tests.services.billing.books import as_fact, revenue, split
from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")
YEAR = {"from_on": "2026-01-01", "until_on": "2026-12-31"}
RULING = derived_id("ruling", 9)


async def tell(process: Runtime, *facts: Event) -> None:
    """Let billing take `facts`."""
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])


async def items(client: httpx.AsyncClient, path: str = "", **question: Any) -> list[dict[str, Any]]:
    """The rows of a report of 2026."""
    answer = await client.get(f"/v1/revenue{path}", params=YEAR | question)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_r45_revenue_by_rule_is_the_ledgers(asking: Asking) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    rows = await items(province, by="rule")
    assert {row["rule"]: row["amount"] for row in rows} == {
        "base-increment": "170.00",
        "default": "120.00",
    }
    (own,) = await items(province, rule="base-increment")
    assert (own["base"], own["increment"]) == ("150.00", "20.00")


async def test_b30_a_figure_leads_to_the_lines_that_it_is_the_sum_of(asking: Asking) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    for row in await items(province, by=["unit", "line", "rule"]):
        narrowed = {key: row[key] for key in ("business_line", "rule")}
        lines = await items(province, "/lines", unit=row["unit"], **narrowed)
        own = [line for line in lines if line["unit"] == row["unit"]]
        assert sum(Decimal(line["amount"]) for line in own) == Decimal(row["amount"])
    increments = await items(province, "/lines", is_increment=True)
    assert {(line["unit"], line["amount"], line["ref"]) for line in increments} == {
        ("GZ-TH", "50.00", "R-2"),
        ("GZ-TH", "-30.00", "R-3"),
    }


async def test_b30_growth_is_against_the_same_days_a_year_earlier(
    asking: Asking, process: Runtime
) -> None:
    await tell(
        process,
        revenue(cast.INSURER, "OLD-1", 40, on=date(2025, 2, 28)),
        revenue(cast.INSURER, "OLD-2", 10, on=date(2025, 7, 1), line="letters"),
        revenue(cast.INSURER, "OLD-3", 99, on=date(2024, 12, 31)),
    )
    city = asking(cast.CITY_DIRECTOR)
    own = {"customer_key": str(cast.INSURER.key), "compare": "year-before"}
    (row,) = await items(city, **own)
    assert (row["amount"], row["before_amount"], row["growth_percent"]) == (
        "50.00",
        "50.00",
        "0.00",
    )
    rows = await items(city, by=["month", "line"], **own)
    assert [
        (row["month"], row["business_line"], row["amount"], row["before_amount"]) for row in rows
    ] == [
        ("2026-02", "express", "50.00", "40.00"),
        ("2026-07", "letters", "0.00", "10.00"),
    ]
    assert [row["growth_percent"] for row in rows] == ["25.00", "-100.00"]


async def test_b30_a_period_that_is_none_or_cannot_be_compared_is_refused(asking: Asking) -> None:
    client = asking(cast.CITY_DIRECTOR)
    for question, problem in (
        ({"from_on": "2026-02-01", "until_on": "2026-01-31"}, "/problems/empty-period"),
        (
            {"from_on": "2025-01-01", "until_on": "2026-01-01", "compare": "year-before"},
            "/problems/period-too-long",
        ),
    ):
        answer = await client.get("/v1/revenue", params=question)
        assert (answer.status_code, answer.json()["type"]) == (422, problem)


async def test_r45_a_posting_tells_by_which_rule_it_was_shared_before_the_ruling(
    asking: Asking, process: Runtime
) -> None:
    """R-37, R-45: re-stated, with the ruling and the version that it replaced."""
    ruling = split(cast.INSURER, {"SZ": "1"}, on=date(2026, 2, 1), rule="ruling", ruling_id=RULING)
    await tell(process, ruling)
    client = asking(cast.CITY_DIRECTOR)
    own = {"customer_key": str(cast.INSURER.key)}
    (listed,) = await items(client, "/postings", rule="ruling", **own)
    assert await items(client, "/postings", rule="default", **own) == []
    assert await items(client, "/postings", business_line="letters", **own) == []
    posting = (await client.get(f"/v1/revenue/postings/{listed['posting_id']}")).json()
    (before,) = posting["history"]
    assert (posting["rule"], posting["version"], posting["shares"]) == ("ruling", 2, [])
    assert (before["rule"], before["version"], before["reason"]) == ("default", 1, "ruling")
    assert before["ruling_id"] == str(RULING)
    lines = await items(client, "/lines", **own)
    assert [(line["kind"], line["amount"]) for line in lines] == [
        ("revenue", "50.00"),
        ("restatement", "-50.00"),
    ]
    assert all(line["rule"] == "ruling" for line in lines)


async def test_r45_the_lines_of_a_unit_are_for_it_and_those_above(asking: Asking) -> None:
    for person, total in (
        (cast.PROVINCE_DIRECTOR, 290),
        (cast.CITY_DIRECTOR, 160),
        (cast.COUNTY_DIRECTOR, 20),
        (cast.OTHER_CITY_DIRECTOR, 130),
    ):
        lines = await items(asking(person), "/lines", page_size=200)
        assert sum(Decimal(line["amount"]) for line in lines) == total
        (whole,) = await items(asking(person))
        assert Decimal(whole["amount"]) == total
