"""R-20, R-22: no deposit and no agreement before approval; business after a stop is a case."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.api.objects.test_deposits import deposit
from tests.services.billing.books import as_fact, charge, owned, payment, revenue
from tests.support import cast
from tests.support.http import Asking

STOPPED = (cast.DECLARED, cast.SUSPENDED, cast.CLOSED)
AGREEMENT = {
    "number": "A-1",
    "object_code": "B1-2-302",
    "price": "100.00",
    "signed_at_unit": "GZ",
    "business_line": "letters",
    "instalments": [{"number": 1, "amount": "100.00", "due_on": "2026-06-30"}],
}


@pytest.mark.parametrize("customer", STOPPED, ids=lambda each: each.state.value)
async def test_r20_nothing_is_taken_or_signed_with_whom_no_business_may_be_done(
    asking: Asking, customer: cast.Customer
) -> None:
    key = str(customer.key)
    taken = await asking(cast.FINANCE).post("/v1/deposits", json=deposit(customer_key=key))
    signed = await asking(cast.MANAGER_A).post(
        "/v1/agreements", json={**AGREEMENT, "customer_key": key}
    )
    assert (taken.status_code, signed.status_code) == (409, 409)


async def test_r20_an_undeclared_customer_is_a_conflict(asking: Asking) -> None:
    key = str(uuid4())
    taken = await asking(cast.FINANCE).post("/v1/deposits", json=deposit(customer_key=key))
    signed = await asking(cast.MANAGER_A).post(
        "/v1/agreements", json={**AGREEMENT, "customer_key": key}
    )
    for answer in (taken, signed):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/unapproved-customer")


async def test_r20_r22_revenue_and_charges_after_a_stop_stand_and_are_cases(
    asking: Asking, process: Runtime
) -> None:
    stopped_on, next_day = cast.SINCE, date(2020, 1, 2)
    facts = [
        *(owned(each) for each in (cast.SUSPENDED, cast.CLOSED, cast.ELECTRONICS)),
        revenue(cast.SUSPENDED, "R-1", 10, on=stopped_on),
        revenue(cast.SUSPENDED, "R-2", 10, on=next_day),
        revenue(cast.ELECTRONICS, "R-3", 10, on=next_day),
        charge(cast.CLOSED, "C-1", 10, issued=next_day, due=date(2020, 2, 1)),
        payment(cast.SUSPENDED, "P-1", 10, on=next_day),
    ]
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    listed = (await asking(cast.FINANCE).get("/v1/compliance-cases")).json()["items"]
    assert sorted((each["event"], each["ref"], each["kind"]) for each in listed) == [
        ("charge_raised", "C-1", "closed"),
        ("revenue_recorded", "R-2", "suspended"),
    ]
    postings = await asking(cast.CITY_DIRECTOR).get("/v1/revenue/postings")
    assert len(postings.json()["items"]) == 3
    elsewhere = await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/compliance-cases")
    assert elsewhere.json()["items"] == []
