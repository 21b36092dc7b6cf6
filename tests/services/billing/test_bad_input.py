"""Bad input over the bus: nothing is lost, nothing booked twice, and two languages say why.

Each is told as another system tells it; what is wrong with it is the same over HTTP (api/desk).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from shared.contracts.envelope import Enterprise
from shared.messaging.cloudevents import Message
from shared.service import Runtime
from tests.services.billing.books import (
    as_fact,
    balances,
    cancelled,
    charge,
    check_books,
    open_items,
    payment,
    unapplied,
)
from tests.support.cast import ELECTRONICS


def message(event: Enterprise) -> Message:
    """`event` as it travels."""
    return as_fact(event).message


def altered(event: Enterprise, **data: Any) -> Message:
    """`event` as a sender would write it who does not keep to the contract."""
    sent = message(event)
    body = orjson.loads(sent.body)
    body["data"] |= data
    return Message(sent.subject, sent.headers, orjson.dumps(body))


async def letters(process: Runtime) -> list[tuple[str, str, str]]:
    async with process.works.begin() as work:
        await check_books(work)
        rows = await work.rows("SELECT code, reason FROM kit.dead_letters ORDER BY id")
        return [(row["code"], row["reason"]["zh"], row["reason"]["en"]) for row in rows]


async def test_b35_a_payment_twice_and_a_payment_file_twice_are_booked_once(
    process: Runtime,
) -> None:
    """The second run of a file sends the same numbers under new ids."""
    file = [payment(ELECTRONICS, f"P-{line}", "10.01") for line in range(5)]
    first = [message(each) for each in file]
    for messages in (first, first, [message(each) for each in file]):
        await process.receiver.receive(messages)
    async with process.works.begin() as work:
        assert (await balances(work))["bank"] * 100 == 5005
    assert await letters(process) == []


async def test_b35_a_known_number_with_another_amount_is_a_conflict_and_the_first_stays(
    process: Runtime,
) -> None:
    await process.receiver.receive([message(payment(ELECTRONICS, "P-1", 40))])
    await process.receiver.receive([message(payment(ELECTRONICS, "P-1", 41))])
    assert [code for code, _, _ in await letters(process)] == ["ref-conflict"]
    async with process.works.begin() as work:
        assert await unapplied(work) == {"P-1": 40}


async def test_b34_a_reversal_of_a_reversal_is_refused_for_payments_and_charges(
    process: Runtime,
) -> None:
    await process.receiver.receive(
        [
            message(charge(ELECTRONICS, "C-1", 100)),
            message(payment(ELECTRONICS, "P-1", 100)),
            message(payment(ELECTRONICS, "P-2", -60, reverses="P-1")),
            message(cancelled("X-1", "C-1", "50")),
        ]
    )
    await process.receiver.receive(
        [
            message(payment(ELECTRONICS, "P-3", 60, reverses="P-2")),
            message(cancelled("X-2", "X-1", kind="charge_cancelled")),
        ]
    )
    refused = await letters(process)
    assert [code for code, _, _ in refused] == ["reversal-of-reversal"] * 2
    async with process.works.begin() as work:
        assert await open_items(work) == {"C-1": 10}


@pytest.mark.parametrize(
    "amount",
    [
        {"amount": "10.001", "currency": "CNY"},
        {"amount": 10.01, "currency": "CNY"},
        {"amount": "1e3", "currency": "CNY"},
        {"amount": "10.00", "currency": "USD"},
        {"amount": "10.00"},
        "10.00",
    ],
    ids=str,
)
async def test_an_amount_with_three_decimals_or_in_another_currency_is_refused_alone(
    process: Runtime, amount: object
) -> None:
    await process.receiver.receive(
        [
            altered(payment(ELECTRONICS, "P-1", 10), amount=amount),
            altered(charge(ELECTRONICS, "C-1", 10), amount=amount),
            message(payment(ELECTRONICS, "P-2", 7)),
        ]
    )
    refused = await letters(process)
    assert len(refused) == 2
    assert all(chinese and english for _, chinese, english in refused)
    async with process.works.begin() as work:
        assert await unapplied(work) == {"P-2": 7}
        assert await open_items(work) == {}


LATER = {date(2026, 1, 10): "60", date(2026, 2, 10): "39.99"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (
            charge(ELECTRONICS, "C-1", 100, issued=date(2026, 1, 2), due=date(2026, 1, 1)),
            "到期日不能早于开票日",
        ),
        (charge(ELECTRONICS, "C-1", 100, parts=LATER), "各期金额之和须等于账单金额"),
        (charge(ELECTRONICS, "C-1", 106, rate="0.06", tax="8.75"), "税额与税率不符"),
        (charge(ELECTRONICS, "C-1", 100, tax="100.00"), "税额须在零与金额之间"),
        (charge(ELECTRONICS, "C-1", 0), "账单金额须大于零"),
    ],
    ids=["due-before-issue", "instalments", "tax-and-rate", "tax", "nothing"],
)
async def test_b13_a_charge_that_contradicts_itself_is_kept_with_its_reason_and_comes_again(
    process: Runtime, bad: Enterprise, said: str
) -> None:
    await process.receiver.receive([message(bad)])
    ((code, chinese, english),) = await letters(process)
    assert code == "invalid-charge"
    assert said in chinese
    assert english.isascii()
    await process.receiver.receive([message(charge(ELECTRONICS, "C-1", 100))])
    async with process.works.begin() as work:
        assert await open_items(work) == {"C-1": 100}, "a refused number may be sent corrected"


async def test_a_due_date_on_the_day_of_issue_is_no_contradiction(process: Runtime) -> None:
    on = date(2026, 1, 2)
    await process.receiver.receive([message(charge(ELECTRONICS, "C-1", 100, issued=on, due=on))])
    assert await letters(process) == []
