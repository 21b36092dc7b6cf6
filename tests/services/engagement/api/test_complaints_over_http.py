"""Complaints over HTTP: from taking in to call-back, and who may see what."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.services.engagement.events import at, closed, complained
from tests.services.engagement.stories import receive, sweep
from tests.support import cast
from tests.support.http import Asking

COMPLAINT = {
    "customer_key": str(cast.ELECTRONICS.key),
    "kind": "complaint",
    "text": "邮件延误三天，客户王先生来电",
    "occurred_at": "2026-03-16T09:00:00+08:00",
    "disputed": {"system": "erp", "type": "charge_raised", "ref": "INV-7"},
}


@pytest.fixture
def caller() -> cast.Person:
    return cast.COMPLAINT_HANDLER


@pytest.fixture
async def taken_in(client: httpx.AsyncClient, furnished: Runtime) -> httpx.Response:
    answer = await client.post("/v1/complaints", json=COMPLAINT)
    assert answer.status_code == 201, answer.text
    return answer


async def step(
    client: httpx.AsyncClient, case: httpx.Response, verb: str, **body: Any
) -> httpx.Response:
    url = f"/v1/complaints/{case.json()['complaint_id']}/{verb}"
    return await client.post(url, json=body, headers={"if-match": case.headers["etag"]})


async def test_E_38_a_case_goes_its_way_over_http(
    asking: Asking, client: httpx.AsyncClient, taken_in: httpx.Response
) -> None:
    assert taken_in.json()["disputed"]["ref"] == "INV-7"
    assert [clock["stage"] for clock in taken_in.json()["clocks"]] == [
        "accept",
        "answer",
        "resolve",
    ]
    manager = asking(cast.COUNTY_MANAGER)
    assigned = await step(client, taken_in, "assign", unit="GZ-TH", handler="T001")
    assert assigned.status_code == 200, assigned.text
    unanswered = await step(manager, assigned, "resolve", result="upheld", text="补投")
    assert (unanswered.status_code, unanswered.json()["rule"]) == (409, "E-38")
    answered = await step(manager, assigned, "answer", text="已说明原因")
    resolved = await step(manager, answered, "resolve", result="upheld", text="补投并致歉")
    ended = await step(client, resolved, "call-back", said="satisfied")
    assert (ended.json()["state"], ended.json()["result"]) == ("closed", "upheld")

    record = await client.get(f"/v1/complaints/{ended.json()['complaint_id']}/record")
    assert record.json()["text"] == COMPLAINT["text"]
    assert [s["text"] for s in record.json()["steps"] if s["step"] == "answered"] == ["已说明原因"]


async def test_the_words_of_a_case_stand_in_no_list(
    client: httpx.AsyncClient, taken_in: httpx.Response
) -> None:
    assert "延误" not in taken_in.text
    assert "延误" not in (await client.get("/v1/complaints")).text


async def test_a_case_of_another_city_is_not_there_until_it_is_assigned_to_it(
    asking: Asking, client: httpx.AsyncClient, taken_in: httpx.Response
) -> None:
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    url = f"/v1/complaints/{taken_in.json()['complaint_id']}"
    assert (await stranger.get(url)).status_code == 404
    await step(client, taken_in, "assign", unit="SZ")
    seen = await stranger.get(url)
    assert seen.json()["unit"] == "SZ"
    assert seen.json()["clocks"]


async def test_a_case_without_customer_and_unit_is_everybodys(
    asking: Asking, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await receive(work, complained("K1", at(date(2026, 3, 10))))
    for person in (cast.OTHER_CITY_DIRECTOR, cast.COMPLAINT_HANDLER):
        listed = (await asking(person).get("/v1/complaints")).json()["items"]
        assert [each["source_ref"] for each in listed] == ["K1"]


async def test_E_39_breaches_and_ageing_are_reported(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await receive(
            work,
            complained("K1", at(date(2026, 3, 10)), cast.ELECTRONICS),
            complained("K2", at(date(2026, 3, 10)), cast.ELECTRONICS),
        )
        await receive(work, closed("K2", at(date(2026, 3, 10), 15)))
        await sweep(work, date(2026, 3, 14))
    breaches = (await client.get("/v1/reports/complaint-breaches")).json()["items"]
    assert {(each["stage"], each["as_of"]) for each in breaches} == {
        ("accept", "2026-03-14"),
        ("answer", "2026-03-14"),
    }
    (ageing,) = (await client.get("/v1/reports/complaint-ageing")).json()["items"]
    assert (ageing["open"], ageing["open_7_days"], ageing["closed"]) == (1, 1, 1)
    assert (ageing["closed_in_24_hours"], ageing["median_hours_to_close"]) == (1, "6.000")
    breached = await client.get("/v1/complaints", params={"is_breached": True})
    assert [each["source_ref"] for each in breached.json()["items"]] == ["K1"]


async def test_E_37_a_compensation_takes_two_people(
    asking: Asking, client: httpx.AsyncClient, taken_in: httpx.Response
) -> None:
    url = f"/v1/complaints/{taken_in.json()['complaint_id']}/compensations"
    proposed = await client.post(url, json={"amount": "200.00"})
    assert proposed.status_code == 201, proposed.text
    approval = f"/v1/compensations/{proposed.json()['compensation_id']}/approve"
    headers = {"if-match": proposed.headers["etag"]}
    assert (await client.post(approval, json={}, headers=headers)).status_code == 403
    approved = await asking(cast.CITY_DIRECTOR).post(approval, json={}, headers=headers)
    assert (approved.status_code, approved.json()["approved_by"]) == (200, "G001")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "grumble"}, 422),
        ({"text": ""}, 422),
        ({"occurred_at": "2026-03-17T09:00:00+08:00"}, 422),
        ({"customer_key": str(cast.SOFTWARE.key)}, 403),
    ],
)
async def test_a_complaint_that_cannot_be_is_refused(
    client: httpx.AsyncClient, furnished: Runtime, changes: dict[str, str], status: int
) -> None:
    answer = await client.post("/v1/complaints", json=COMPLAINT | changes)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
