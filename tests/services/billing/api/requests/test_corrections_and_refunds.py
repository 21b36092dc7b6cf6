"""Corrections 退补 and refunds: one asks, another decides (B-17, B-18, B-19, B-36)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.service import Runtime
from tests.services.billing.api.desk.desk import booked, receive, refused, sent
from tests.services.billing.books import balances, charge, check_books, open_items, payment, told
from tests.support import cast
from tests.support.http import Asking

DUE = date(2026, 3, 31)
WHY = {"reason": "抄表差错"}
BACK = {
    "amount": "30.00",
    "from_account": "4400-1001-88",
    "to_account": "4400-7788",
    "account_holder": cast.ELECTRONICS.name,
    "reason": "多付",
}


async def receivable(asking: Asking, ref: str = "C-1") -> dict[str, Any]:
    listed = (await asking(cast.FINANCE).get("/v1/receivables", params={"ref": ref})).json()
    return dict(listed["items"][0])


async def ask(asking: Asking, **said: Any) -> dict[str, Any]:
    path = f"/v1/receivables/{(await receivable(asking))['receivable_id']}/corrections"
    body = {"direction": "refund", "amount": "30.00", **WHY, **said}
    return await sent(asking(cast.BACK_OFFICE), path, body)


async def ledger(process: Runtime) -> dict[str, Decimal]:
    async with process.works.begin() as work:
        await check_books(work)
        return await balances(work)


@pytest.fixture
async def charged(process: Runtime) -> Runtime:
    await booked(process, charge(cast.ELECTRONICS, "C-1", "106.00", tax="6.00", due=DUE))
    return process


async def test_b18_a_correction_is_posted_when_a_second_person_confirms_it(
    asking: Asking, charged: Runtime
) -> None:
    await booked(charged, payment(cast.ELECTRONICS, "P-1", 106))
    asked = await ask(asking, amount="53.00")
    assert "unapplied_cash" not in await ledger(charged)
    path = f"/v1/corrections/{asked['request_id']}/confirm"
    done = await sent(asking(cast.FINANCE), path, WHY, 1)
    assert (done["applied_by"], done["decided_by"]) == (cast.BACK_OFFICE.code, cast.FINANCE.code)
    assert await ledger(charged) == {
        "bank": 106,
        "unapplied_cash": -53,
        "output_vat": -3,
        "billed_clearing": -50,
    }
    shown = (await asking(cast.FINANCE).get(f"/v1/corrections/{asked['request_id']}")).json()
    assert [(step["version"], step["state"]) for step in shown["steps"]] == [
        (1, "applied"),
        (2, "approved"),
    ]
    again = await refused(asking(cast.CITY_DIRECTOR), path, WHY, 2)
    assert again == (409, "request-not-open")


async def test_b18_a_supplement_is_a_charge_of_its_own_that_names_what_it_corrects(
    asking: Asking, charged: Runtime
) -> None:
    asked = await ask(asking, direction="supplement", due_on="2026-04-30")
    await sent(asking(cast.FINANCE), f"/v1/corrections/{asked['request_id']}/confirm", WHY, 1)
    listed = (await asking(cast.FINANCE).get("/v1/receivables")).json()["items"]
    (extra,) = [row for row in listed if row["kind"] == "supplement"]
    assert extra["corrects"] == (await receivable(asking))["receivable_id"]
    assert (extra["amount"], extra["tax"]) == ("30.00", "1.70")
    assert extra["issued_by"] == cast.BACK_OFFICE.code
    assert (await ledger(charged))["receivable"] == 136


async def test_b19_who_asked_does_not_confirm_and_a_refusal_posts_nothing(
    asking: Asking, charged: Runtime
) -> None:
    path = f"/v1/receivables/{(await receivable(asking))['receivable_id']}/corrections"
    asked = await sent(
        asking(cast.FINANCE), path, {"direction": "refund", "amount": "30.00", **WHY}
    )
    decide = f"/v1/corrections/{asked['request_id']}"
    own = await refused(asking(cast.FINANCE), f"{decide}/confirm", WHY, 1)
    assert own == (403, "duties-not-apart")
    before = await ledger(charged)
    refusal = await sent(asking(cast.CITY_DIRECTOR), f"{decide}/refuse", WHY, 1)
    assert refusal["state"] == "refused"
    assert await ledger(charged) == before


async def test_b18_no_more_is_taken_back_than_the_charge_has(
    asking: Asking, charged: Runtime
) -> None:
    path = f"/v1/receivables/{(await receivable(asking))['receivable_id']}/corrections"
    body = {"direction": "refund", "amount": "106.01", **WHY}
    assert await refused(asking(cast.BACK_OFFICE), path, body) == (422, "correction-too-large")
    first, second = await ask(asking, amount="106.00"), await ask(asking, amount="0.01")
    finance = asking(cast.FINANCE)
    await sent(finance, f"/v1/corrections/{first['request_id']}/confirm", WHY, 1)
    late = await refused(finance, f"/v1/corrections/{second['request_id']}/confirm", WHY, 1)
    assert late == (422, "cancellation-too-large")
    assert await ledger(charged) == {}


async def test_b18_what_a_policy_demands_is_dealt_with_centrally(
    asking: Asking, charged: Runtime
) -> None:
    path = f"/v1/receivables/{(await receivable(asking))['receivable_id']}/corrections"
    body = {"direction": "refund", "amount": "1.00", "basis": "policy", **WHY}
    assert await refused(asking(cast.BACK_OFFICE), path, body) == (403, "not-your-task")


async def test_a_supplement_needs_a_due_date(asking: Asking, charged: Runtime) -> None:
    path = f"/v1/receivables/{(await receivable(asking))['receivable_id']}/corrections"
    for due in ({}, {"due_on": "2026-03-15"}):
        body = {"direction": "supplement", "amount": "1.00", **WHY, **due}
        assert (await refused(asking(cast.BACK_OFFICE), path, body))[0] == 422


async def test_b17_unapplied_cash_goes_back_when_another_approves(
    asking: Asking, charged: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    paid = await receive(finance, amount="136.00")
    asked = await sent(finance, f"/v1/payments/{paid['payment_id']}/refunds", BACK)
    assert (await ledger(charged))["unapplied_cash"] == -30
    path = f"/v1/refunds/{asked['request_id']}/approve"
    assert await refused(finance, path, WHY, 1) == (403, "duties-not-apart")
    await sent(asking(cast.CITY_DIRECTOR), path, WHY, 1)
    books = await ledger(charged)
    assert books["bank"] == 106
    assert "unapplied_cash" not in books
    days = {"from_on": "2026-03-01", "until_on": "2026-12-31"}
    receipts = (await finance.get("/v1/bank-receipts", params=days)).json()["items"]
    assert sum(Decimal(day["net"]) for day in receipts) == books["bank"]
    shown = (await finance.get(f"/v1/payments/{paid['payment_id']}")).json()
    assert (shown["returned"], shown["unapplied"]) == ("30.00", "0.00")


async def test_b36_money_goes_back_to_the_customers_own_account_alone(
    asking: Asking, charged: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    paid = await receive(finance, amount="136.00")
    path = f"/v1/payments/{paid['payment_id']}/refunds"
    person = await refused(finance, path, {**BACK, "account_holder": "王小明"})
    assert person == (422, "not-the-customers-account")
    elsewhere = await refused(finance, path, {**BACK, "from_account": "6222-1"})
    assert elsewhere == (422, "not-a-company-account")


async def test_b34_no_more_goes_back_than_is_unapplied_then_and_now(
    asking: Asking, charged: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    paid = await receive(finance, amount="136.00")
    path = f"/v1/payments/{paid['payment_id']}/refunds"
    too_much = await refused(finance, path, {**BACK, "amount": "30.01"})
    assert too_much == (422, "refund-too-large")
    asked = await sent(finance, path, BACK)
    assert await refused(finance, path, BACK) == (409, "asked-already")
    await booked(charged, charge(cast.ELECTRONICS, "C-2", "0.01", due=date(2026, 4, 30)))
    late = await refused(
        asking(cast.CITY_DIRECTOR), f"/v1/refunds/{asked['request_id']}/approve", WHY, 1
    )
    assert late == (422, "refund-too-large")
    async with charged.works.begin() as work:
        assert await open_items(work) == {}
        unapplied = await told(work, "dakehu.billing.payment_unapplied.v1")
        assert unapplied == []
