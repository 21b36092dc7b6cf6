"""Batches of messages against a real database: once each, refused with reason, or waiting."""

from __future__ import annotations

import asyncio
import random

from prometheus_client import REGISTRY

from shared.contracts.envelope import Event
from shared.errors import Conflict
from shared.messaging.cloudevents import Fact, Message
from shared.service import Runtime
from shared.work import Work
from tests.shared.messaging.conftest import count, fate_of, letters, taken
from tests.support.messages import message, observed, revenue
from tests.support.toy import Toy


async def test_a_message_delivered_twice_takes_effect_once(process: Runtime) -> None:
    await process.receiver.receive([observed("C-1")])
    await process.receiver.receive([revenue("r-1"), revenue("r-1")])
    await process.receiver.receive([revenue("r-1")])
    assert await taken(process) == ["C-1", "r-1"]
    assert await letters(process) == []


async def test_the_same_ref_under_another_event_id_is_a_duplicate(process: Runtime) -> None:
    await process.receiver.receive([observed("C-1"), revenue("r-1", id="a")])
    await process.receiver.receive([revenue("r-1", id="b")])
    assert await taken(process) == ["C-1", "r-1"]
    assert await letters(process) == []


async def test_a_known_ref_with_other_content_is_refused_and_the_first_stays(
    process: Runtime,
) -> None:
    await process.receiver.receive([observed("C-1"), revenue("r-1", id="a")])
    await process.receiver.receive([revenue("r-1", id="b", business_line="速递")])
    assert await taken(process) == ["C-1", "r-1"]
    assert await letters(process) == ["ref-conflict"]
    assert await fate_of(process, "r-1") == "accepted"


async def test_two_systems_may_use_the_same_event_id(process: Runtime) -> None:
    crm = message("customer_observed", {"code": "C-9", "name": "远洋贸易"}, system="crm", id="1")
    erp = message("customer_observed", {"code": "C-8", "name": "远洋贸易"}, system="erp", id="1")
    await process.receiver.receive([crm, erp])
    assert sorted(await taken(process)) == ["C-8", "C-9"]


async def test_a_corrected_resend_after_a_refusal_takes_the_ref(process: Runtime) -> None:
    foreign = {"amount": "12.50", "currency": "USD"}
    await process.receiver.receive([observed("C-1"), revenue("r-1", id="a", amount=foreign)])
    assert await fate_of(process, "r-1") == "refused"
    await process.receiver.receive([revenue("r-1", id="b")])
    assert await fate_of(process, "r-1") == "accepted"
    assert await taken(process) == ["C-1", "r-1"]


async def test_a_date_one_day_after_the_event_is_not_in_the_future(process: Runtime) -> None:
    await process.receiver.receive([observed("C-1"), revenue("r", occurred_on="2026-03-16")])
    assert await taken(process) == ["C-1", "r"]


async def test_a_source_that_is_not_the_subjects_system_is_refused(process: Runtime) -> None:
    ours = revenue("r")
    forged = Message(ours.subject, ours.headers, ours.body.replace(b'"/erp"', b'"/bank"'))
    await process.receiver.receive([forged])
    assert await letters(process) == ["foreign-source"]


async def test_a_binary_mode_message_is_taken_like_a_structured_one(process: Runtime) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "b-1",
        "ce-source": "/erp",
        "ce-type": "enterprise.customer_observed.v1",
        "ce-time": "2026-03-15T09:30:00+08:00",
        "content-type": "application/json",
    }
    body = '{"code": "C-1", "name": "远洋贸易"}'.encode()
    await process.receiver.receive([Message("enterprise.erp.customer_observed.v1", headers, body)])
    assert await taken(process) == ["C-1"]


async def test_a_fact_waits_for_what_it_names_and_is_taken_when_that_comes(
    process: Runtime,
) -> None:
    await process.receiver.receive([revenue("r-1"), revenue("r-2", code="C-2")])
    assert await taken(process) == []
    assert await fate_of(process, "r-1") == "waiting"
    await process.receiver.receive([observed("C-1")])
    assert await taken(process) == ["C-1", "r-1"]
    assert await fate_of(process, "r-1") == "accepted"
    assert await count(process, "waiting") == 1


async def test_waiting_messages_are_sealed(process: Runtime) -> None:
    await process.receiver.receive([revenue("secret-ref")])
    async with process.works.begin() as work:
        sealed = bytes(await work.value("SELECT message FROM kit.waiting"))
    assert b"secret-ref" not in sealed


async def test_what_was_read_and_what_was_refused_is_counted_by_event(process: Runtime) -> None:
    outcomes = [
        ("RevenueRecorded", "received"),
        ("RevenueRecorded", "foreign-currency"),
        ("unread", "unknown-type"),
    ]

    def counted() -> list[float]:
        name, service = "dakehu_facts_received_total", process.service.name
        labels = ({"service": service, "event": each, "outcome": of} for each, of in outcomes)
        return [REGISTRY.get_sample_value(name, label) or 0 for label in labels]

    before = counted()
    foreign = revenue("r-1", amount={"amount": "1.00", "currency": "USD"})
    unread = Message("enterprise.erp.moon_landed.v1", {}, b"{}")
    await process.receiver.receive([foreign, revenue("r-2"), unread])
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [2, 1, 1]


async def test_a_refused_fact_is_told_to_its_sender(process: Runtime) -> None:
    await process.receiver.receive([revenue("r", amount={"amount": "1.00", "currency": "USD"})])
    async with process.works.begin() as work:
        subjects = await work.rows("SELECT subject FROM kit.outbox")
    assert [row["subject"] for row in subjects] == ["dakehu.billing.fact_refused.v1"]


async def test_a_refusal_raised_for_one_fact_leaves_the_others_of_the_batch(
    process: Runtime, toy: Toy
) -> None:
    def refuse_bad(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "bad":
            work.refuse(fact, Conflict("不行", "no"))

    toy.interfere = refuse_bad
    await process.receiver.receive([observed("C-1"), revenue("bad"), revenue("good")])
    assert await taken(process) == ["C-1", "good"]
    assert await fate_of(process, "bad") == "refused"


async def test_a_waiting_fact_that_fails_does_not_hold_up_what_frees_it(
    process: Runtime, toy: Toy
) -> None:
    await process.receiver.receive([revenue("bad"), revenue("good")])

    def explode(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "bad":
            raise ZeroDivisionError

    toy.interfere = explode
    await process.receiver.receive([observed("C-1")])
    assert await taken(process) == ["C-1", "good"]
    assert await letters(process) == ["handler-failed"]


async def test_a_fact_and_what_makes_it_known_never_miss_each_other(process: Runtime) -> None:
    """Both sides at once, many times: every fact ends taken, none waits for what is there."""
    for number in range(25):
        code = f"C-{number}"
        halves = [revenue(f"r-{number}", code=code), observed(code)]
        random.shuffle(halves)
        await asyncio.gather(*(process.receiver.receive([half]) for half in halves))
    assert await count(process, "waiting") == 0
    assert len(await taken(process)) == 50


async def test_the_same_batch_on_two_replicas_takes_effect_once(process: Runtime) -> None:
    await process.receiver.receive([observed("C-1")])
    batch = [revenue(f"r-{number}") for number in range(200)]
    await asyncio.gather(
        process.receiver.receive(batch), process.receiver.receive(list(reversed(batch)))
    )
    assert sorted(await taken(process)) == sorted(["C-1", *(f"r-{n}" for n in range(200))])
