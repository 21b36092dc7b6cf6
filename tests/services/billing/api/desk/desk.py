"""What tests at the desk send, and what they tell before."""

from __future__ import annotations

from typing import Any

import httpx

from services.billing.consumers import CONSUMERS
from shared.contracts.envelope import Event
from shared.service import Runtime
from tests.services.billing.books import COMPANY_ACCOUNT, as_fact
from tests.support import cast

ELECTRONICS = str(cast.ELECTRONICS.key)


def charge(**said: Any) -> dict[str, Any]:
    """A charge of 1060 yuan over Guangzhou's electronics company."""
    return {
        "ref": "H-1",
        "customer_key": ELECTRONICS,
        "business_line": "express",
        "amount": "1060.00",
        "issued_on": "2026-03-01",
        "due_on": "2026-03-31",
        **said,
    }


def payment(**said: Any) -> dict[str, Any]:
    """1000 yuan received from it, for whatever is due first."""
    return {
        "voucher": "V-1",
        "customer_key": ELECTRONICS,
        "company_account": COMPANY_ACCOUNT,
        "amount": "1000.00",
        "received_on": "2026-03-10",
        **said,
    }


async def issue(client: httpx.AsyncClient, **said: Any) -> list[dict[str, Any]]:
    """Issue a charge; the receivables that it became."""
    return list((await sent(client, "/v1/receivables", charge(**said)))["receivables"])


async def receive(client: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    """Receive a payment; as it stands then."""
    return await sent(client, "/v1/payments", payment(**said))


async def sent(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], version: int | None = None
) -> dict[str, Any]:
    """Send a command that is carried out; the answer."""
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = await client.post(path, json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def refused(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], version: int | None = None
) -> tuple[int, str]:
    """Send a command that is refused; status and code of the problem."""
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = await client.post(path, json=body, headers=headers)
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def booked(process: Runtime, *events: Event) -> None:
    """Let billing take facts of other systems, in one transaction."""
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(event) for event in events])
