"""The routes that every service has."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from shared.http.app import create_api
from shared.messaging import dead_letters
from shared.messaging.cloudevents import Undecodable
from shared.migrations.revisions import newest
from shared.settings import Settings
from tests.shared.http.conftest import Asking
from tests.shared.http.notebook import SERVICE
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.messages import message


@pytest.fixture
async def letter_id(app: FastAPI) -> UUID:
    """A dead letter with a person's phone number in it."""
    unread = message("complaint_raised", {"phone": "13800000000"})
    async with app.state.process.works.begin() as work:
        refusal = Undecodable("读不懂", "cannot be read")
        return (await dead_letters.keep(work, [(unread, None, refusal)]))[0]


async def test_a_process_that_runs_lives_and_one_that_can_work_is_ready(asking: Asking) -> None:
    assert (await asking().get("/health/live")).json() == {"status": "live"}
    assert (await asking().get("/health/ready")).json() == {"status": "ready"}


async def test_a_process_of_the_release_before_stays_ready_when_the_database_has_moved_on(
    app: FastAPI, asking: Asking
) -> None:
    async def put_at(before: str, after: str) -> None:
        async with app.state.process.works.begin() as work:
            await work.run(
                "UPDATE alembic_version SET version_num = :after WHERE version_num LIKE :before",
                {"before": before, "after": after},
            )

    (head,) = [each for each in newest(SERVICE.package) if each.startswith("kit_")]
    for state, status in (("kit_9999_later", 200), ("kit_0001", 503), (head, 200)):
        await put_at("kit_%", state)
        assert (await asking().get("/health/ready")).status_code == status


async def test_metrics_count_requests_by_route_and_never_by_address(asking: Asking) -> None:
    await asking(cast.MANAGER_A).get("/v1/notes/0198a000-0000-7000-8000-000000000000")
    await asking().get("/v1/secret-thing")
    text = (await asking().get("/metrics")).text
    assert 'route="/v1/notes/{note_id}",service="engagement",status="404"' in text
    assert "0198a000" not in text
    assert "secret-thing" not in text


async def test_metrics_measure_what_lies_in_the_database(asking: Asking, letter_id: UUID) -> None:
    text = (await asking().get("/metrics")).text
    held = next(line for line in text.splitlines() if line.startswith("dakehu_dead_letters{"))
    assert float(held.split()[-1]) >= 1


async def test_openapi_names_roles_keys_and_problems(asking: Asking) -> None:
    schema = (await asking().get("/v1/openapi.json")).json()
    write = schema["paths"]["/v1/notes"]["post"]
    assert write["x-roles"] == ["account_manager"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in write["parameters"]}
    assert "application/problem+json" in write["responses"]["4XX"]["content"]
    assert "Problem" in schema["components"]["schemas"]


async def test_openapi_sums_a_route_up_by_the_first_line_of_its_docstring(asking: Asking) -> None:
    schema = (await asking().get("/v1/openapi.json")).json()
    assert schema["paths"]["/v1/notes"]["post"]["summary"] == "Write a note."


async def test_the_schema_of_an_event_is_where_its_dataschema_says(asking: Asking) -> None:
    schema = await asking().get("/contracts/dakehu.billing.revenue_posted.v1.json")
    assert schema.json()["$id"] == "/contracts/dakehu.billing.revenue_posted.v1.json"
    missing = await asking().get("/contracts/dakehu.billing.nothing.v1.json")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


async def test_the_page_for_people_names_no_other_host(asking: Asking) -> None:
    answer = await asking().get("/v1/docs")
    assert "/v1/notes/{note_id}" in answer.text
    assert "https://" not in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_only_operators_see_dead_letters_and_waiting_facts(
    asking: Asking, letter_id: UUID
) -> None:
    for path in ("/v1/dead-letters", f"/v1/dead-letters/{letter_id}", "/v1/waiting"):
        assert (await asking(cast.OPERATOR).get(path)).status_code == 200
        assert (await asking(cast.PROVINCE_DIRECTOR).get(path)).status_code == 403


async def test_a_list_of_letters_has_reasons_and_no_content(
    asking: Asking, letter_id: UUID
) -> None:
    answer = await asking(cast.OPERATOR).get("/v1/dead-letters", params={"page_size": 200})
    letter = next(each for each in answer.json()["items"] if each["id"] == str(letter_id))
    assert letter["code"] == "undecodable"
    assert "13800000000" not in answer.text


async def test_opening_a_letter_is_recorded(app: FastAPI, asking: Asking, letter_id: UUID) -> None:
    answer = await asking(cast.OPERATOR).get(f"/v1/dead-letters/{letter_id}")
    assert "13800000000" in answer.json()["message"]["body"]
    async with app.state.process.works.begin() as work:
        reader = await work.value(
            "SELECT staff_code FROM kit.sealed_reads WHERE which = :id", id=str(letter_id)
        )
    assert reader == cast.OPERATOR.code


async def test_a_letter_is_discarded_once_and_with_a_reason(
    asking: Asking, letter_id: UUID
) -> None:
    client = asking(cast.OPERATOR)
    path = f"/v1/dead-letters/{letter_id}/discard"
    assert (await client.post(path, json={})).status_code == 422
    assert (await client.post(path, json={"reason": "测试数据"})).status_code == 204
    assert (await client.post(path, json={"reason": "再来一次"})).status_code == 409


async def test_a_replay_that_is_refused_again_leaves_the_letter_open(
    asking: Asking, letter_id: UUID
) -> None:
    client = asking(cast.OPERATOR)
    answer = await client.post(f"/v1/dead-letters/{letter_id}/replay")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/undecodable"
    assert (await client.get(f"/v1/dead-letters/{letter_id}")).json()["state"] == "open"


async def test_the_fate_of_a_fact_is_told_to_its_sender_and_to_operators(
    app: FastAPI, asking: Asking
) -> None:
    async with app.state.process.works.begin() as work:
        await work.run(
            "INSERT INTO kit.fates (system, type, ref, event_id, digest, state, decided_at)"
            " VALUES ('erp', 'complaint_raised', 'K/7', '1', '', 'accepted', :now)",
            {"now": work.now},
        )

    async def ask(client: httpx.AsyncClient, ref: str = "K/7") -> int:
        answer = await client.get(f"/v1/facts/erp/complaint_raised/{ref}")
        if answer.status_code == 200:
            assert answer.json()["state"] == "accepted"
        return answer.status_code

    assert await ask(asking(cast.OPERATOR)) == 200
    assert await ask(asking(cast.OPERATOR), "K/8") == 404
    assert await ask(asking(cast.MANAGER_A, scope="facts:erp")) == 200
    assert await ask(asking(cast.MANAGER_A, scope="facts:crm")) == 403
    assert await ask(asking(cast.MANAGER_A)) == 403


async def test_a_process_whose_database_is_gone_is_alive_and_not_ready(
    settings: Settings, clock: SetClock
) -> None:
    nowhere = settings.model_copy(update={"database_url": "postgresql://x@127.0.0.1:1/x"})
    app = create_api(SERVICE, nowhere, clock)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert (await client.get("/health/live")).status_code == 200
        answer = await client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "dakehu_requests_total" in (await client.get("/metrics")).text
