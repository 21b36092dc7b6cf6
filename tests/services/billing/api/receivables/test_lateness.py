"""B-13, B-17, B-20: what is open and overdue on a day, and how many days late customers pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from shared.contracts.envelope import Event
from shared.service import Runtime
from tests.services.billing.books import as_fact, cancelled, charge, payment
from tests.support import cast
from tests.support.cast import ELECTRONICS, INSURER
from tests.support.http import Asking

DUE = date(2026, 1, 31)


async def tell(process: Runtime, *facts: Event) -> None:
    """Let billing take `facts`."""
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])


async def get(client: httpx.AsyncClient, path: str, **question: Any) -> dict[str, Any]:
    """A report."""
    answer = await client.get(f"/v1/reports/{path}", params=question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def lateness(client: httpx.AsyncClient, **question: Any) -> dict[str, Any]:
    """Of one customer: its figures, without the key."""
    (row,) = (await get(client, "days-late", **question))["customers"]["items"]
    del row["customer_key"]
    return dict(row)


@pytest.mark.parametrize(
    ("on", "open_items", "overdue"),
    [
        ("2025-12-31", (0, "0.00"), (0, "0.00")),
        ("2026-01-01", (2, "300.00"), (0, "0.00")),
        ("2026-01-31", (2, "300.00"), (0, "0.00")),
        ("2026-02-01", (2, "300.00"), (1, "100.00")),
        ("2026-02-09", (2, "300.00"), (1, "100.00")),
        ("2026-02-10", (2, "240.00"), (1, "40.00")),
        ("2026-02-15", (2, "240.00"), (2, "240.00")),
        ("2026-02-20", (1, "40.00"), (1, "40.00")),
    ],
)
async def test_b13_b20_what_is_open_and_overdue_on_any_day_is_the_ledgers(
    asking: Asking,
    process: Runtime,
    on: str,
    open_items: tuple[int, str],
    overdue: tuple[int, str],
) -> None:
    """Both sides of every day on which something changes: overdue is from the day after."""
    await tell(
        process,
        charge(ELECTRONICS, "C-1", 100, due=DUE),
        charge(INSURER, "C-2", 200, due=date(2026, 2, 14)),
        payment(ELECTRONICS, "P-1", 60, "C-1", on=date(2026, 2, 10)),
        payment(INSURER, "P-2", 200, "C-2", on=date(2026, 2, 20)),
    )
    found = await get(asking(cast.CITY_DIRECTOR), "open-items", on=on)
    for part, expected in (("open", open_items), ("overdue", overdue)):
        assert (found[part]["instalments"], found[part]["instalments_balance"]) == expected, part
    ledger = await asking(cast.AUDITOR).get("/v1/ledger/trial-balance", params={"on": on})
    accounts = {each["account"]: each["balance"] for each in ledger.json()["accounts"]}
    assert found["open"]["balance"] == accounts["receivable"]
    listed = found["items"]["items"]
    assert sum(Decimal(item["balance"]) for item in listed) == Decimal(found["open"]["balance"])


async def test_b20_open_items_are_narrowed_paged_and_scoped(
    asking: Asking, process: Runtime
) -> None:
    await tell(
        process,
        charge(ELECTRONICS, "C-1", 100, due=DUE),
        charge(ELECTRONICS, "C-2", 50, due=date(2026, 12, 31)),
        charge(cast.SOFTWARE, "C-3", 70, due=DUE),
    )
    city = asking(cast.CITY_DIRECTOR)
    late = await get(city, "open-items", is_overdue=True)
    assert [item["ref"] for item in late["items"]["items"]] == ["C-1"]
    assert late["open"]["balance"] == late["overdue"]["balance"] == "100.00"
    assert late["overdue"]["oldest_days"] == (date(2026, 3, 16) - DUE).days
    first = await get(city, "open-items", page_size=1)
    token = first["items"]["next_page_token"]
    rest = await get(city, "open-items", page_size=1, page_token=token)
    assert [item["ref"] for page in (first, rest) for item in page["items"]["items"]] == [
        *("C-1", "C-2")
    ]
    other = await get(asking(cast.OTHER_CITY_DIRECTOR), "open-items")
    assert other["open"]["balance"] == "70.00"


async def test_b17_days_late_are_weighted_by_the_yuan_that_were_late(
    asking: Asking, process: Runtime
) -> None:
    """60 of 100 yuan 10 days late, 40 of them 20, and 100 on the day: 7 of 200 yuan-days."""
    await tell(
        process,
        charge(ELECTRONICS, "C-1", 100, due=DUE),
        charge(ELECTRONICS, "C-2", 100, due=DUE),
        payment(ELECTRONICS, "P-1", 60, "C-1", on=date(2026, 2, 10)),
        payment(ELECTRONICS, "P-2", 40, "C-1", on=date(2026, 2, 20)),
        payment(ELECTRONICS, "P-3", 100, "C-2", on=DUE),
    )
    assert await lateness(asking(cast.CITY_DIRECTOR)) == {
        "instalments": 2,
        "settled": 2,
        "late": 1,
        "overdue": 0,
        "amount": "200.00",
        "weighted_days_late": "7.00",
        "average_days_late": "10.00",
        "max_days_late": 20,
    }
    earlier = await lateness(asking(cast.CITY_DIRECTOR), on="2026-02-15")
    assert earlier == {
        "instalments": 2,
        "settled": 1,
        "late": 1,
        "overdue": 1,
        "amount": "200.00",
        "weighted_days_late": "6.00",
        "average_days_late": "7.50",
        "max_days_late": 15,
    }, "what is still open on the day is late until then: (60 * 10 + 40 * 15) / 200"


async def test_b17_only_what_has_fallen_due_counts_and_a_cancelled_part_was_never_late(
    asking: Asking, process: Runtime
) -> None:
    await tell(
        process,
        charge(ELECTRONICS, "C-1", 100, due=DUE),
        charge(ELECTRONICS, "C-2", 100, due=date(2026, 2, 28)),
        cancelled("X-1", "C-1", "50", on=date(2026, 2, 20)),
        payment(ELECTRONICS, "P-1", 50, "C-1", on=date(2026, 2, 2)),
    )
    city = asking(cast.CITY_DIRECTOR)
    found = await lateness(city, on="2026-02-27")
    assert (found["instalments"], found["weighted_days_late"]) == (1, "2.00")
    assert (await lateness(city, on="2026-02-28"))["instalments"] == 2
    of_january = await lateness(city, on="2026-03-16", until_on="2026-01-31")
    assert (of_january["instalments"], of_january["max_days_late"]) == (1, 2)
    of_february = await lateness(city, from_on="2026-02-01")
    assert (of_february["settled"], of_february["overdue"], of_february["max_days_late"]) == (
        *(0, 1),
        16,
    )


async def test_b17_early_payment_is_not_late_and_the_latest_payers_stand_first(
    asking: Asking, process: Runtime
) -> None:
    await tell(
        process,
        payment(INSURER, "P-1", 100, "C-1", on=date(2025, 12, 1)),
        charge(INSURER, "C-1", 100, due=DUE),
        charge(ELECTRONICS, "C-2", 100, due=DUE),
        payment(ELECTRONICS, "P-2", 100, "C-2", on=date(2026, 2, 1)),
    )
    found = await get(asking(cast.CITY_DIRECTOR), "days-late")
    rows = found["customers"]["items"]
    assert [(row["customer_key"], row["weighted_days_late"]) for row in rows] == [
        (str(ELECTRONICS.key), "1.00"),
        (str(INSURER.key), "0.00"),
    ]
    assert (found["all"]["instalments"], found["all"]["weighted_days_late"]) == (2, "0.50")
    assert (found["from_on"], found["until_on"]) == (None, "2026-03-16"), "it has no beginning"
    nobody = await get(asking(cast.OTHER_CITY_DIRECTOR), "days-late")
    assert (nobody["all"]["instalments"], nobody["customers"]["items"]) == (0, [])
    refused = await asking(cast.CITY_DIRECTOR).get(
        "/v1/reports/days-late", params={"from_on": "2026-03-02", "until_on": "2026-03-01"}
    )
    assert refused.json()["type"] == "/problems/empty-period"
