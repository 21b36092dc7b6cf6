"""Visits, verification and the gate over HTTP, by the people whose work it is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.support import cast
from tests.support.http import Asking

VISIT = {
    "customer_key": str(cast.ELECTRONICS.key),
    "target_level": "department-head",
    "target_name": "王经理",
    "started_at": "2026-03-13T09:00:00+08:00",
    "content": "与采购部商定二季度用邮计划",
    "expense": "320.50",
}


@pytest.fixture
def caller() -> cast.Person:
    return cast.MANAGER_A


@pytest.fixture
async def recorded(client: httpx.AsyncClient, furnished: Runtime) -> dict[str, Any]:
    answer = await client.post("/v1/visits", json=VISIT)
    assert answer.status_code == 201, answer.text
    visit: dict[str, Any] = answer.json()
    return visit


def version(answer: httpx.Response) -> dict[str, str]:
    return {"if-match": answer.headers["etag"]}


async def claim_of(client: httpx.AsyncClient, visit: dict[str, Any]) -> httpx.Response:
    listed = (await client.get("/v1/expenses")).json()["items"]
    (claim,) = [each for each in listed if each["visit_id"] == visit["visit_id"]]
    return await client.get(f"/v1/expenses/{claim['expense_id']}")


async def test_a_visit_is_recorded_and_shown_without_its_words(
    client: httpx.AsyncClient, recorded: dict[str, Any]
) -> None:
    assert (recorded["visited_on"], recorded["unit"]) == ("2026-03-13", "GZ")
    assert recorded["expense"] == "320.50"
    assert recorded["warning"] is None
    shown = await client.get(f"/v1/visits/{recorded['visit_id']}")
    assert shown.headers["etag"] == '"1"'
    assert "王" not in shown.text
    listed = (await client.get("/v1/visits", params={"staff_code": "G004"})).json()["items"]
    assert [each["visit_id"] for each in listed] == [recorded["visit_id"]]


async def test_E_13_a_visit_too_early_is_recorded_with_a_warning_in_both_languages(
    client: httpx.AsyncClient, recorded: dict[str, Any]
) -> None:
    again = VISIT | {"started_at": "2026-03-14T09:00:00+08:00"}
    answer = await client.post("/v1/visits", json=again)
    assert answer.status_code == 201
    warning = answer.json()["warning"]
    assert (warning["gap_days"], warning["minimum_gap_days"]) == (1, 3)
    assert "三" in warning["text_zh"] or "3" in warning["text_zh"]


async def test_R_20_a_visit_to_a_customer_not_approved_is_409(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    declared = VISIT | {"customer_key": str(cast.DECLARED.key)}
    answer = await client.post("/v1/visits", json=declared)
    assert (answer.status_code, answer.json()["rule"]) == (409, "R-20")
    research = await client.post("/v1/visits", json=declared | {"kind": "research"})
    assert research.status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expense", 320.5),
        ("expense", "0.00"),
        ("started_at", "2026-03-13T09:00:00"),
        ("kind", "Dedicated Visit"),
        ("surprise", 1),
    ],
)
async def test_a_wrong_field_is_named(
    client: httpx.AsyncClient, furnished: Runtime, field: str, value: object
) -> None:
    answer = await client.post("/v1/visits", json=VISIT | {field: value})
    assert answer.status_code == 422
    assert f"/{field}" in answer.text


async def test_E_25_and_E_26_an_expense_goes_through_the_gate(
    asking: Asking, recorded: dict[str, Any]
) -> None:
    visit_id = recorded["visit_id"]
    director, clerk = asking(cast.SALES_DIRECTOR), asking(cast.BACK_OFFICE)
    telephone = asking(cast.TELEPHONE)

    claim = await claim_of(director, recorded)
    url = f"/v1/expenses/{claim.json()['expense_id']}"
    early = await clerk.post(f"{url}/sign", json={"step": "entered"}, headers=version(claim))
    assert (early.status_code, early.json()["rule"]) == (409, "E-25")
    body = {"step": "director-signed", "on": "2026-03-15"}
    signed = await director.post(f"{url}/sign", json=body, headers=version(claim))
    assert signed.status_code == 200, signed.text
    entered = await clerk.post(f"{url}/sign", json={"step": "entered"}, headers=version(signed))
    assert [each["step"] for each in entered.json()["signatures"]] == [
        "director-signed",
        "entered",
    ]
    again = await clerk.post(f"{url}/sign", json={"step": "qualified"}, headers=version(entered))
    assert (again.status_code, again.json()["rule"]) == (403, "E-25")

    queue = (await telephone.get("/v1/verifications", params={"is_open": True})).json()["items"]
    assert [each["visit_id"] for each in queue] == [visit_id]
    check = await telephone.get(f"/v1/verifications/{visit_id}")
    call = await telephone.post(
        f"/v1/verifications/{visit_id}/calls",
        json={"found": "differs", "note": "客户称当日无人来访"},
        headers=version(check),
    )
    assert (call.status_code, call.json()["verdict"]) == (201, "differs")
    withheld = (await director.get(url)).json()
    assert (withheld["state"], withheld["reasons"]) == ("withheld", ["verification-differs"])


async def test_E_26_only_the_telephone_department_verifies(
    asking: Asking, recorded: dict[str, Any]
) -> None:
    visit_id = recorded["visit_id"]
    client = asking(cast.CITY_DIRECTOR)
    answer = await client.post(
        f"/v1/verifications/{visit_id}/calls",
        json={"found": "confirmed"},
        headers={"if-match": '"1"'},
    )
    assert answer.status_code == 403


async def test_a_change_without_the_version_that_was_seen_is_428_and_a_stale_one_412(
    asking: Asking, recorded: dict[str, Any]
) -> None:
    url = f"/v1/verifications/{recorded['visit_id']}/calls"
    client = asking(cast.TELEPHONE)
    body = {"found": "confirmed"}
    assert (await client.post(url, json=body)).status_code == 428
    stale = await client.post(url, json=body, headers={"if-match": '"7"'})
    assert stale.status_code == 412


async def test_the_words_of_a_visit_are_read_under_permission_and_who_read_is_noted(
    asking: Asking, recorded: dict[str, Any], process: Runtime
) -> None:
    url = f"/v1/visits/{recorded['visit_id']}/record"
    assert (await asking(cast.FINANCE).get(url)).status_code == 403
    assert (await asking(cast.OTHER_CITY_MANAGER).get(url)).status_code == 403
    read = await asking(cast.TELEPHONE).get(url)
    assert (read.json()["target_name"], read.json()["content"]) == (
        "王经理",
        "与采购部商定二季度用邮计划",
    )
    async with process.works.begin() as work:
        noted = await work.rows("SELECT kind, staff_code FROM disclosures")
    assert [tuple(row.values()) for row in noted] == [("visit", cast.TELEPHONE.code)]


async def test_another_city_sees_none_of_it(asking: Asking, recorded: dict[str, Any]) -> None:
    client = asking(cast.OTHER_CITY_DIRECTOR)
    for path in ("/v1/visits", "/v1/verifications", "/v1/expenses", "/v1/obligations"):
        assert (await client.get(path)).json()["items"] == []
    for path in ("/v1/visits", "/v1/verifications"):
        assert (await client.get(f"{path}/{recorded['visit_id']}")).status_code == 404
