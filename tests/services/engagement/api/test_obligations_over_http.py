"""What is owed, over HTTP: lists, windows, decisions, the plan and the reports."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from shared.service import Runtime
from tests.services.engagement.events import tiered, visited
from tests.services.engagement.stories import hear, receive, sweep
from tests.support import cast
from tests.support.http import Asking


async def items(client: httpx.AsyncClient, path: str, **params: object) -> list[dict[str, object]]:
    answer = await client.get(path, params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, object]] = answer.json()["items"]
    return listed


async def test_E_02_and_E_04_what_is_owed_is_listed_by_unit_role_and_manager(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    listed = await items(client, "/v1/obligations")
    assert [(each["role"], each["minimum"], each["state"]) for each in listed] and {
        (each["role"], each["minimum"]) for each in listed
    } == {("marketing-centre-manager", 1), ("account-manager", 2)}
    assert len(await items(client, "/v1/obligations", unit="GZ")) == 2
    assert len(await items(client, "/v1/obligations", unit="GZ-TH")) == 2
    assert await items(client, "/v1/obligations", unit="GZ-PY") == []
    assert len(await items(client, "/v1/obligations", staff_code="T001")) == 1
    assert await items(client, "/v1/obligations", is_overdue="true") == []
    overdue = await items(client, "/v1/obligations", is_overdue="true", on="2026-04-01")
    assert len(overdue) == 2


async def test_C13_an_obligation_shows_the_window_for_the_next_contact(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await receive(work, visited("V1", cast.ELECTRONICS, date(2026, 3, 10)))
    (owed,) = await items(client, "/v1/obligations", role="account-manager")
    view = (await client.get(f"/v1/obligations/{owed['obligation_id']}")).json()
    assert (view["done"], view["window_from_on"], view["window_due_on"]) == (
        1,
        "2026-03-13",
        "2026-03-31",
    )
    assert view["decisions"] == []


async def test_a_missed_obligation_shows_its_decision_and_the_unit_its_overdue_ones(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await sweep(work, date(2026, 4, 1))
    missed = await items(client, "/v1/obligations", state="missed")
    view = (await client.get(f"/v1/obligations/{missed[0]['obligation_id']}")).json()
    (decision,) = view["decisions"]
    assert (decision["kind"], decision["as_of"]) == ("missed", "2026-04-01")
    report = await items(
        client, "/v1/reports/obligations", from_on="2026-03-01", to_on="2026-03-31"
    )
    assert report == [
        {"unit": "GZ-TH", "role": "account-manager", "met": 0, "due": 0, "overdue": 1},
        {"unit": "GZ-TH", "role": "marketing-centre-manager", "met": 0, "due": 0, "overdue": 1},
    ]


async def test_C8_accounts_without_a_rule_are_listed_with_the_reason(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await hear(work, tiered(cast.INSURER, "diamond"))
        await sweep(work, date(2026, 3, 2))
    (gap,) = await items(client, "/v1/reports/no-rule")
    assert (gap["customer_key"], gap["reason"], gap["tier"]) == (
        str(cast.INSURER.key),
        "no-row",
        "diamond",
    )


async def test_C1_the_plan_says_which_scheme_governs_visits(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    plan = (await client.get("/v1/cadence")).json()
    assert (plan["scheme"], plan["minimum_gap_days"]) == ("city-post-2012", 3)
    assert "manager-gold-monthly" in [row["code"] for row in plan["rows"]]
    before = await client.get("/v1/cadence", params={"on": "2011-12-31"})
    assert (before.status_code, before.json()["facts"]["policy"]) == (409, "cadence")


async def test_R_22_visits_made_in_spite_of_a_suspension_are_reported(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async with furnished.works.begin() as work:
        await receive(work, visited("V1", cast.SUSPENDED, date(2026, 3, 10)))
    (found,) = await items(client, "/v1/reports/visits-after-suspension")
    assert found["customer_key"] == str(cast.SUSPENDED.key)


@pytest.mark.parametrize("path", ["/v1/reports/no-rule", "/v1/reports/complaint-ageing"])
async def test_reports_are_for_those_who_supervise(
    asking: Asking, furnished: Runtime, path: str
) -> None:
    assert (await asking(cast.BRANCH_STAFF).get(path)).status_code == 403
