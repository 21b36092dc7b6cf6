"""R-49, R-54, R-80, R-10: who of us is in touch, whom the customer calls, what centres need."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.contracts.engagement import VisitRecorded
from shared.contracts.enterprise import ContactLogged, Direction
from shared.contracts.envelope import CustomerReference, Entity
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.services.registry.api.people.conftest import Hear
from tests.support import cast
from tests.support.clocks import SITE
from tests.support.facts import published, reported
from tests.support.http import Asking

BEGIN = datetime(2026, 2, 1, 9, 0, tzinfo=SITE)
A, B = cast.MANAGER_A.code, cast.COUNTY_MANAGER.code


def contact(
    key: str, day: int, *, by: str | None = A, company: bool = False, inbound: bool = True
) -> Fact[Any]:
    """A call of the customer to one of us, `day` days after the first of February."""
    said = ContactLogged(
        ref=f"{key}-{day}-{by}-{company}-{inbound}",
        customer=CustomerReference(customer_key=key),
        channel="phone",
        company_channel=company,
        staff_code=by,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        occurred_at=BEGIN + timedelta(days=day),
    )
    return reported(said, system="crm")


def visit(key: str, day: int, *visitors: str, version: int = 1) -> Fact[Any]:
    """A visit as engagement tells of it."""
    at = BEGIN + timedelta(days=day)
    return published(
        VisitRecorded(
            entity=Entity(type="visit", id=str(derived_id("visit", key, day)), version=version),
            customer_key=key,
            visit_id=derived_id("visit", key, day),
            kind="dedicated",
            channel="visit",
            visitors=visitors,
            target_level="department-head",
            occurred_on=at.date(),
            started_at=at,
        )
    )


async def read(asking: Asking, path: str, person: cast.Person = cast.CITY_DIRECTOR) -> Json:
    """What `person` reads at `path`."""
    answer = await asking(person).get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
async def test_r54_the_index_is_the_same_in_any_order_and_after_repetition(
    asking: Asking, approve: Declare, hear: Hear, order: tuple[int, ...]
) -> None:
    key = (await approve())["customer_key"]
    calls = [
        contact(key, 0),
        contact(key, 7, by=None, company=True),
        contact(key, 15),
        contact(key, 30, by=None, company=True),
    ]
    await hear(*(calls[place] for place in order), *calls)
    trust = await read(asking, f"/v1/customers/{key}/trust")
    # Seven days after the last contact is not yet a first call; eight are.
    assert (trust["to_company"], trust["to_person"]) == (1, 2)
    assert (trust["asset"], trust["index"]) == ("personal_asset", "0.3333")
    listed = await read(asking, "/v1/reports/customer-trust?asset=personal_asset")
    assert [(each["customer_key"], each["people"]) for each in listed["items"]] == [(key, [A])]
    assert (await read(asking, "/v1/reports/customer-trust?asset=company_asset"))["items"] == []


async def test_r54_our_own_calls_and_too_few_calls_make_no_index(
    asking: Asking, approve: Declare, hear: Hear
) -> None:
    key = (await approve())["customer_key"]
    await hear(contact(key, 0), contact(key, 10, inbound=False), contact(key, 20))
    trust = await read(asking, f"/v1/customers/{key}/trust")
    assert (trust["asset"], trust["to_person"]) == ("unknown", 2)
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get(f"/v1/customers/{key}/trust")
    assert stranger.status_code == 404


async def test_r80_everybody_sees_who_else_is_in_touch_and_new_contacts_are_noted(
    asking: Asking, approve: Declare, hear: Hear
) -> None:
    key = (await approve())["customer_key"]
    await hear(contact(key, 1, by=A))
    alone = await read(asking, f"/v1/customers/{key}/in-touch")
    assert [person["staff_code"] for person in alone["people"]] == [A]
    assert not alone["must_inform_each_other"]
    await hear(visit(key, 5, B), visit(key, 5, B, cast.MANAGER_B.code, version=2))
    both = await read(asking, f"/v1/customers/{key}/in-touch")
    assert [person["staff_code"] for person in both["people"]] == [A, cast.MANAGER_B.code, B]
    assert both["must_inform_each_other"]
    news = await read(asking, "/v1/contact-news", cast.MANAGER_A)
    assert [each["staff_codes"] for each in news["items"]] == [[B, cast.MANAGER_B.code]]
    assert (await read(asking, "/v1/contact-news", cast.COUNTY_MANAGER))["items"] == []
    refused = await asking(cast.MANAGER_A).get(f"/v1/contact-news?staff_code={B}")
    assert refused.status_code == 403
    assert await read(asking, f"/v1/contact-news?staff_code={A}") == news


async def test_r49_an_important_new_customer_lacks_people_until_there_are_two_and_a_report(
    asking: Asking, approve: Declare, hear: Hear
) -> None:
    policy = (await approve(customer={"kind": "policy", "name": "广州市某局"}))["customer_key"]
    await approve(customer={"name": "普通商业客户"})
    (lacking,) = (await read(asking, "/v1/reports/contact-people"))["items"]
    assert (lacking["customer_key"], lacking["lacks"]) == (policy, ["people", "report"])
    assigned = await asking(cast.CITY_DIRECTOR).post(
        f"/v1/customers/{policy}/managers/assign",
        json={"a_staff_code": A, "b_staff_code": B, "on": "2026-01-12"},
        headers=seen(0),
    )
    assert assigned.status_code == 200
    (lacking,) = (await read(asking, "/v1/reports/contact-people"))["items"]
    assert (lacking["people"], lacking["lacks"]) == ([A, B], ["report"])
    await hear(contact(policy, 20, inbound=False))
    assert (await read(asking, "/v1/reports/contact-people"))["items"] == []


async def test_r10_the_staffing_plan_says_how_many_managers_a_centre_needs(
    asking: Asking, approve: Declare
) -> None:
    for place in range(3):
        await approve(customer={"name": f"客户{place}"})
    plan = (await read(asking, "/v1/reports/staffing-plan"))["items"]
    found = {each["unit"]: each for each in plan}
    tianhe = found["GZ-TH"]
    assert (tianhe["accounts"], tianhe["managers"], tianhe["staffing"]) == (3, 1, "enough")
    assert (found["GZ"]["accounts"], found["GZ"]["staffing"]) == (0, "too-many")
    assert "SZ" not in found
