"""Limits of a head office and its branches over HTTP (B-17)."""

from __future__ import annotations

import httpx
import pytest

from shared.service import Runtime
from tests.services.billing.api.credit.asked import (
    BRANCH,
    HEAD,
    credit,
    decide,
    limited,
    propose,
)
from tests.services.billing.books import told
from tests.support import cast
from tests.support.http import Asking


async def test_b17_one_proposes_another_approves_and_the_others_are_told(
    asking: Asking, process: Runtime
) -> None:
    approved = await limited(asking, "300000.00")
    assert (approved["state"], approved["limit_version"]) == ("approved", 1)
    assert (approved["proposed_by"], approved["decided_by"]) == ("G004", "G001")
    group = (await credit(asking(cast.CITY_DIRECTOR)))["group"]
    assert (group["credit_limit"], group["limit_version"]) == ("300000.00", 1)
    async with process.works.begin() as work:
        (fact,) = await told(work, "dakehu.billing.credit_limit_changed.v1")
    assert fact["credit_limit"] == {"amount": "300000.00", "currency": "CNY"}
    assert (fact["proposed_by"], fact["approved_by"]) == ("G004", "G001")
    assert "reason" not in fact


async def test_b17_nobody_approves_what_he_proposed(asking: Asking) -> None:
    own = await propose(asking(cast.CITY_DIRECTOR), "1000.00")
    refused = await decide(asking(cast.CITY_DIRECTOR), own.json())
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/own-credit-limit-proposal"
    assert (await decide(asking(cast.CITY_DEPUTY), own.json())).status_code == 200


@pytest.mark.parametrize(
    ("amount", "status"), [("1000000.00", 200), ("1000000.01", 403), (None, 403)]
)
async def test_b17_a_city_approves_up_to_its_authority_and_the_province_anything(
    asking: Asking, amount: str | None, status: int
) -> None:
    proposed = (await propose(asking(cast.MANAGER_A), amount)).json()
    answer = await decide(asking(cast.CITY_DIRECTOR), proposed)
    assert answer.status_code == status, answer.text
    if status == 403:
        said = answer.json()
        assert said["type"] == "/problems/credit-limit-beyond-authority"
        assert (said["facts"]["limit"], said["facts"]["policy_version"]) == ("1000000.00", 1)
        above = await decide(asking(cast.PROVINCE_DIRECTOR), proposed)
        assert above.json()["amount"] == amount


async def test_b17_a_limit_is_decided_once(asking: Asking) -> None:
    proposed = (await propose(asking(cast.MANAGER_A), "1000.00")).json()
    director = asking(cast.CITY_DIRECTOR)
    refused = await decide(director, proposed, "refuse")
    assert (refused.json()["state"], refused.json()["limit_version"]) == ("refused", None)
    again = await decide(director, proposed)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/credit-limit-decided"
    assert (await credit(director))["group"]["credit_limit"] is None


async def test_b17_a_later_limit_counts_from_its_day_on(asking: Asking) -> None:
    await limited(asking, "1000.00")
    await limited(asking, "2000.00", effective_on="2026-03-17")
    director = asking(cast.CITY_DIRECTOR)
    assert (await credit(director))["group"]["credit_limit"] == "1000.00"
    yesterday = await propose(director, "1.00", effective_on="2026-03-15")
    assert yesterday.status_code == 422
    listed = (await director.get("/v1/credit/limits")).json()["items"]
    assert [(each["amount"], each["limit_version"]) for each in listed] == [
        ("2000.00", 2),
        ("1000.00", 1),
    ]


async def test_a_limit_proposed_for_a_branch_is_its_head_offices(asking: Asking) -> None:
    await limited(asking, "1000.00", customer_key=str(BRANCH.key))
    found = await credit(asking(cast.CITY_DIRECTOR), BRANCH)
    assert found["head_office_key"] == str(HEAD.key)
    assert found["group"]["credit_limit"] == "1000.00"
    assert {each["customer_key"] for each in found["members"]} == {str(HEAD.key), str(BRANCH.key)}


async def test_who_does_not_see_the_money_neither_proposes_nor_decides_nor_reads(
    asking: Asking,
) -> None:
    proposed = (await propose(asking(cast.MANAGER_A), "1000.00")).json()
    stranger = asking(cast.OTHER_CITY_DIRECTOR)
    assert (await propose(stranger, "1.00")).status_code == 403
    assert (await decide(stranger, proposed)).status_code == 403
    assert (await stranger.get("/v1/credit/limits")).json()["items"] == []
    assert await _status(stranger, f"/v1/credit/limits/{proposed['proposal_id']}") == 404
    assert await _status(stranger, f"/v1/credit/customers/{HEAD.key}") == 404


async def test_b17_roles_that_propose_and_those_that_decide(asking: Asking) -> None:
    proposed = (await propose(asking(cast.FINANCE), "1000.00")).json()
    assert (await decide(asking(cast.FINANCE), proposed)).status_code == 403
    assert (await propose(asking(cast.TELEPHONE), "1000.00")).status_code == 403


async def _status(client: httpx.AsyncClient, path: str) -> int:
    return (await client.get(path)).status_code
