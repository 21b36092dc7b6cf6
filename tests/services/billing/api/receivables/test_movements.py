"""B-20: receivable and received reports; however they are grouped, they sum to the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.services.billing.api.desk.desk import booked, sent
from tests.services.billing.books import balances, cancelled, charge, owned, payment
from tests.support import cast
from tests.support.http import Asking

PERIOD = {"from_on": "2026-02-01", "until_on": "2026-12-31"}
DIMENSIONS = ("month", "unit", "line", "tariff-class", "customer")
WAYS = list(chain.from_iterable(combinations(DIMENSIONS, many) for many in (0, 1, 5)))


@pytest.fixture
async def traffic(process: Runtime, asking: Asking) -> Runtime:
    """A little of everything that moves receivables and money."""
    await booked(
        process,
        *(owned(each) for each in (cast.ELECTRONICS, cast.INSURER)),
        charge(cast.ELECTRONICS, "C-1", 1060, rate="0.06", due=date(2026, 1, 31)),
        charge(cast.ELECTRONICS, "C-2", 500, issued=date(2026, 2, 1), due=date(2026, 4, 30)),
        charge(cast.INSURER, "C-3", 300, issued=date(2026, 2, 5), due=date(2026, 4, 30)),
        cancelled("X-1", "C-2", "100"),
        payment(cast.ELECTRONICS, "P-1", 1200, "C-1", on=date(2026, 2, 10)),
        payment(cast.INSURER, "P-2", 310, on=date(2026, 3, 1)),
        payment(cast.INSURER, "P-3", -100, reverses="P-2", on=date(2026, 3, 2)),
    )
    finance = asking(cast.FINANCE)
    listed = (await finance.get("/v1/receivables", params={"ref": "C-3"})).json()["items"]
    given_up = await sent(
        finance,
        f"/v1/receivables/{listed[0]['receivable_id']}/write-off",
        {"evidence": "untraceable", "reason": "查无下落"},
    )
    await sent(
        asking(cast.CITY_DIRECTOR),
        f"/v1/write-offs/{given_up['request_id']}/approve",
        {"reason": "同意"},
        1,
    )
    return process


async def report(client: httpx.AsyncClient, what: str, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/v1/reports/{what}", params={**PERIOD, **asked})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def summed(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


async def test_b20_the_receivable_report_closes_on_the_ledgers_receivables(
    client: httpx.AsyncClient, traffic: Runtime
) -> None:
    async with traffic.works.begin() as work:
        ledger = await balances(work)
    for by in WAYS:
        rows = await report(client, "receivable", by=list(by))
        assert summed(rows, "closing") == ledger["receivable"]
        assert summed(rows, "written_off") == ledger["bad_debts"] == 90
        for row in rows:
            assert sum(Decimal(row[name]) * sign for name, sign in COLUMNS.items()) == 0, row


async def test_b20_the_received_report_is_what_the_bank_and_unapplied_cash_say(
    client: httpx.AsyncClient, traffic: Runtime
) -> None:
    async with traffic.works.begin() as work:
        ledger = await balances(work)
    for by in WAYS:
        rows = await report(client, "received", by=list(by))
        assert summed(rows, "received") - summed(rows, "returned") == ledger["bank"] == 1410
        assert summed(rows, "unapplied") == -ledger.get("unapplied_cash", Decimal(0))


async def test_b20_what_is_receivable_by_line_class_unit_and_customer(
    client: httpx.AsyncClient, traffic: Runtime
) -> None:
    by_customer = await report(client, "receivable", by="customer")
    assert {row["customer_key"] for row in by_customer} == {
        str(cast.ELECTRONICS.key),
        str(cast.INSURER.key),
    }
    (total,) = await report(client, "receivable")
    assert (total["opening"], total["raised"], total["taken_back"]) == (
        "1060.00",
        "800.00",
        "100.00",
    )
    assert {row["month"] for row in await report(client, "receivable", by="month")} == {
        "2026-01",
        "2026-02",
    }
    assert [row["unit"] for row in await report(client, "receivable", by="unit")] == ["GZ"]


async def test_b20_a_report_is_exported_with_the_same_sums(
    asking: Asking, traffic: Runtime
) -> None:
    client = asking(cast.CITY_DIRECTOR)
    for what, total in (("receivable", "期末应收"), ("received", "本期实收")):
        asked = {**PERIOD, "purpose": "月报", "by": "customer"}
        answer = await client.get(f"/v1/reports/{what}/export", params=asked)
        assert answer.status_code == 200, answer.text
        text = answer.content.decode("utf-8-sig").splitlines()
        assert total in text[0]
        assert len(text) == 3


async def test_a_report_of_another_city_shows_nothing_of_ours(
    asking: Asking, traffic: Runtime
) -> None:
    for what in ("receivable", "received"):
        assert await report(asking(cast.OTHER_CITY_DIRECTOR), what) == []


COLUMNS = {
    "opening": 1,
    "raised": 1,
    "taken_back": -1,
    "late_fees": 1,
    "paid": -1,
    "written_off": -1,
    "otherwise": -1,
    "closing": -1,
}
