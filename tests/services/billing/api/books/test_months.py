"""Closing the books over HTTP: who may, what is answered, and what others see of it."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from services.billing.storage.books.verification import differences
from shared.service import Runtime
from tests.services.billing.books import as_fact, payment, revenue
from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")


@pytest.fixture
def caller() -> cast.Person:
    return cast.PROVINCE_FINANCE


async def closed(client: httpx.AsyncClient, month: str) -> Any:
    answer = await client.post(f"/v1/months/{month}/close", json={})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def got(client: httpx.AsyncClient, path: str, **params: str) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_closed_month_answers_with_its_figures_b_34(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    figures = await closed(client, "2026-01")
    assert (figures["month"], figures["closed_by"], figures["revenue"]) == (
        "2026-01",
        "P008",
        "100.00",
    )
    assert sum(Decimal(each["balance"]) for each in figures["accounts"]) == 0
    await closed(client, "2026-02")
    listed = await got(asking(cast.MANAGER_A), "/v1/months")
    assert [each["month"] for each in listed["items"]] == ["2026-02", "2026-01"]
    assert await got(asking(cast.PROVINCE_DIRECTOR), "/v1/months/2026-01") == figures


async def test_many_who_close_at_once_close_it_once_while_others_pay_b_34(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    """Parallel clients: one closing, every payment in the books, and the same answer again."""

    async def pay(number: int) -> None:
        fact = payment(cast.INSURER, f"P-{number}", 1, on=date(2026, 1, 9))
        await furnished.receiver.receive([as_fact(fact).message])

    async def close(key: str) -> httpx.Response:
        headers = {"idempotency-key": key}
        return await client.post("/v1/months/2026-01/close", json={}, headers=headers)

    answers = await asyncio.gather(
        *(close(f"close-{number}") for number in range(3)),
        *(pay(number) for number in range(20, 26)),
    )
    closings = [each for each in answers if each is not None]
    assert sorted(each.status_code for each in closings) == [200, 409, 409]
    (first,) = [each for each in closings if each.status_code == 200]
    again = await close(first.request.headers["idempotency-key"])
    assert again.json() == first.json()
    async with furnished.works.begin() as work:
        paid = await work.rows(
            "SELECT coalesce(booked_on, event_on) <= '2026-01-31' AS is_in, count(*) FROM journal"
            " WHERE kind = 'payment' AND amount = 1 GROUP BY 1"
        )
        assert sum(row["count"] for row in paid) == 6
        assert [each async for _, found in differences(work) for each in found] == []


async def test_other_units_see_their_own_revenue_of_it_and_no_balances(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    await closed(client, "2026-01")
    shenzhen = await got(asking(cast.OTHER_CITY_DIRECTOR), "/v1/months/2026-01")
    assert [(each["unit"], each["amount"]) for each in shenzhen["units"]] == [("SZ", "40.00")]
    assert (shenzhen["revenue"], shenzhen["accounts"]) == ("40.00", [])


@pytest.mark.parametrize(
    ("person", "month", "status", "code"),
    [
        (cast.MANAGER_A, "2026-01", 403, "role-missing"),
        (cast.FINANCE, "2026-01", 403, "not-closing-staff"),
        (cast.PROVINCE_FINANCE, "2026-03", 409, "month-not-over"),
        (cast.PROVINCE_FINANCE, "0000-01", 422, "no-such-month"),
        (cast.PROVINCE_FINANCE, "2026-13", 422, "invalid-input"),
    ],
)
async def test_what_cannot_be_closed_is_refused_b_34(
    asking: Asking, person: cast.Person, month: str, status: int, code: str
) -> None:
    answer = await asking(person).post(f"/v1/months/{month}/close", json={})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


async def test_an_open_month_has_no_figures_yet(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/months/2026-01")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/month-is-open")


async def test_reports_by_the_books_stay_and_by_the_event_follow_b_34(
    client: httpx.AsyncClient, asking: Asking, furnished: Runtime
) -> None:
    """Revenue and trial balance of a closed month, by both days, with what came late."""
    await closed(client, "2026-01")
    async with furnished.works.begin() as work:
        late = revenue(cast.INSURER, "R-9", 11, on=date(2026, 1, 31))
        await CONSUMERS.dispatch(work, [as_fact(late)])
    director = asking(cast.PROVINCE_DIRECTOR)
    january = {"from_on": "2026-01-01", "until_on": "2026-01-31"}
    for dates, amount in (("booked", 100), ("occurred", 111)):
        (whole,) = (await got(director, "/v1/revenue", **january, dates=dates))["items"]
        assert Decimal(whole["amount"]) == amount
        ledger = await got(director, "/v1/ledger/trial-balance", on="2026-01-31", dates=dates)
        assert ledger["balance"] == "0.00"
        accounts = {each["account"]: each["balance"] for each in ledger["accounts"]}
        assert Decimal(accounts["revenue"]) == -amount
    lines = (await got(director, "/v1/ledger/journal", customer_key=str(cast.INSURER.key)))["items"]
    assert ("2026-01-31", "2026-02-01") in [(each["event_on"], each["booked_on"]) for each in lines]
