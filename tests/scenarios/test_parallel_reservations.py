"""B-34: a credit limit is hard over real HTTP, whichever of two processes is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from services.billing.app import SERVICE
from shared.auth import DevelopmentIssuer
from tests.scenarios.served import EVERYBODY, Served, served
from tests.support.cast import INSURER, INSURER_BRANCH, PROVINCE_DIRECTOR, Person
from tests.support.clocks import SITE
from tests.support.databases import Databases

_ASKED_AT_ONCE = 50


def _client(asked: Served, person: Person) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {asked.token(person)}"}
    return httpx.AsyncClient(base_url=asked.url, headers=headers, timeout=60)


async def _post(client: httpx.AsyncClient, path: str, **body: object) -> httpx.Response:
    return await client.post(path, json=body, headers={"idempotency-key": str(uuid4())})


async def _limit(asked: Served, amount: str) -> None:
    async with _client(asked, EVERYBODY) as proposing, _client(asked, PROVINCE_DIRECTOR) as other:
        proposal: dict[str, Any] = (
            await _post(
                proposing,
                "/v1/credit/limits",
                customer_key=str(INSURER.key),
                amount=amount,
                reason="年度授信",
            )
        ).json()
        path = f"/v1/credit/limits/{proposal['proposal_id']}/approve"
        assert (await _post(other, path, reason="同意")).status_code == 200


async def test_b34_fifty_clients_of_two_processes_get_exactly_what_fits(
    databases: Databases, issuer: DevelopmentIssuer
) -> None:
    await databases.template(SERVICE)
    with databases.copy(SERVICE) as database:
        async with (
            served(SERVICE, database, issuer) as first,
            served(SERVICE, database, issuer) as second,
        ):
            await _limit(first, "1000.00")
            until_on = (datetime.now(SITE).date() + timedelta(days=7)).isoformat()
            async with _client(first, EVERYBODY) as one, _client(second, EVERYBODY) as two:

                async def reserve(number: int) -> int:
                    answer = await _post(
                        (one, two)[number % 2],
                        "/v1/credit/reservations",
                        customer_key=str((INSURER, INSURER_BRANCH)[number // 2 % 2].key),
                        amount="30.00",
                        purpose="设备采购",
                        ref=f"PO-{number}",
                        until_on=until_on,
                    )
                    return answer.status_code

                got = await asyncio.gather(*map(reserve, range(_ASKED_AT_ONCE)))
                shown = (await one.get(f"/v1/credit/customers/{INSURER.key}")).json()
    assert Counter(got) == {201: 33, 409: 17}
    assert (shown["group"]["reserved"], shown["group"]["available"]) == ("990.00", "10.00")
