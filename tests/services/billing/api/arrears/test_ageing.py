"""Ageing over HTTP: by customer, unit and line, as of any day, within the caller's scope (B-17)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.books import as_fact, charge, merged
from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")
ON = "2026-03-15"


async def aged(asking: Asking, person: cast.Person, **asked: str) -> dict[str, Any]:
    answer = await asking(person).get("/v1/ageing", params={"on": ON, **asked})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_is_owed_is_the_same_by_customer_unit_and_line_b_17(asking: Asking) -> None:
    by_customer, by_unit, by_line = [
        await aged(asking, cast.PROVINCE_DIRECTOR, by=by) for by in ("customer", "unit", "line")
    ]
    sums = [
        sum(Decimal(group["balance"]) for group in answer[field])
        for answer, field in ((by_customer, "customers"), (by_unit, "units"), (by_line, "lines"))
    ]
    assert sums == [Decimal(by_customer["balance"])] * 3
    assert by_unit["buckets"] == by_line["buckets"] == by_customer["buckets"]
    for answer in (by_customer, by_unit, by_line):
        for groups in (answer["customers"], answer["units"], answer["lines"]):
            for group in groups:
                parts = [Decimal(bucket["balance"]) for bucket in group["buckets"]]
                assert sum(parts) == Decimal(group["balance"])


async def test_a_unit_has_what_the_customers_owe_that_it_owned_on_the_day(asking: Asking) -> None:
    answer = await aged(asking, cast.PROVINCE_DIRECTOR, by="unit")
    balances = {group["unit"]: group["balance"] for group in answer["units"]}
    assert balances["SZ"] == "316.80", "the software house of Shenzhen, with its late fee"
    assert Decimal(balances[None]) > 500, "nobody said who owns the electronics works"


async def test_another_city_sees_none_of_it(asking: Asking) -> None:
    answer = await aged(asking, cast.OTHER_CITY_DIRECTOR, by="unit")
    assert [group["unit"] for group in answer["units"]] == ["SZ"]
    assert answer["balance"] == "316.80"
    ours = {"customer_key": str(cast.ELECTRONICS.key)}
    assert (await aged(asking, cast.OTHER_CITY_DIRECTOR, **ours))["balance"] == "0.00"
    items = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/ageing/items", params={"on": ON})
    assert [item["ref"] for item in items.json()["items"]] == ["C-3", "C-3"]


async def test_who_became_part_of_another_owes_with_it(asking: Asking, furnished: Runtime) -> None:
    async with furnished.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(merged(cast.INSURER, cast.ELECTRONICS))])
    apart = await aged(asking, cast.CITY_DIRECTOR, customer_key=str(cast.INSURER.key))
    together = await aged(asking, cast.CITY_DIRECTOR, customer_key=str(cast.ELECTRONICS.key))
    assert apart == together
    assert [each["customer_key"] for each in together["customers"]] == [str(cast.ELECTRONICS.key)]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, "not-due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (365, "181-365"), (366, "over-365")],
)
async def test_a_bucket_ends_with_its_last_day_b_17(
    asking: Asking, furnished: Runtime, days: int, bucket: str
) -> None:
    due = date.fromisoformat(ON) - timedelta(days=days)
    fact = charge(cast.TRAFFIC_POLICE, "C-9", "12.34", issued=due, due=due)
    async with furnished.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact)])
    items = await asking(cast.CITY_DIRECTOR).get(
        "/v1/ageing/items", params={"on": ON, "customer_key": str(cast.TRAFFIC_POLICE.key)}
    )
    (item,) = (each for each in items.json()["items"] if each["ref"] == "C-9")
    total = await aged(asking, cast.CITY_DIRECTOR, customer_key=str(cast.TRAFFIC_POLICE.key))
    in_bucket = {each["bucket"]: Decimal(each["balance"]) for each in total["buckets"]}
    assert (item["bucket"], item["days_overdue"]) == (bucket, days)
    assert in_bucket[bucket] == Decimal("12.34")
