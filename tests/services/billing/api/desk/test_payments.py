"""Payments that a person receives, and what he says about what they pay, over HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.services.billing.api.desk.desk import (
    booked,
    issue,
    payment,
    receive,
    refused,
    sent,
)
from tests.services.billing.books import balances, charge, check_books, open_items, told, unapplied
from tests.services.billing.books import payment as reported_payment
from tests.support import cast
from tests.support.http import Asking

MARCH, APRIL = date(2026, 3, 20), date(2026, 4, 30)
WHY = {"reason": "客户来函说明"}


@pytest.fixture
def caller() -> cast.Person:
    return cast.FINANCE


@pytest.fixture
async def charged(process: Runtime) -> Runtime:
    """Two charges of 100 yuan, C-1 due in March, C-2 due in April."""
    await booked(
        process,
        charge(cast.ELECTRONICS, "C-1", 100, due=MARCH),
        charge(cast.ELECTRONICS, "C-2", 100, due=APRIL),
        charge(cast.INSURER, "C-9", 100, due=APRIL),
    )
    return process


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    listed = (await client.get("/v1/receivables")).json()["items"]
    return {row["ref"]: row["receivable_id"] for row in listed}


async def still_open(process: Runtime) -> dict[str, Any]:
    async with process.works.begin() as work:
        await check_books(work)
        return await open_items(work)


async def test_b19_a_payment_is_received_on_a_voucher_and_pays_what_it_names(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    taken = await receive(client, amount="60.00", remittance=["C-2"])
    assert (taken["voucher"], taken["received_by"]) == ("V-1", cast.FINANCE.code)
    assert [each["amount"] for each in taken["allocations"]] == ["60.00"]
    assert await still_open(charged) == {"C-1": 100, "C-2": 40, "C-9": 100}


async def test_b17_a_voucher_is_used_once(client: httpx.AsyncClient, charged: Runtime) -> None:
    await receive(client, amount="60.00")
    again = await refused(client, "/v1/payments", payment(amount="60.00"))
    assert again == (409, "voucher-used")
    other = payment(amount="60.00", customer_key=str(cast.INSURER.key))
    assert await refused(client, "/v1/payments", other) == (409, "voucher-used")
    assert await still_open(charged) == {"C-1": 40, "C-2": 100, "C-9": 100}


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "1.001", 5, "1e2"])
async def test_an_amount_that_is_none_is_refused(client: httpx.AsyncClient, amount: object) -> None:
    answer = await client.post("/v1/payments", json=payment(amount=amount))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/amount"


async def test_what_is_received_tomorrow_is_refused(client: httpx.AsyncClient) -> None:
    later = payment(received_on="2099-01-01")
    assert await refused(client, "/v1/payments", later) == (422, "in-the-future")


async def test_b36_money_in_a_personal_account_is_refused_and_kept_as_a_case(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    personal = payment(company_account="6222-0000-1111")
    for _ in range(2):
        assert await refused(client, "/v1/payments", personal) == (422, "not-a-company-account")
    (case,) = (await client.get("/v1/payments/compliance-cases")).json()["items"]
    assert (case["account"], case["amount"], case["state"]) == (
        "6222-0000-1111",
        "1000.00",
        "raised",
    )
    async with charged.works.begin() as work:
        assert "bank" not in await balances(work)


async def test_b17_a_pin_comes_before_cash_and_ends_when_it_is_released(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    paid = await receive(client, amount="60.00")
    assert await still_open(charged) == {"C-1": 40, "C-2": 100, "C-9": 100}
    receivable = (await ids(client))["C-2"]
    base = f"/v1/payments/{paid['payment_id']}"
    pin = await sent(client, f"{base}/pins", {**WHY, "receivable_id": receivable})
    assert (pin["set_by"], pin["kind"], pin["version"]) == (cast.FINANCE.code, "pin", 1)
    assert await still_open(charged) == {"C-1": 100, "C-2": 40, "C-9": 100}
    release = f"{base}/directives/{pin['directive_id']}/release"
    assert await refused(client, release, WHY, 2) == (412, "stale-version")
    ended = await sent(client, release, WHY, 1)
    assert (ended["released_by"], ended["version"]) == (cast.FINANCE.code, 2)
    assert await still_open(charged) == {"C-1": 40, "C-2": 100, "C-9": 100}
    assert await refused(client, release, WHY, 2) == (409, "directive-released")


async def test_b17_a_pin_gives_up_to_its_amount_and_an_explicit_remittance_comes_first(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    paid = await receive(client, amount="120.00", remittance=["C-1"])
    receivables = await ids(client)
    base = f"/v1/payments/{paid['payment_id']}"
    await sent(client, f"{base}/pins", {**WHY, "receivable_id": receivables["C-2"]})
    assert await still_open(charged) == {"C-2": 80, "C-9": 100}, "what it names comes first"
    other = await receive(client, voucher="V-2", amount="50.00", received_on="2026-03-11")
    body = {**WHY, "receivable_id": receivables["C-2"], "amount": "10.00"}
    await sent(client, f"/v1/payments/{other['payment_id']}/pins", body)
    shown = (await client.get(f"/v1/payments/{other['payment_id']}")).json()
    assert [(each["amount"], each["is_pinned"]) for each in shown["allocations"]] == [
        ("50.00", True)
    ], "ten by the pin, the rest as cash, on one instalment"


async def test_b17_what_is_unapplied_stays_so_whatever_comes_until_it_is_released(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    paid = await receive(client, amount="60.00")
    first = (await ids(client))["C-1"]
    base = f"/v1/payments/{paid['payment_id']}"
    bar = await sent(client, f"{base}/unapply", {**WHY, "receivable_id": first})
    assert await still_open(charged) == {"C-1": 100, "C-2": 40, "C-9": 100}
    async with charged.works.begin() as work:
        assert [fact["reason"] for fact in await told(work, PAYMENT_UNAPPLIED)] == []
    everything = await sent(client, f"{base}/unapply", WHY)
    assert await still_open(charged) == {"C-1": 100, "C-2": 100, "C-9": 100}
    async with charged.works.begin() as work:
        assert [fact["reason"] for fact in await told(work, PAYMENT_UNAPPLIED)] == ["unapplied"]
        assert await unapplied(work) == {"V-1": 60}
    await booked(charged, charge(cast.ELECTRONICS, "C-0", 5, due=date(2026, 3, 15)))
    assert (await still_open(charged))["C-0"] == 5
    await sent(client, f"{base}/directives/{everything['directive_id']}/release", WHY, 1)
    assert await still_open(charged) == {"C-1": 100, "C-2": 45, "C-9": 100}
    listed = (await client.get(f"{base}/directives")).json()
    assert [(each["kind"], each["version"]) for each in listed] == [("bar", 1), ("bar", 2)]
    assert listed[0]["directive_id"] == bar["directive_id"]


async def test_b17_one_instalment_is_pinned(client: httpx.AsyncClient, process: Runtime) -> None:
    parts = {MARCH: "40", APRIL: "60"}
    await booked(process, charge(cast.ELECTRONICS, "C-1", 100, parts=parts))
    paid = await receive(client, amount="30.00")
    receivable = (await ids(client))["C-1"]
    base = f"/v1/payments/{paid['payment_id']}"
    body = {**WHY, "receivable_id": receivable, "instalment": 2}
    await sent(client, f"{base}/pins", body)
    assert await still_open(process) == {"C-1": 40, "C-1/2": 30}
    third = await refused(client, f"{base}/pins", {**body, "instalment": 3})
    assert third == (422, "no-such-instalment")


async def test_b17_a_pin_holds_no_more_than_its_payment_and_pays_for_nobody_else(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    paid = await receive(client, amount="30.00")
    receivables = await ids(client)
    pins = f"/v1/payments/{paid['payment_id']}/pins"
    own = {**WHY, "receivable_id": receivables["C-2"]}
    too_much = await refused(client, pins, {**own, "amount": "30.01"})
    assert too_much == (422, "pin-too-large")
    await sent(client, pins, {**own, "amount": "30.00"})
    others = await refused(client, pins, {**WHY, "receivable_id": receivables["C-9"]})
    assert others == (409, "another-customers-charge")
    nobodys = await refused(client, pins, {**WHY, "receivable_id": paid["payment_id"]})
    assert nobodys == (404, "unknown-receivable")


async def test_b19_who_issued_a_charge_does_not_pin_its_payment(
    client: httpx.AsyncClient, process: Runtime
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 2000, due=date(2026, 2, 1)))
    await booked(process, reported_payment(cast.ELECTRONICS, "P-1", 100))
    (issued,) = await issue(client)
    (paid,) = (await client.get("/v1/payments")).json()["items"]
    answer = await refused(
        client,
        f"/v1/payments/{paid['payment_id']}/pins",
        {**WHY, "receivable_id": issued["receivable_id"]},
    )
    assert answer == (403, "duties-not-apart")


async def test_a_payment_elsewhere_is_not_to_be_touched(asking: Asking, charged: Runtime) -> None:
    paid = await receive(asking(cast.FINANCE), amount="10.00")
    theirs = await refused(
        asking(cast.OTHER_CITY_FINANCE), f"/v1/payments/{paid['payment_id']}/unapply", WHY
    )
    assert theirs == (403, "out-of-scope")


async def test_b17_bank_receipts_by_account_and_day(
    client: httpx.AsyncClient, charged: Runtime
) -> None:
    await receive(client, amount="60.00")
    await receive(client, voucher="V-2", amount="15.50")
    await booked(
        charged,
        reported_payment(cast.ELECTRONICS, "P-1", 20, on=date(2026, 3, 9)),
        reported_payment(cast.ELECTRONICS, "P-2", "-20", reverses="P-1", on=date(2026, 3, 10)),
    )
    march = {"from_on": "2026-03-01", "until_on": "2026-03-31"}
    days = (await client.get("/v1/bank-receipts", params=march)).json()["items"]
    assert [(each["day"], each["payments"], each["received"], each["net"]) for each in days] == [
        ("2026-03-10", 2, "75.50", "55.50"),
        ("2026-03-09", 1, "20.00", "20.00"),
    ]
    async with charged.works.begin() as work:
        assert (await balances(work))["bank"] == sum(Decimal(each["net"]) for each in days)


async def test_b36_a_case_is_reviewed_by_one_and_closed_by_another(
    asking: Asking, charged: Runtime
) -> None:
    await booked(charged, reported_payment(cast.ELECTRONICS, "P-1", 20, account="6222-1"))
    finance, auditor = asking(cast.FINANCE), asking(cast.AUDITOR)
    (case,) = (await auditor.get("/v1/payments/compliance-cases")).json()["items"]
    base = f"/v1/payments/compliance-cases/{case['case_id']}"
    closing = {"resolution": "paid-into-company-account", "finding": "款项已转入公司账户"}
    assert await refused(finance, f"{base}/close", closing, 1) == (409, "case-not-open")
    reviewed = await sent(auditor, f"{base}/review", {"finding": "收款人为业务员本人"}, 1)
    assert (reviewed["state"], reviewed["version"]) == ("reviewed", 2)
    assert await refused(auditor, f"{base}/close", closing, 2) == (403, "duties-not-apart")
    assert await refused(finance, f"{base}/close", closing, 1) == (412, "stale-version")
    closed = await sent(finance, f"{base}/close", closing, 2)
    assert closed["resolution"] == "paid-into-company-account"
    assert [step["staff_code"] for step in closed["steps"]] == [
        cast.AUDITOR.code,
        cast.FINANCE.code,
    ]
    again = await refused(auditor, f"{base}/review", {"finding": "再查"}, 3)
    assert again == (409, "case-not-open")
    state = {"state": "raised"}
    left = (await auditor.get("/v1/payments/compliance-cases", params=state)).json()["items"]
    assert left == []


async def test_b36_who_collected_the_money_decides_nothing_about_its_case(
    asking: Asking, charged: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    await refused(finance, "/v1/payments", payment(company_account="6222-1"))
    (case,) = (await finance.get("/v1/payments/compliance-cases")).json()["items"]
    review = f"/v1/payments/compliance-cases/{case['case_id']}/review"
    assert await refused(finance, review, {"finding": "无"}, 1) == (403, "duties-not-apart")


PAYMENT_UNAPPLIED = "dakehu.billing.payment_unapplied.v1"
