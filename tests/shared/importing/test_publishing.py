"""Over a real broker: everything once, in confirmed batches, and on from where it stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import nats
import orjson
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, StreamConfig

from shared.contracts.enterprise import RevenueRecorded
from shared.importing.publishing import MayNotSend, Publisher
from shared.importing.settings import ImportSettings, NoPassword
from shared.importing.sinks import Ready, Taken
from shared.messaging.cloudevents import Message, decode
from shared.service import Service
from tests.shared.importing.conftest import REVENUE, Desk
from tests.support.clocks import SetClock
from tests.support.databases import settings_of
from tests.support.servers import NatsServer

SUBJECT = "enterprise.erp.revenue_recorded.v1"
PASSWORD = "in-tests-only"
ACCOUNTS = f"""
authorization {{ users = [
  {{ user: "root", password: "{PASSWORD}" }}
  {{ user: "import-erp", password: "{PASSWORD}", permissions: {{
     publish: ["{SUBJECT}"], subscribe: ["_INBOX_import-erp.>"] }} }}
  {{ user: "import-hr", password: "{PASSWORD}", permissions: {{
     publish: ["enterprise.hr.staff_left.v1"], subscribe: ["_INBOX_import-hr.>"] }} }}
] }}
"""


@pytest.fixture(scope="session")
def broker(new_nats_server: Callable[[str, str], NatsServer]) -> NatsServer:
    """A NATS with the users of two importers."""
    return new_nats_server("importing", ACCOUNTS)


@pytest.fixture
async def stream(broker: NatsServer) -> AsyncIterator[JetStreamContext]:
    """An empty ENTERPRISE stream."""
    client = await nats.connect(broker.url_for("root", PASSWORD))
    context = JetStreamContext(client, timeout=5)
    await _make_stream(client)
    yield context
    await context.delete_stream("ENTERPRISE")
    await client.close()


@pytest.fixture
def desk(
    tmp_path: Path, service: Service, clock: SetClock, broker: NatsServer, stream: JetStreamContext
) -> Desk:
    """Imports for real."""
    settings = settings_of(service, "postgresql://nobody@127.0.0.1:1/none", nats_url=broker.url)
    passwords = {f"IMPORT_{system}_NATS_PASSWORD": PASSWORD for system in ("ERP", "HR")}
    own = ImportSettings(passwords, tmp_path / "progress")
    return Desk(tmp_path, service, clock, settings, own)


def revenue(count: int, *, first: int = 1) -> str:
    """A file with `count` good rows."""
    rows = (f"R{n},C{n % 7},{n}.25,2026-03-01\n" for n in range(first, first + count))
    return "编号,客户,金额,日期\n" + "".join(rows)


async def stored(stream: JetStreamContext) -> list[dict[str, Any]]:
    """Every message of the stream, in order."""
    messages = []
    state = (await stream.stream_info("ENTERPRISE")).state
    for sequence in range(max(state.first_seq, 1), state.last_seq + 1):
        message = await stream.get_msg("ENTERPRISE", sequence)
        messages.append({"subject": message.subject, "body": message.data or b""})
    return messages


async def test_each_row_is_a_fact_that_services_can_read(
    desk: Desk, stream: JetStreamContext
) -> None:
    report = await desk.run("revenue", desk.write("a.csv", revenue(2)), REVENUE, dry_run=False)
    assert (report.sent, report.sent_before) == (2, 0)
    first, _ = await stored(stream)
    fact = decode(Message(first["subject"], {}, first["body"]))
    assert isinstance(fact.data, RevenueRecorded)
    assert (fact.system, fact.ref, str(fact.data.amount.amount)) == ("erp", "R1", "1.25")
    assert fact.source == "/erp/import"
    assert fact.data.amount.currency == "CNY"


async def test_a_dry_run_sends_nothing(desk: Desk, stream: JetStreamContext) -> None:
    await desk.run("revenue", desk.write("a.csv", revenue(3)), REVENUE)
    assert await stored(stream) == []


async def test_a_second_run_sends_nothing_again(desk: Desk, stream: JetStreamContext) -> None:
    file = desk.write("a.csv", revenue(1200))
    await desk.run("revenue", file, REVENUE, dry_run=False)
    again = await desk.run("revenue", file, REVENUE, dry_run=False)
    assert (again.sent, again.sent_before) == (0, 1200)
    assert len(await stored(stream)) == 1200


async def test_without_its_progress_a_second_run_repeats_the_ids_and_the_stream_drops_them(
    desk: Desk, stream: JetStreamContext
) -> None:
    file = desk.write("a.csv", revenue(40))
    await desk.run("revenue", file, REVENUE, dry_run=False)
    for progress in desk.own.folder.iterdir():
        progress.unlink()
    desk.clock.set(desk.clock.now().replace(hour=23))
    again = await desk.run("revenue", file, REVENUE, dry_run=False)
    assert (again.sent, again.sent_before) == (0, 40)
    assert len(await stored(stream)) == 40


async def test_corrected_rows_go_in_beside_those_already_sent(
    desk: Desk, stream: JetStreamContext
) -> None:
    text = revenue(3).replace("R2,C2,2.25", "R2,C2,two")
    report = await desk.run("revenue", desk.write("a.csv", text), REVENUE, dry_run=False)
    assert (report.sent, report.refused_rows) == (2, 1)
    corrected = desk.errors.read_text(encoding="utf-8-sig").replace("two", "2.25")
    await desk.run("revenue", desk.write("b.csv", corrected), REVENUE, dry_run=False)
    refs = [orjson.loads(message["body"])["data"]["ref"] for message in await stored(stream)]
    assert sorted(refs) == ["R1", "R2", "R3"]


async def test_a_broken_import_goes_on_where_it_stopped(
    desk: Desk, stream: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, take, batches = desk.write("a.csv", revenue(1700)), Publisher.take, 0

    async def take_two(self: Publisher, batch: list[Ready]) -> Taken:
        nonlocal batches
        batches += 1
        if batches > 2:
            raise KeyboardInterrupt
        return await take(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Publisher, "take", take_two)
        with pytest.raises(KeyboardInterrupt):
            await desk.run("revenue", file, REVENUE, dry_run=False)
    assert len(await stored(stream)) == 1000
    report = await desk.run("revenue", file, REVENUE, dry_run=False)
    assert (report.sent, report.sent_before) == (700, 1000)
    assert len(await stored(stream)) == 1700
    assert report.good == {"revenue_recorded": 1700}


async def test_a_full_stream_is_waited_out(desk: Desk, stream: JetStreamContext) -> None:
    config = (await stream.stream_info("ENTERPRISE")).config
    config.max_msgs = 600
    await stream.update_stream(config)
    file = desk.write("a.csv", revenue(900))
    running = asyncio.create_task(desk.run("revenue", file, REVENUE, dry_run=False))
    async with asyncio.timeout(30):
        while True:
            if (await stream.stream_info("ENTERPRISE")).state.messages >= 500:
                break
            await asyncio.sleep(0.02)
    assert not running.done()
    assert len(await stored(stream)) == 500
    await stream.purge_stream("ENTERPRISE")
    assert (await running).sent == 900
    assert len(await stored(stream)) == 400


async def test_a_system_that_may_not_send_the_event_is_told_so(
    desk: Desk, stream: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.relay.TIMEOUT_SECONDS", 0.3)
    mapping = REVENUE.replace("system: erp\n", "system: hr\n", 1)
    with pytest.raises(MayNotSend) as caught:
        await desk.run("revenue", desk.write("a.csv", revenue(2)), mapping, dry_run=False)
    assert "import-hr" in caught.value.detail_zh
    assert await stored(stream) == []


async def test_a_system_without_a_password_is_told_which_variable_to_set(desk: Desk) -> None:
    mapping = REVENUE.replace("system: erp\n", "system: old-crm\n", 1)
    with pytest.raises(NoPassword, match="IMPORT_OLD_CRM_NATS_PASSWORD"):
        await desk.run("revenue", desk.write("a.csv", revenue(1)), mapping, dry_run=False)


async def test_what_is_kept_of_progress_names_no_address_and_no_password(
    desk: Desk, stream: JetStreamContext
) -> None:
    await desk.run("revenue", desk.write("a.csv", revenue(2)), REVENUE, dry_run=False)
    (file,) = desk.own.folder.iterdir()
    assert json.loads(file.read_text()) == {"sent": 2}


async def _make_stream(client: Client) -> None:
    config = StreamConfig(
        name="ENTERPRISE",
        subjects=["enterprise.>"],
        duplicate_window=600,
        discard=DiscardPolicy.NEW,
    ).as_dict()
    reply = await client.request(
        "$JS.API.STREAM.CREATE.ENTERPRISE", json.dumps({**config, "allow_atomic": True}).encode()
    )
    assert "error" not in json.loads(reply.data), reply.data
