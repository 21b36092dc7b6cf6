"""What tests of credit ask over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support import cast
from tests.support.http import Asking

HEAD, BRANCH = cast.INSURER, cast.INSURER_BRANCH


async def limited(asking: Asking, amount: str | None, **changes: object) -> dict[str, Any]:
    """A limit of the insurer's group, proposed by a manager and approved by the director."""
    proposed = await propose(asking(cast.MANAGER_A), amount, **changes)
    assert proposed.status_code == 201, proposed.text
    approved = await decide(asking(cast.CITY_DIRECTOR), proposed.json())
    assert approved.status_code == 200, approved.text
    found: dict[str, Any] = approved.json()
    return found


async def propose(
    client: httpx.AsyncClient, amount: str | None, **changes: object
) -> httpx.Response:
    body = {"customer_key": str(HEAD.key), "amount": amount, "reason": "年度授信", **changes}
    return await client.post("/v1/credit/limits", json=body)


async def decide(
    client: httpx.AsyncClient, proposal: dict[str, Any], what: str = "approve"
) -> httpx.Response:
    path = f"/v1/credit/limits/{proposal['proposal_id']}/{what}"
    return await client.post(path, json={"reason": "经审核"})


async def reserve(
    client: httpx.AsyncClient, amount: str, ref: str, **changes: object
) -> httpx.Response:
    body = {
        "customer_key": str(HEAD.key),
        "amount": amount,
        "purpose": "设备采购",
        "ref": ref,
        "until_on": "2026-03-20",
        **changes,
    }
    return await client.post("/v1/credit/reservations", json=body)


async def release(client: httpx.AsyncClient, reservation: dict[str, Any]) -> httpx.Response:
    return await client.post(
        f"/v1/credit/reservations/{reservation['reservation_id']}/release",
        json={"reason": "采购取消"},
        headers={"if-match": f'"{reservation["version"]}"'},
    )


async def credit(client: httpx.AsyncClient, customer: cast.Customer = HEAD) -> dict[str, Any]:
    answer = await client.get(f"/v1/credit/customers/{customer.key}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
