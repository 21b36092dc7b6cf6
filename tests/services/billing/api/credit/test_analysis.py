"""Assessments, financial data and the list of risks over HTTP (B-17, B-22)."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.api.credit.asked import BRANCH, HEAD, credit, limited, reserve
from tests.services.billing.books import as_fact, charge, owned, payment, revenue
from tests.support import cast
from tests.support.facts import batch
from tests.support.http import Asking

ELECTRONICS = cast.ELECTRONICS


@pytest.fixture
async def told(process: Runtime) -> Runtime:
    """Two groups of Guangzhou and a customer of Shenzhen that owe something."""
    facts = [
        *(owned(ELECTRONICS), owned(HEAD), owned(BRANCH), owned(cast.SOFTWARE)),
        revenue(ELECTRONICS, "R-1", 500, on=date(2026, 1, 10)),
        revenue(ELECTRONICS, "R-2", 300, on=date(2026, 2, 10)),
        revenue(ELECTRONICS, "R-3", 999, on=date(2025, 3, 16)),
        charge(ELECTRONICS, "C-1", 730, issued=date(2026, 1, 1), due=date(2026, 2, 14)),
        charge(ELECTRONICS, "C-2", 270, issued=date(2026, 3, 1), due=date(2026, 3, 31)),
        payment(ELECTRONICS, "P-1", 530, "C-1", on=date(2026, 2, 14)),
        charge(HEAD, "C-3", 500, issued=date(2026, 3, 1), due=date(2026, 3, 31)),
        charge(BRANCH, "C-4", 300, issued=date(2026, 3, 1), due=date(2026, 3, 31)),
        charge(cast.SOFTWARE, "C-5", 50, issued=date(2026, 1, 1), due=date(2026, 1, 31)),
    ]
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    return process


async def risks(client: httpx.AsyncClient, query: str = "") -> dict[str, list[str]]:
    answer = await client.get(f"/v1/credit/risks{query}")
    assert answer.status_code == 200, answer.text
    return {each["customer_key"]: each["reasons"] for each in answer.json()["items"]}


async def test_b22_a_customer_is_assessed_on_demand_and_explained(
    told: Runtime, asking: Asking
) -> None:
    client = asking(cast.MANAGER_A)
    made = await client.post("/v1/credit/assessments", json={"customer_key": str(ELECTRONICS.key)})
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["inputs"]["fell_due"] == "730.00"
    assert shown["inputs"]["paid_in_time"] == "530.00"
    assert shown["assessed_by"] == "G004"
    assert {part["part"]: part["weight"] for part in shown["parts"]} == {
        "punctuality": "40",
        "lateness": "30",
        "incidents": "20",
        "contracts": "10",
    }
    path = f"/v1/credit/assessments/{shown['assessment_id']}"
    assert (await client.get(path)).json() == shown
    listed = (await client.get("/v1/credit/assessments", params={"grade": shown["grade"]})).json()
    assert [each["assessment_id"] for each in listed["items"]] == [shown["assessment_id"]]
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get(path)).status_code == 404
    body = {"customer_key": str(ELECTRONICS.key)}
    assert (await stranger.post("/v1/credit/assessments", json=body)).status_code == 403


async def test_b22_the_financial_data_of_a_customer(told: Runtime, asking: Asking) -> None:
    client = asking(cast.CITY_DIRECTOR)
    found = (await client.get(f"/v1/credit/analysis/{ELECTRONICS.key}")).json()
    assert (found["from_on"], found["until_on"]) == ("2025-03-17", "2026-03-16")
    assert found["revenue"] == "800.00", "twelve months that end today"
    assert [each["month"] for each in found["months"]] == ["2026-01", "2026-02"]
    assert (found["billed"], found["received"]) == ("1000.00", "530.00")
    assert (found["receivable"], found["overdue"]) == ("470.00", "200.00")
    assert (found["overdue_share"], found["days_sales_outstanding"]) == ("0.4255", "171.5500")
    assert sum(float(each["balance"]) for each in found["ageing"]) == 470
    assert found["group"]["exposure"] == "470.00"
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await stranger.get(f"/v1/credit/analysis/{ELECTRONICS.key}")).status_code == 404


async def test_b17_groups_near_or_above_their_limit_or_long_overdue_are_named(
    told: Runtime, asking: Asking
) -> None:
    client = asking(cast.CITY_DIRECTOR)
    overdue = {str(ELECTRONICS.key): ["overdue"]}
    assert await risks(client) == overdue, "due on 14 February, 30 days on 16 March"
    await limited(asking, "1000.01")
    assert await risks(client) == overdue
    await reserve(client, "0.01", "PO-1")
    assert await risks(client) == overdue | {str(HEAD.key): ["near-limit"]}
    await limited(asking, "800.00")
    assert await risks(client) == overdue | {str(HEAD.key): ["over-limit"]}
    assert (await credit(client))["group"]["is_exceeded"] is True


async def test_b17_risks_are_seen_by_owner_unit_and_within_scope(
    told: Runtime, asking: Asking
) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    both = {str(ELECTRONICS.key): ["overdue"], str(cast.SOFTWARE.key): ["overdue"]}
    assert await risks(province) == both
    assert await risks(province, "?unit=SZ") == {str(cast.SOFTWARE.key): ["overdue"]}
    assert await risks(province, "?unit=GZ-TH") == {}
    assert await risks(asking(cast.OTHER_CITY_DIRECTOR)) == {str(cast.SOFTWARE.key): ["overdue"]}
    assert await risks(asking(cast.COUNTY_DIRECTOR)) == {}


async def test_b34_who_sees_a_branch_alone_sees_its_part_and_not_the_group(
    told: Runtime, asking: Asking
) -> None:
    grown = await credit(asking(cast.CITY_DIRECTOR), BRANCH)
    assert (grown["group"]["exposure"], len(grown["members"])) == ("800.00", 2)
    at_panyu = cast.Person("Y001", "何敏", "GZ-PY", ("director",))
    async with told.works.begin() as work:
        await CONSUMERS.dispatch(work, batch(at_panyu.changed()))
    own = await credit(asking(at_panyu), BRANCH)
    assert own["group"] is None
    assert [(each["customer_key"], each["exposure"]) for each in own["members"]] == [
        (str(BRANCH.key), "300.00")
    ]
    answer = await asking(at_panyu).get(f"/v1/credit/customers/{HEAD.key}")
    assert [each["customer_key"] for each in answer.json()["members"]] == [str(BRANCH.key)]
