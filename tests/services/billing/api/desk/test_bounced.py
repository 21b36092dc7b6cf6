"""A returned cheque told at the desk does what the fact does, by a second person (B-17, B-34)."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.services.billing.api.desk.desk import booked, issue, receive, refused, sent
from tests.services.billing.books import balances, charge, check_books, open_items, told
from tests.services.billing.books import payment as reported_payment
from tests.support import cast
from tests.support.http import Asking

MARCH = date(2026, 3, 20)
BOUNCED = {"notice": "N-77", "reason": "支票余额不足", "returned_on": "2026-03-12"}


@pytest.fixture
async def charged(process: Runtime) -> Runtime:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 100, due=MARCH))
    return process


async def paid(asking: Asking, **said: Any) -> tuple[httpx.AsyncClient, str, dict[str, Any]]:
    """A payment that the city's finance took: the province's client, where returns go, and it."""
    taken = await receive(asking(cast.FINANCE), amount="100.00", remittance=["C-1"], **said)
    return asking(cast.PROVINCE_FINANCE), f"/v1/payments/{taken['payment_id']}/returns", taken


async def books(process: Runtime) -> tuple[dict[str, Any], dict[str, Any]]:
    async with process.works.begin() as work:
        await check_books(work)
        return await balances(work), await open_items(work)


async def test_b34_what_it_had_paid_is_open_again_as_by_the_fact(
    asking: Asking, charged: Runtime
) -> None:
    before = await books(charged)
    other, path, taken = await paid(asking)
    back = await sent(other, path, {**BOUNCED, "amount": "40.00"}, taken["version"])
    assert (back["returned"], back["applied"]) == ("40.00", "60.00")
    assert (await books(charged))[1] == {"C-1": 40}
    rest = await sent(other, path, {**BOUNCED, "notice": "N-78"}, back["version"])
    assert (rest["returned"], rest["applied"], rest["unapplied"]) == ("100.00", "0.00", "0.00")
    assert await books(charged) == before
    listed = (await other.get(path)).json()
    assert [(each["ref"], each["amount"], each["told_by"]) for each in listed] == [
        ("N-77", "40.00", cast.PROVINCE_FINANCE.code),
        ("N-78", "60.00", cast.PROVINCE_FINANCE.code),
    ]
    assert listed[0]["reason"] == BOUNCED["reason"]
    async with charged.works.begin() as work:
        facts = await told(work, "dakehu.billing.payment_unapplied.v1")
    assert [fact["reason"] for fact in facts] == ["returned"] * len(facts)
    assert "支票" not in str(facts), "a reason stays with us"
    nothing_left = {**BOUNCED, "notice": "N-79"}
    assert await refused(other, path, nothing_left, rest["version"]) == (422, "return-too-large")


async def test_b19_whoever_took_the_money_or_issued_what_it_pays_does_not_say_that_it_bounced(
    asking: Asking, charged: Runtime
) -> None:
    _, path, taken = await paid(asking)
    own = asking(cast.FINANCE)
    assert await refused(own, path, BOUNCED, taken["version"]) == (403, "duties-not-apart")
    back_office = asking(cast.BACK_OFFICE)
    assert (await refused(back_office, path, BOUNCED, taken["version"]))[0] == 403
    province = asking(cast.PROVINCE_FINANCE)
    await issue(province, ref="H-1", amount="50.00")
    other = await receive(own, voucher="V-2", amount="50.00", remittance=["H-1"])
    assert other["allocations"]
    of_other = f"/v1/payments/{other['payment_id']}/returns"
    assert await refused(province, of_other, BOUNCED, other["version"]) == (403, "duties-not-apart")


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"returned_on": "2026-03-17"}, (422, "in-the-future")),
        ({"returned_on": "2026-03-09"}, (422, "returned-too-early")),
        ({"amount": "100.01"}, (422, "return-too-large")),
        ({"amount": "0.00"}, (422, "invalid-request")),
    ],
)
async def test_b34_a_return_that_cannot_be_is_refused(
    asking: Asking, charged: Runtime, changes: dict[str, str], answer: tuple[int, str]
) -> None:
    other, path, taken = await paid(asking)
    assert (await refused(other, path, {**BOUNCED, **changes}, taken["version"]))[0] == answer[0]
    if answer[1] != "invalid-request":
        said = await refused(other, path, {**BOUNCED, **changes}, taken["version"])
        assert said == answer


async def test_b35_a_notice_is_used_once_and_a_version_once(
    asking: Asking, charged: Runtime
) -> None:
    other, path, taken = await paid(asking)
    part = {**BOUNCED, "amount": "10.00"}
    assert await refused(other, path, part) == (428, "version-required")
    back = await sent(other, path, part, taken["version"])
    assert (await refused(other, path, part, taken["version"]))[0] == 412
    assert await refused(other, path, part, back["version"]) == (409, "notice-used")


async def test_b34_what_the_bank_told_by_itself_is_not_taken_back_twice(
    asking: Asking, charged: Runtime
) -> None:
    await booked(charged, reported_payment(cast.ELECTRONICS, "P-1", 100, "C-1"))
    other = asking(cast.PROVINCE_FINANCE)
    (listed,) = (await other.get("/v1/payments")).json()["items"]
    path = f"/v1/payments/{listed['payment_id']}/returns"
    await sent(other, path, BOUNCED, listed["version"])
    again = reported_payment(cast.ELECTRONICS, "P-2", -100, reverses="P-1", on=date(2026, 3, 12))
    await booked(charged, again)
    _, still_open = await books(charged)
    assert still_open == {"C-1": 100}
    (back,) = (await other.get(path)).json()
    assert back["told_by"] == cast.PROVINCE_FINANCE.code


async def test_b19_who_issued_a_charge_does_not_lead_money_there_by_ending_a_bar(
    asking: Asking, process: Runtime
) -> None:
    """Nor by taking it off what it pays now."""
    issuer, receiver = asking(cast.PROVINCE_FINANCE), asking(cast.FINANCE)
    (first,) = await issue(asking(cast.BACK_OFFICE), ref="H-1", amount="50.00")
    (second,) = await issue(issuer, ref="H-2", amount="50.00", due_on="2026-04-30")
    taken = await receive(receiver, amount="50.00")
    bars = f"/v1/payments/{taken['payment_id']}/unapply"
    off_first = {"receivable_id": first["receivable_id"], "reason": "客户来函"}
    assert await refused(issuer, bars, off_first) == (403, "duties-not-apart")
    bar = await sent(receiver, bars, {"reason": "客户来函"})
    release = f"/v1/payments/{taken['payment_id']}/directives/{bar['directive_id']}/release"
    assert (await sent(receiver, bars, off_first))["kind"] == "bar"
    assert await refused(issuer, release, {"reason": "解除"}, 1) == (403, "duties-not-apart")
    assert (await sent(receiver, release, {"reason": "解除"}, 1))["version"] == 2
    shown = (await receiver.get(f"/v1/payments/{taken['payment_id']}")).json()
    assert [each["receivable_id"] for each in shown["allocations"]] == [second["receivable_id"]]
