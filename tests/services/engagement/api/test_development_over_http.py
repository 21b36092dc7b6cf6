"""R-20, R-22: nobody is visited before approval, research excepted, nor after a suspension."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import httpx
import pytest

from shared.service import Runtime
from tests.services.engagement.api.test_visits_over_http import VISIT
from tests.services.engagement.events import visited
from tests.services.engagement.stories import receive
from tests.support import cast
from tests.support.http import Asking


@pytest.fixture
def caller() -> cast.Person:
    return cast.MANAGER_A


@pytest.mark.parametrize(
    ("customer", "kind", "status"),
    [
        (cast.DECLARED, "dedicated", 409),
        (cast.DECLARED, "research", 201),
        (cast.SUSPENDED, "dedicated", 409),
        (cast.SUSPENDED, "research", 409),
        (cast.CLOSED, "dedicated", 409),
        (cast.APPROVED, "dedicated", 201),
    ],
    ids=lambda each: each.state.value if isinstance(each, cast.Customer) else str(each),
)
async def test_r20_r22_a_visit_is_recorded_only_with_whom_business_may_be_done(
    client: httpx.AsyncClient, furnished: Runtime, customer: cast.Customer, kind: str, status: int
) -> None:
    body = VISIT | {"customer_key": str(customer.key), "kind": kind}
    assert (await client.post("/v1/visits", json=body)).status_code == status


async def test_r20_a_visit_to_an_undeclared_customer_is_a_conflict(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    answer = await client.post("/v1/visits", json=VISIT | {"customer_key": str(uuid4())})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/unapproved-customer")


async def test_r22_a_visit_reported_after_the_suspension_stands_and_is_a_case(
    asking: Asking, furnished: Runtime
) -> None:
    suspended_on = cast.SINCE
    async with furnished.works.begin() as work:
        await receive(
            work,
            visited("V-1", cast.SUSPENDED, date(2026, 3, 10)),
            visited("V-2", cast.SUSPENDED, suspended_on),
            visited("V-3", cast.ELECTRONICS, date(2026, 3, 10)),
        )
    for _ in range(2):
        cases = (await asking(cast.CITY_DIRECTOR).get("/v1/compliance-cases")).json()["items"]
        assert [(case["ref"], case["kind"], case["stopped_on"]) for case in cases] == [
            ("V-1", "suspended", suspended_on.isoformat())
        ]
    assert (await asking(cast.MANAGER_A).get("/v1/compliance-cases")).status_code == 403
    elsewhere = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/compliance-cases")
    assert elsewhere.json()["items"] == []
