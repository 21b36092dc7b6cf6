"""Dunning over HTTP: who was asked for what, and who is left alone (B-13, B-17)."""

from __future__ import annotations

import pytest

from tests.support import cast
from tests.support.http import Asking

ELECTRONICS, INSURER = str(cast.ELECTRONICS.key), str(cast.INSURER.key)
pytestmark = pytest.mark.usefixtures("furnished")


async def test_letters_are_listed_with_what_they_name(asking: Asking) -> None:
    clerk = asking(cast.FINANCE)
    (letter,) = (await clerk.get("/v1/dunning", params={"level": 1})).json()["items"]
    assert (letter["step"], letter["customer_key"]) == ("reminder", ELECTRONICS)
    shown = (await clerk.get(f"/v1/dunning/{letter['dunning_id']}")).json()
    (item,) = shown["items"]
    assert (item["ref"], item["balance"], shown["overdue"]) == ("C-1", "500.00", "500.00")
    of_it = {"receivable_id": item["receivable_id"]}
    assert len((await clerk.get("/v1/dunning", params=of_it)).json()["items"]) == 1
    other = {"customer_key": INSURER}
    assert (await clerk.get("/v1/dunning", params=other)).json()["items"] == []


async def test_another_city_sees_no_letters_of_ours(asking: Asking) -> None:
    letters = (await asking(cast.OTHER_CITY_FINANCE).get("/v1/dunning")).json()["items"]
    assert ELECTRONICS not in {letter["customer_key"] for letter in letters}


async def test_a_customer_is_left_alone_and_dunned_again(asking: Asking) -> None:
    clerk = asking(cast.FINANCE)
    body = {"customer_key": ELECTRONICS, "reason": "水灾 / flood", "on": "2026-03-01"}
    made = await clerk.post("/v1/dunning-exclusions", json=body)
    assert made.status_code == 201, made.text
    address = f"/v1/dunning-exclusions/{made.json()['exclusion_id']}"
    ended = await clerk.post(
        f"{address}/end", json={"on": "2026-03-10"}, headers={"if-match": '"1"'}
    )
    assert ended.json()["until_on"] == "2026-03-09"
    assert (await clerk.get(address)).json() == ended.json()
    (listed,) = (await clerk.get("/v1/dunning-exclusions")).json()["items"]
    assert (listed["excluded_by"], listed["ended_by"]) == (cast.FINANCE.code, cast.FINANCE.code)


async def test_whoever_may_not_see_the_money_may_not_decide_about_dunning(asking: Asking) -> None:
    body = {"customer_key": ELECTRONICS, "reason": "-"}
    answer = await asking(cast.OTHER_CITY_FINANCE).post("/v1/dunning-exclusions", json=body)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/out-of-scope")
    answer = await asking(cast.MANAGER_A).post("/v1/dunning-exclusions", json=body)
    assert answer.json()["type"] == "/problems/role-missing"
