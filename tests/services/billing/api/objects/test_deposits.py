"""A deposit's life over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support import cast
from tests.support.http import Asking

ELECTRONICS = str(cast.ELECTRONICS.key)


def deposit(**changes: object) -> dict[str, object]:
    return {
        "customer_key": ELECTRONICS,
        "object_code": "B1-2-301",
        "kind": "small",
        "amount": "500.00",
        "price": "800000.00",
        **changes,
    }


async def agreed(asking: Asking, **changes: object) -> dict[str, Any]:
    """A preliminary agreement for `deposit(**changes)`, signed by three people (B-05)."""
    terms = {key: deposit(**changes)[key] for key in ("customer_key", "object_code", "price")}
    manager, supervisor = asking(cast.MANAGER_A), asking(cast.SUPERVISOR)
    number = f"D-{uuid4()}"
    drawn = await manager.post("/v1/preliminary-agreements", json={**terms, "number": number})
    assert drawn.status_code == 201, drawn.text
    found: dict[str, Any] = drawn.json()
    path = f"/v1/preliminary-agreements/{found['preliminary_id']}/signatures"
    for asks, said in (
        (manager, {"party": "customer", "signatory": "王先生"}),
        (manager, {"party": "salesperson"}),
        (supervisor, {"party": "manager"}),
    ):
        headers = {"if-match": f'"{found["version"]}"'}
        answer = await asks.post(path, json=said, headers=headers)
        assert answer.status_code == 201, answer.text
        found = answer.json()
    assert found["state"] == "signed"
    return found


@pytest.fixture
def client(asking: Asking) -> httpx.AsyncClient:
    return asking(cast.FINANCE)


async def taken(asking: Asking, **changes: object) -> dict[str, Any]:
    await agreed(asking, **changes)
    answer = await asking(cast.FINANCE).post("/v1/deposits", json=deposit(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    return found


async def do(
    client: httpx.AsyncClient, what: str, found: dict[str, Any], **body: object
) -> httpx.Response:
    return await client.post(
        f"/v1/deposits/{found['deposit_id']}/{what}",
        json=body,
        headers={"if-match": f'"{found["version"]}"'},
    )


async def test_a_deposit_is_taken_upgraded_and_applied(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    small = await taken(asking)
    upgraded = await do(client, "upgrade", small, amount="20000.00")
    assert upgraded.status_code == 201, upgraded.text
    large = upgraded.json()
    assert (large["kind"], large["chain_amount"]) == ("large", "20500.00")
    signed = await asking(cast.MANAGER_A).post(
        "/v1/agreements",
        json={
            "number": "A-1",
            "object_code": "B1-2-301",
            "customer_key": ELECTRONICS,
            "price": "800000.00",
            "signed_at_unit": "GZ",
            "business_line": "property",
            "instalments": [
                {"number": 1, "amount": "240000.00", "due_on": "2026-03-16"},
                {"number": 2, "amount": "560000.00", "due_on": "2026-06-30"},
            ],
        },
    )
    assert signed.status_code == 201, signed.text
    agreement = signed.json()
    applied = await do(client, "apply", large, agreement_id=agreement["agreement_id"])
    assert applied.status_code == 200, applied.text
    assert applied.json()["settled_amount"] == "20500.00"
    receivable = (await client.get(f"/v1/receivables/{agreement['receivable_id']}")).json()
    assert receivable["balance"] == "779500.00"
    assert receivable["items"][0]["paid"] == "20500.00"
    changes = (await client.get(f"/v1/deposits/{small['deposit_id']}/changes")).json()
    assert [(each["state"], each["staff_code"]) for each in changes] == [
        ("taken", cast.FINANCE.code),
        ("upgraded", cast.FINANCE.code),
    ]
    payments = (await client.get("/v1/payments", params={"customer_key": ELECTRONICS})).json()
    assert [each["fund"] for each in payments["items"]] == ["deposit"]


async def test_an_object_is_one_however_its_code_is_typed_b_11(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    await taken(asking)
    again = await client.post("/v1/deposits", json=deposit(object_code=" ｂ1-2-301"))
    assert (again.status_code, again.json()["rule"]) == (409, "B-11")
    found = await client.get("/v1/deposits", params={"object_code": "b1-2-301"})
    assert [each["object_code"] for each in found.json()["items"]] == ["B1-2-301"]


async def test_the_same_key_takes_the_deposit_once_b_35(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    await agreed(asking)
    headers = {"idempotency-key": "once"}
    answers = [await client.post("/v1/deposits", json=deposit(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    listed = (await client.get("/v1/deposits")).json()["items"]
    assert len(listed) == 1


async def test_whoever_changes_a_deposit_shows_that_he_saw_it(asking: Asking) -> None:
    found = await taken(asking)
    client = asking(cast.CITY_DIRECTOR)
    without = await client.post(f"/v1/deposits/{found['deposit_id']}/refund", json={"reason": "…"})
    assert without.status_code == 428
    stale = await do(client, "refund", {**found, "version": 7}, reason="…")
    assert stale.status_code == 412
    refunded = await do(client, "refund", found, reason="客户放弃")
    assert (refunded.status_code, refunded.json()["state"]) == (200, "refunded")
    again = await do(client, "forfeit", refunded.json(), reason="…")
    assert again.status_code == 409
    assert again.json()["rule"] == "B-11"


async def test_who_collects_does_not_decide_b_11(asking: Asking) -> None:
    found = await taken(asking)
    answer = await do(asking(cast.FINANCE), "refund", found, reason="…")
    assert (answer.status_code, answer.json()["rule"]) == (403, "B-11")


async def test_a_price_cut_answers_with_a_warning_b_12(asking: Asking) -> None:
    large = {"kind": "large", "amount": "100000.00", "price": "500000.00"}
    found = await taken(asking, **large)
    assert found["warnings"] == []
    answer = await do(asking(cast.MANAGER_A), "reprice", found, price="400000.00", reason="调价")
    cut = answer.json()
    assert (cut["excess_amount"], cut["effective_amount"]) == ("20000.00", "80000.00")
    assert "B-12" in cut["warnings"][0]


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"amount": "299.99"}, "deposit-too-small", "/amount"),
        ({"kind": "large", "amount": "160000.01"}, "deposit-too-large", "/amount"),
        (
            {"kind": "large", "amount": "10000.00", "price": "49999.00"},
            "no-large-deposit-possible",
            "/price",
        ),
        ({"amount": 500}, "invalid-input", "/amount"),
        ({"amount": "500.001"}, "invalid-input", "/amount"),
        ({"kind": "medium"}, "invalid-input", "/kind"),
        ({"colour": "red"}, "invalid-input", "/colour"),
    ],
)
async def test_what_is_wrong_is_said_with_the_field_b_02(
    client: httpx.AsyncClient, changes: dict[str, object], code: str, pointer: str
) -> None:
    answer = await client.post("/v1/deposits", json=deposit(**changes))
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"].endswith(code), problem
    assert problem["errors"][0]["pointer"].endswith(pointer), problem


async def test_only_finance_reaches_the_till_b_04(asking: Asking) -> None:
    answer = await asking(cast.CITY_DIRECTOR).post("/v1/deposits", json=deposit())
    assert answer.status_code == 403


async def test_a_deposit_of_another_city_does_not_exist(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    found = await taken(asking)
    elsewhere = asking(cast.OTHER_CITY_FINANCE)
    assert (await elsewhere.get(f"/v1/deposits/{found['deposit_id']}")).status_code == 404
    assert (await elsewhere.get("/v1/deposits")).json()["items"] == []
    changes = await elsewhere.get(f"/v1/deposits/{found['deposit_id']}/changes")
    assert changes.json() == []
    assert (await do(elsewhere, "refund", found, reason="…")).status_code == 403


async def test_an_unapproved_customer_is_a_conflict_r_20(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/deposits", json=deposit(customer_key=str(cast.DECLARED.key)))
    assert answer.status_code == 409
    assert answer.json()["rule"] == "R-20"
