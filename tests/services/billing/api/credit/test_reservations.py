"""Reservations over HTTP: the limit of a group is hard, however many ask at once (B-34)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.billing.consumers import CONSUMERS
from services.billing.handlers.credit import reserve_credit
from shared.auth import DevelopmentIssuer
from shared.clock import Clock
from shared.http.app import create_api
from shared.service import Runtime, Service
from shared.settings import Settings
from tests.services.billing.api.credit.asked import (
    BRANCH,
    HEAD,
    credit,
    limited,
    release,
    reserve,
)
from tests.services.billing.books import as_fact, charge
from tests.support import cast
from tests.support.http import Asking

SELLER = cast.MANAGER_A


@pytest.fixture
async def second(
    service: Service, settings: Settings, clock: Clock, issuer: DevelopmentIssuer
) -> AsyncIterator[Asking]:
    """Clients of a second process of the service, with connections of its own."""
    other: FastAPI = create_api(service, settings, clock)
    async with other.router.lifespan_context(other):
        asking = Asking(other, issuer, clock, [])
        yield asking
        for client in asking.opened:
            await client.aclose()


async def raise_charge(process: Runtime, customer: cast.Customer, ref: str, amount: str) -> None:
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(charge(customer, ref, amount))])


async def test_b34_of_fifty_who_ask_at_once_exactly_those_that_fit_get_something(
    asking: Asking, second: Asking
) -> None:
    await limited(asking, "1000.00")
    processes = [asking(SELLER), second(SELLER)]
    answers = await asyncio.gather(
        *(
            reserve(
                processes[number % 2],
                "30.00",
                f"PO-{number}",
                customer_key=str((HEAD, BRANCH)[number // 2 % 2].key),
            )
            for number in range(50)
        )
    )
    assert Counter(each.status_code for each in answers) == {201: 33, 409: 17}
    group = (await credit(asking(SELLER)))["group"]
    assert (group["reserved"], group["available"]) == ("990.00", "10.00")
    refused = next(each.json() for each in answers if each.status_code == 409)
    assert refused["type"] == "/problems/credit-limit-reached"
    seen = refused["facts"]
    assert (seen["limit"], seen["asked"]) == ("1000.00", "30.00")
    assert (seen["exposure"], seen["limit_version"]) == ("990.00", 1)


async def test_b34_charges_and_reservations_of_the_whole_group_use_one_limit(
    asking: Asking, process: Runtime
) -> None:
    await limited(asking, "1000.00")
    await raise_charge(process, HEAD, "C-1", "300")
    await raise_charge(process, BRANCH, "C-2", "200")
    seller = asking(SELLER)
    assert (await reserve(seller, "500.01", "PO-1")).status_code == 409
    assert (await reserve(seller, "500.00", "PO-2")).status_code == 201
    group = (await credit(seller))["group"]
    assert (group["exposure"], group["use"], group["is_exceeded"]) == ("1000.00", "1.0000", False)


async def test_b34_what_is_released_can_be_reserved_again(asking: Asking) -> None:
    await limited(asking, "100.00")
    seller = asking(SELLER)
    first = (await reserve(seller, "100.00", "PO-1")).json()
    assert (await reserve(seller, "0.01", "PO-2")).status_code == 409
    released = await release(seller, first)
    assert (released.json()["state"], released.json()["left"]) == ("released", "0.00")
    assert (await release(seller, released.json())).status_code == 409
    assert (await reserve(seller, "100.00", "PO-3")).status_code == 201


async def test_b34_a_charge_that_names_its_reservation_uses_it_up(
    asking: Asking, process: Runtime
) -> None:
    await limited(asking, "100.00")
    seller = asking(SELLER)
    kept = (await reserve(seller, "100.00", "PO-1")).json()
    named = charge(HEAD, "C-1", 60).model_copy(
        update={"reservation_id": UUID(kept["reservation_id"])}
    )
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(named)])
    group = (await credit(seller))["group"]
    assert (group["receivable"], group["reserved"]) == ("60.00", "40.00")
    path = f"/v1/credit/reservations/{kept['reservation_id']}"
    assert (await seller.get(path)).json()["consumed"] == "60.00"
    changes = (await seller.get(f"{path}/changes")).json()
    assert [(each["state"], each["consumed"]) for each in changes] == [
        ("live", "0.00"),
        ("live", "60.00"),
    ]
    assert changes[1]["receivable_id"] is not None
    assert (await seller.get("/v1/credit/crossings")).json()["items"] == []


async def test_b34_what_the_desk_issues_uses_the_reservation_that_it_names(asking: Asking) -> None:
    await limited(asking, "100.00")
    kept = (await reserve(asking(SELLER), "100.00", "PO-1")).json()
    issued = await asking(cast.BACK_OFFICE).post(
        "/v1/receivables",
        json={
            "ref": "B-1",
            "customer_key": str(BRANCH.key),
            "business_line": "express",
            "amount": "100.00",
            "due_on": "2026-03-31",
            "reservation_id": kept["reservation_id"],
        },
    )
    assert issued.status_code == 201, issued.text
    group = (await credit(asking(SELLER)))["group"]
    assert (group["receivable"], group["reserved"], group["is_exceeded"]) == (
        "100.00",
        "0.00",
        False,
    )
    path = f"/v1/credit/reservations/{kept['reservation_id']}"
    assert (await asking(SELLER).get(path)).json()["state"] == "consumed"


async def test_b34_a_charge_takes_nothing_of_another_groups_reservation(
    asking: Asking, process: Runtime
) -> None:
    await limited(asking, "100.00")
    kept = (await reserve(asking(SELLER), "100.00", "PO-1")).json()
    strange = charge(cast.ELECTRONICS, "C-1", 60).model_copy(
        update={"reservation_id": UUID(kept["reservation_id"])}
    )
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(strange)])
    assert (await credit(asking(SELLER)))["group"]["reserved"] == "100.00"


async def test_b34_a_reservation_expires_at_the_end_of_its_last_day(
    asking: Asking, process: Runtime
) -> None:
    seller = asking(SELLER)
    kept = (await reserve(seller, "100.00", "PO-1")).json()
    for on, state in ((date(2026, 3, 20), "live"), (date(2026, 3, 21), "expired")):
        async with process.works.begin(today=on) as work:
            await reserve_credit.expire_due(work, on)
        path = f"/v1/credit/reservations/{kept['reservation_id']}"
        assert (await seller.get(path)).json()["state"] == state


async def test_b35_the_same_request_reserves_once_and_a_number_belongs_to_one(
    asking: Asking,
) -> None:
    seller = asking(SELLER)
    seller.headers["idempotency-key"] = "reserve-once"
    first = await reserve(seller, "10.00", "PO-1")
    again = await reserve(seller, "10.00", "PO-1")
    assert first.json() == again.json()
    other = await reserve(asking(SELLER), "10.00", "PO-1")
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/credit-reservation-ref-taken"
    assert (await credit(asking(SELLER)))["group"]["reserved"] == "10.00"


@pytest.mark.parametrize(
    ("until_on", "status"),
    [("2026-03-15", 422), ("2026-03-16", 201), ("2026-04-15", 201), ("2026-04-16", 422)],
)
async def test_b34_a_reservation_lasts_as_long_as_policy_allows(
    asking: Asking, until_on: str, status: int
) -> None:
    answer = await reserve(asking(SELLER), "1.00", "PO-1", until_on=until_on)
    assert answer.status_code == status, answer.text


async def test_nobody_reserves_for_or_releases_of_a_customer_out_of_sight(asking: Asking) -> None:
    kept = (await reserve(asking(SELLER), "1.00", "PO-1")).json()
    stranger = asking(cast.OTHER_CITY_MANAGER)
    assert (await reserve(stranger, "1.00", "PO-2")).status_code == 403
    assert (await release(stranger, kept)).status_code == 403
    assert (await stranger.get("/v1/credit/reservations")).json()["items"] == []


async def test_r20_nothing_is_reserved_for_a_customer_that_is_suspended(asking: Asking) -> None:
    answer = await reserve(asking(SELLER), "1.00", "PO-1", customer_key=str(cast.SUSPENDED.key))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/suspended-customer"
