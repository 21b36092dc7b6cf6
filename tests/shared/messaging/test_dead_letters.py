"""What cannot be taken is kept with its reason, replayed or discarded."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from psycopg import DataError

from shared.contracts.billing import RevenuePosted
from shared.contracts.envelope import Event
from shared.errors import Conflict, Refusal
from shared.messaging import dead_letters
from shared.messaging.cloudevents import Fact, Message
from shared.messaging.encoding import Written
from shared.messaging.receiving import HandlerFailed
from shared.service import Runtime
from shared.work import Work
from tests.shared.messaging.conftest import letters, taken
from tests.support.messages import message, observed, revenue
from tests.support.toy import Toy

NEW = {"code": "C-7", "name": "远洋贸易"}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Message("enterprise.erp.revenue_recorded.v1", {}, b"\xff not json"), "undecodable"),
        (Message("enterprise.erp.revenue_recorded.v1", {}, b"[1, 2]"), "undecodable"),
        (revenue("r", amount={"amount": 12.5, "currency": "CNY"}), "undecodable"),
        (revenue("r", amount={"amount": "12.505", "currency": "CNY"}), "undecodable"),
        (revenue("r", customer={"customer_id": "4401000000100"}), "undecodable"),
        (revenue("r", amount={"amount": "12.50", "currency": "USD"}), "foreign-currency"),
        (revenue("r", occurred_on="2026-03-17"), "in-the-future"),
        (Message("enterprise.erp.revenue_recorded.v2", {}, b"{}"), "unknown-type"),
        (Message("enterprise.erp.moon_landed.v1", {}, b"{}"), "unknown-type"),
        (message("revenue_recorded", {}, source="/bank"), "undecodable"),
        (revenue("r", filler="x" * 600_000), "oversized"),
        (revenue("r", id="nobody can\x00store this"), "undecodable"),
        (message("customer_observed", NEW, source="/erp/\x00"), "undecodable"),
        (message("customer_observed", NEW, source="/bank/\x00"), "undecodable"),
        (message("customer_observed", NEW, type="\x00"), "undecodable"),
        (message("customer_observed", NEW, correlationid="\x00"), "undecodable"),
        (Message("enterprise.erp.revenue_recorded.v\u00b2", {}, b"{}"), "unknown-type"),
        (Message("enterprise.erp.revenue_recorded.v" + "9" * 5000, {}, b"{}"), "unknown-type"),
    ],
)
async def test_what_cannot_be_taken_becomes_one_dead_letter_with_a_reason(
    process: Runtime, bad: Message, code: str
) -> None:
    good = revenue("good")
    await process.receiver.receive([observed("C-1"), bad, good])
    await process.receiver.receive([bad, good])
    assert await taken(process) == ["C-1", "good"]
    async with process.works.begin() as work:
        (letter,) = await dead_letters.listing(work)
    assert letter["code"] == code
    assert letter["reason"]["zh"] and letter["reason"]["en"]


async def test_unknown_trouble_becomes_a_dead_letter_only_when_we_give_up(
    process: Runtime, toy: Toy
) -> None:
    def explode(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "C-bad":
            raise ZeroDivisionError

    toy.interfere = explode
    with pytest.raises(ZeroDivisionError):
        await process.receiver.receive_one(observed("C-bad"))
    assert await letters(process) == []
    await process.receiver.receive_one(observed("C-bad"), give_up=True)
    assert await letters(process) == ["handler-failed"]
    assert await taken(process) == []


async def test_a_fact_whose_refusal_cannot_be_written_is_kept_all_the_same(
    process: Runtime, toy: Toy
) -> None:
    def refuse(work: Work, fact: Fact[Event]) -> None:
        work.refuse(fact, Conflict("\x00", "no text that a database can hold"))

    toy.interfere = refuse
    with pytest.raises(DataError):
        await process.receiver.receive_one(observed("C-bad"))
    assert await letters(process) == []
    for _ in range(2):
        await process.receiver.receive_one(observed("C-bad"), give_up=True)
    assert await letters(process) == ["handler-failed"]


async def test_a_fact_that_would_be_told_in_too_many_words_is_the_only_one_refused(
    process: Runtime, toy: Toy
) -> None:
    await process.receiver.receive([revenue("long"), revenue("good")])

    def tell_at_length(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "long":
            work.publish(Written(RevenuePosted, "1", uuid4(), {"text": "x" * 600_000}))

    toy.interfere = tell_at_length
    await process.receiver.receive([observed("C-1")])
    assert await taken(process) == ["C-1", "good"]
    assert await letters(process) == ["fact-too-large"]


async def failed(process: Runtime, toy: Toy) -> UUID:
    """The letter of a fact on which the toy fails, and goes on failing."""

    def explode(work: Work, fact: Fact[Event]) -> None:
        raise ZeroDivisionError

    toy.interfere = explode
    await process.receiver.receive_one(observed("C-1"), give_up=True)
    async with process.works.begin() as work:
        (letter,) = await dead_letters.listing(work)
    letter_id: UUID = letter["id"]
    return letter_id


async def test_a_dead_letter_is_replayed_through_the_same_handler(
    process: Runtime, toy: Toy
) -> None:
    letter_id = await failed(process, toy)
    toy.interfere = lambda work, fact: None
    await process.receiver.replay(letter_id, "GD-001")
    assert await taken(process) == ["C-1"]
    assert await letters(process) == []
    with pytest.raises(Refusal):
        await process.receiver.replay(letter_id, "GD-001")
    assert await taken(process) == ["C-1"]


async def test_a_replay_on_which_our_code_fails_again_says_so_and_leaves_the_letter_open(
    process: Runtime, toy: Toy
) -> None:
    letter_id = await failed(process, toy)
    with pytest.raises(HandlerFailed, match="ZeroDivisionError"):
        await process.receiver.replay(letter_id, "GD-001")
    assert await letters(process) == ["handler-failed"]
    assert await taken(process) == []


async def test_a_replay_that_is_refused_again_leaves_the_letter_open(process: Runtime) -> None:
    await process.receiver.receive([revenue("r", amount={"amount": "1.00", "currency": "USD"})])
    async with process.works.begin() as work:
        (letter,) = await dead_letters.listing(work)
    with pytest.raises(Refusal):
        await process.receiver.replay(letter["id"], "GD-001")
    assert await letters(process) == ["foreign-currency"]


async def test_a_discarded_letter_keeps_its_reason_and_cannot_be_replayed(
    process: Runtime,
) -> None:
    await process.receiver.receive([Message("enterprise.erp.moon_landed.v1", {}, b"{}")])
    async with process.works.begin() as work:
        (letter,) = await dead_letters.listing(work)
        await dead_letters.discard(work, letter["id"], "GD-001", "测试数据")
    async with process.works.begin() as work:
        (closed,) = await dead_letters.listing(work, state="discarded")
    assert closed["resolution"] == "测试数据"
    with pytest.raises(Conflict):
        await process.receiver.replay(letter["id"], "GD-001")


async def test_reading_a_dead_letter_is_recorded(process: Runtime) -> None:
    await process.receiver.receive([revenue("r", amount={"amount": "1.00", "currency": "USD"})])
    async with process.works.begin() as work:
        (letter,) = await dead_letters.listing(work)
        shown = await dead_letters.show(work, letter["id"], "GD-001")
    assert '"USD"' in shown["message"]["body"]
    async with process.works.begin() as work:
        reads = await work.rows("SELECT which, staff_code FROM kit.sealed_reads")
    assert [tuple(row.values()) for row in reads] == [(str(letter["id"]), "GD-001")]
