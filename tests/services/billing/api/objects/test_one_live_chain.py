"""Many want the same object at once, over real HTTP: one gets it, the others are told why not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.billing.app import SERVICE
from shared.auth import DevelopmentIssuer
from tests.scenarios.served import Served, served
from tests.services.billing.api.objects.test_deposits import deposit
from tests.support import cast
from tests.support.databases import Databases

MANY = 12
CUSTOMERS = (cast.ELECTRONICS, cast.INSURER, cast.TRAFFIC_POLICE)


@pytest.fixture
async def billing(databases: Databases, issuer: DevelopmentIssuer) -> AsyncIterator[Served]:
    """Billing on a port of its own."""
    await databases.template(SERVICE)
    with databases.copy(SERVICE) as database:
        async with served(SERVICE, database, issuer) as running:
            yield running


def asking(billing: Served, person: cast.Person) -> httpx.AsyncClient:
    """A client with a connection of its own."""
    headers = {"authorization": f"Bearer {billing.token(person)}"}
    return httpx.AsyncClient(base_url=billing.url, headers=headers, timeout=60)


async def post(
    billing: Served, person: cast.Person, path: str, body: object, version: int = 1
) -> httpx.Response:
    async with asking(billing, person) as client:
        headers = {"idempotency-key": str(uuid4()), "if-match": f'"{version}"'}
        return await client.post(path, json=body, headers=headers)


async def agreed(billing: Served, customer: cast.Customer) -> None:
    terms = {"customer_key": str(customer.key), "object_code": "B1-2-301", "price": "800000.00"}
    drawn = await post(
        *(billing, cast.MANAGER_A, "/v1/preliminary-agreements"), {**terms, "number": customer.code}
    )
    path = f"/v1/preliminary-agreements/{drawn.json()['preliminary_id']}/signatures"
    for version, (person, said) in enumerate(
        (
            (cast.MANAGER_A, {"party": "customer", "signatory": "王先生"}),
            (cast.MANAGER_A, {"party": "salesperson"}),
            (cast.SUPERVISOR, {"party": "manager"}),
        ),
        1,
    ):
        answer = await post(billing, person, path, said, version)
        assert answer.status_code == 201, answer.text


def said_of(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((answer.status_code, answer.json().get("rule", "")) for answer in answers)


async def test_one_of_many_takes_the_first_deposit_and_tops_it_up_once_b_11(
    billing: Served,
) -> None:
    for customer in CUSTOMERS:
        await agreed(billing, customer)
    bodies = [deposit(customer_key=str(CUSTOMERS[each % 3].key)) for each in range(MANY)]
    answers = await asyncio.gather(
        *(post(billing, cast.FINANCE, "/v1/deposits", body) for body in bodies)
    )
    assert said_of(answers) == {(201, ""): 1, (409, "B-11"): MANY - 1}
    (won,) = (answer.json() for answer in answers if answer.status_code == 201)

    path = f"/v1/deposits/{won['deposit_id']}/upgrade"
    body = {"amount": "20000.00"}
    tops = await asyncio.gather(*(post(billing, cast.FINANCE, path, body) for _ in range(MANY)))
    assert said_of(tops)[201, ""] == 1
    assert said_of(tops)[412, ""] == MANY - 1
    live = await listed(billing, "/v1/deposits", state="taken")
    assert [each["chain_amount"] for each in live] == ["20500.00"]
    balance = await listed(billing, "/v1/deposits", object_code="B1-2-301")
    assert len(balance) == 2, "small and large: one chain"


async def test_of_many_who_sign_and_reserve_at_once_one_does_b_11(billing: Served) -> None:
    for customer in CUSTOMERS:
        await agreed(billing, customer)

    def contract(number: int) -> dict[str, object]:
        return {
            "number": f"A-{number}",
            "object_code": "B1-2-301",
            "customer_key": str(CUSTOMERS[number % 3].key),
            "price": "800000.00",
            "signed_at_unit": "GZ",
            "business_line": "property",
            "instalments": [{"number": 1, "amount": "800000.00", "due_on": "2099-12-31"}],
        }

    answers = await asyncio.gather(
        *(
            post(billing, cast.MANAGER_A, "/v1/agreements", contract(number))
            if number % 2
            else post(
                *(billing, cast.FINANCE, "/v1/deposits"),
                deposit(customer_key=str(CUSTOMERS[number % 3].key)),
            )
            for number in range(MANY)
        )
    )
    assert {answer.status_code for answer in answers} == {201, 409}
    deposits = await listed(billing, "/v1/deposits", state="taken")
    sales = await listed(billing, "/v1/agreements")
    assert len(sales) <= 1 and len(deposits) <= 1
    assert sales or deposits
    keys = {each["customer_key"] for each in (*deposits, *sales)}
    assert len(keys) == 1, "nobody buys what another has reserved"


async def listed(billing: Served, path: str, **query: Any) -> list[dict[str, Any]]:
    async with asking(billing, cast.FINANCE) as client:
        items: list[dict[str, Any]] = (await client.get(path, params=query)).json()["items"]
        return items
