"""A discount's life over HTTP: three people, three units."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.api.desk.desk import refused
from tests.services.billing.books import COMPANY_ACCOUNT, as_fact
from tests.services.billing.handlers.concessions.giving import billed, tiered
from tests.support import cast
from tests.support.http import Asking

WANTED = {
    "customer_key": str(cast.ELECTRONICS.key),
    "business_line": "express",
    "rate": "0.08",
    "from_on": "2026-03-16",
    "until_on": "2026-12-31",
    "specialty_unit": "GD-EMS",
    "reason": "年用邮量大",
}


@pytest.fixture
async def graded(process: Runtime) -> Runtime:
    """The customer is gold in the scheme that governs discounts, and billed in April."""
    async with process.works.begin() as work:
        facts = [tiered(cast.ELECTRONICS, "gold"), billed()]
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    return process


async def step(
    client: httpx.AsyncClient, found: dict[str, Any], name: str, **more: object
) -> httpx.Response:
    return await client.post(
        f"/v1/discounts/{found['discount_id']}/{name}",
        json={"reason": "同意", **more},
        headers={"if-match": f'"{found["version"]}"'},
    )


async def applied(asking: Asking, **changes: object) -> dict[str, Any]:
    answer = await asking(cast.MANAGER_A).post("/v1/discounts", json={**WANTED, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.usefixtures("graded")
async def test_three_people_of_three_units_give_a_discount_b_26_b_27(asking: Asking) -> None:
    found = await applied(asking)
    assert (found["state"], found["tier"], found["ceiling"]) == ("pending", "gold", "0.10")
    bureau, market = asking(cast.SPECIALTY), asking(cast.MARKET_DEPARTMENT)
    waiting = (await bureau.get("/v1/discounts", params={"state": "pending"})).json()["items"]
    assert [each["discount_id"] for each in waiting] == [found["discount_id"]]
    assert (await bureau.get("/v1/receivables")).json()["items"] == [], "and nothing else of it"
    early = await step(market, found, "register")
    assert (early.status_code, early.json()["rule"]) == (409, "B-26")
    foreign = await step(market, found, "approve")
    assert foreign.status_code == 403
    approved = await step(bureau, found, "approve")
    assert approved.status_code == 200, approved.text
    assert (await step(market, found, "register")).status_code == 412
    given = await step(market, approved.json(), "register")
    assert given.json()["state"] == "in_force"
    path = f"/v1/discounts/{found['discount_id']}"
    seen = (await asking(cast.CITY_DIRECTOR).get(f"{path}/charges")).json()["items"]
    assert [(each["ref"], each["amount"]) for each in seen] == [("C-1", "80.00")]
    steps = (await bureau.get(f"{path}/steps")).json()
    assert [(each["step"], each["unit"]) for each in steps] == [
        ("apply", "GZ"),
        ("approve", "GD-EMS"),
        ("register", "GD"),
    ]
    payments = (await asking(cast.FINANCE).get("/v1/payments")).json()["items"]
    assert [(each["fund"], each["amount"]) for each in payments] == [("discount", "80.00")]
    ended = await step(market, given.json(), "withdraw", from_on="2026-04-01")
    assert (ended.json()["state"], ended.json()["until_on"]) == ("withdrawn", "2026-03-31")
    assert (await asking(cast.CITY_DIRECTOR).get(f"{path}/charges")).json()["items"] == []


@pytest.mark.usefixtures("graded")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"rate": "0.11"}, 422, "discount-too-high"),
        ({"rate": "0"}, 422, "invalid-input"),
        ({"rate": "1"}, 422, "invalid-input"),
        ({"rate": 0.05}, 422, "invalid-input"),
        ({"specialty_unit": "GZ-TH"}, 422, "no-specialty-bureau"),
        ({"from_on": "2026-03-15"}, 422, "invalid"),
        ({"until_on": "2026-03-15"}, 422, "invalid"),
        ({"until_on": "2027-03-17"}, 422, "invalid"),
        ({"customer_key": str(cast.DECLARED.key)}, 409, "unapproved-customer"),
        ({"customer_key": str(cast.INSURER.key)}, 409, "no-discount-for-tier"),
        ({"customer_key": str(cast.SOFTWARE.key)}, 403, "out-of-scope"),
    ],
)
async def test_what_cannot_be_given_is_said_at_once_b_27(
    asking: Asking, changes: dict[str, object], status: int, code: str
) -> None:
    answer = await asking(cast.MANAGER_A).post("/v1/discounts", json={**WANTED, **changes})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text


@pytest.mark.usefixtures("graded")
async def test_discounts_of_another_city_do_not_exist(asking: Asking) -> None:
    found = await applied(asking)
    elsewhere = asking(cast.OTHER_CITY_DIRECTOR)
    path = f"/v1/discounts/{found['discount_id']}"
    assert (await elsewhere.get(path)).status_code == 404
    assert (await elsewhere.get("/v1/discounts")).json()["items"] == []
    assert (await elsewhere.get(f"{path}/steps")).json() == []
    other_bureau = cast.Person("S010", "外局", "SZ", ("specialty",))
    assert (await step(asking(other_bureau), found, "approve")).status_code in (401, 403)


@pytest.mark.usefixtures("graded")
async def test_the_same_key_applies_once_b_35(asking: Asking) -> None:
    manager = asking(cast.MANAGER_A)
    headers = {"idempotency-key": "once"}
    answers = [await manager.post("/v1/discounts", json=WANTED, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await manager.get("/v1/discounts")).json()["items"]) == 1


@pytest.mark.usefixtures("graded")
async def test_a_discount_is_neither_led_elsewhere_nor_paid_out_b_27(asking: Asking) -> None:
    found = await applied(asking)
    approved = await step(asking(cast.SPECIALTY), found, "approve")
    await step(asking(cast.MARKET_DEPARTMENT), approved.json(), "register")
    finance = asking(cast.FINANCE)
    (credit,) = (await finance.get("/v1/payments")).json()["items"]
    path = f"/v1/payments/{credit['payment_id']}"
    (paid,) = (await finance.get(path)).json()["allocations"]
    aim = {"receivable_id": paid["receivable_id"], "reason": "另有约定"}
    assert await refused(finance, f"{path}/unapply", aim) == (409, "discount-stays")
    assert await refused(finance, f"{path}/pins", aim) == (409, "discount-stays")
    back = {
        "amount": "0.01",
        "from_account": COMPANY_ACCOUNT,
        "to_account": "4400-7788",
        "account_holder": cast.ELECTRONICS.name,
        "reason": "多付",
    }
    assert await refused(finance, f"{path}/refunds", back) == (409, "nothing-paid")
