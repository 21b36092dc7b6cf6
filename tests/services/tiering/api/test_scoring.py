"""A scoring over HTTP: run, explanation, proposals, decisions, tiers, totals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.service import Runtime
from tests.services.tiering.stories import POST_2005, POST_2012, report_city, restate
from tests.support import cast
from tests.support.http import Asking

ELECTRONICS, INSURER = str(cast.ELECTRONICS.key), str(cast.INSURER.key)
pytestmark = pytest.mark.usefixtures("furnished")


async def score(client: httpx.AsyncClient, scheme: str = POST_2005) -> dict[str, Any]:
    answer = await client.post("/v1/scores/runs", json={"scheme": scheme, "period": "2025"})
    assert answer.status_code == 201, answer.text
    run: dict[str, Any] = answer.json()
    return run


async def proposal(client: httpx.AsyncClient, customer: str = ELECTRONICS) -> dict[str, Any]:
    listed = await client.get(
        "/v1/proposals", params={"customer_key": customer, "state": "proposed"}
    )
    (found,) = listed.json()["items"]
    return dict(found)


async def decide(
    client: httpx.AsyncClient, what: str, found: dict[str, Any], **body: object
) -> httpx.Response:
    return await client.post(
        f"/v1/proposals/{found['proposal_id']}/{what}",
        json=body,
        headers={"if-match": f'"{found["version"]}"'},
    )


async def test_a_run_scores_the_customers_that_the_caller_may_see(
    client: httpx.AsyncClient,
) -> None:
    run = await score(client)
    assert (run["state"], run["cut_off"], run["period"]) == ("complete", "2025-12-31", "2025")
    assert (run["customers"], run["scored"], run["unscored"]) == (5, 5, 0)
    again = (await client.get(f"/v1/scores/runs/{run['run_id']}")).json()
    assert again == run
    listed = (await client.get("/v1/scores/runs")).json()["items"]
    assert [each["run_id"] for each in listed] == [run["run_id"]]


async def test_who_cannot_be_scored_is_listed(asking: Asking) -> None:
    province = asking(cast.MARKET_DEPARTMENT)
    run = await score(province)
    assert (run["customers"], run["unscored"]) == (6, 1)
    listed = (await province.get(f"/v1/scores/runs/{run['run_id']}/unscored")).json()["items"]
    assert listed == [
        {
            "customer_key": str(cast.SOFTWARE.key),
            "reason": "no-denominator",
            "detail": {"factor": "share", "unit": "SZ", "year": 2025},
        }
    ]


async def test_a_score_is_read_with_its_stored_explanation(client: httpx.AsyncClient) -> None:
    await score(client)
    listed = (await client.get("/v1/scores", params={"scheme": POST_2005})).json()["items"]
    first = listed[0]
    assert (first["customer_key"], first["tier"], first["shown"]) == (ELECTRONICS, "gold", "80.00")
    detail = (await client.get(f"/v1/scores/{first['score_id']}")).json()
    assert detail["explanation"]["raw"]["exact"] == "80"
    assert detail["is_stale"] is False and detail["changes"] == []


async def test_a_corrected_denominator_shows_in_the_score(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    await score(client)
    async with furnished.works.begin() as work:
        await report_city(work, "900000000.00", "UR-2")
    (found, *_) = (await client.get("/v1/scores")).json()["items"]
    assert found["is_stale"] is True
    detail = (await client.get(f"/v1/scores/{found['score_id']}")).json()
    assert detail["changes"] == [
        {"what": "share of GZ 2025", "before": "1000000000.00", "now": "900000000.00"}
    ]
    assert detail["explanation"]["raw"]["exact"] == "80"


async def test_an_approval_needs_the_version_and_gives_the_tier(
    client: httpx.AsyncClient,
) -> None:
    await score(client)
    found = await proposal(client)
    path = f"/v1/proposals/{found['proposal_id']}"
    assert (await client.post(f"{path}/approve", json={})).status_code == 428
    approved = await decide(client, "approve", found)
    assert approved.status_code == 200, approved.text
    assert approved.json()["effected_on"] == "2026-03-16"
    assert approved.headers["etag"] == '"2"'
    tiers = (await client.get(f"/v1/tiers/customers/{ELECTRONICS}")).json()
    assert [(t["scheme"], t["tier"], t["scheme_version"]) for t in tiers] == [
        (POST_2005, "gold", 1)
    ]
    assert (await decide(client, "approve", found)).status_code == 412


async def test_a_stale_score_is_a_conflict_that_says_what_changed(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    await score(client)
    async with furnished.works.begin() as work:
        await restate(work, cast.ELECTRONICS, "1500000.01", 2)
    answer = await decide(client, "approve", await proposal(client))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/stale-score"
    assert "revenue" in answer.json()["detail"]


async def test_an_override_names_person_and_reason(client: httpx.AsyncClient) -> None:
    await score(client)
    found = await proposal(client)
    assert (await decide(client, "override", found, tier="diamond")).status_code == 422
    decided = await decide(client, "override", found, tier="diamond", reason="重点行业")
    assert decided.status_code == 200, decided.text
    assert decided.json()["after"] == "gold"
    assert decided.json()["override"] == {"tier": "diamond", "by": "G001", "reason": "重点行业"}
    (tier,) = (await client.get(f"/v1/tiers/customers/{ELECTRONICS}")).json()
    assert (tier["tier"], tier["is_override"]) == ("diamond", True)


async def test_a_refusal_leaves_the_tier(client: httpx.AsyncClient) -> None:
    await score(client)
    refused = await decide(client, "refuse", await proposal(client), reason="资料不全")
    assert refused.json()["state"] == "refused"
    assert (await client.get(f"/v1/tiers/customers/{ELECTRONICS}")).json() == []


async def test_a_scoring_is_approved_together_then_counted_and_compared(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    await score(client, POST_2012)
    bulk = {"scheme": POST_2012, "cut_off": "2025-12-31", "on": "2026-02-01"}
    result = (await client.post("/v1/proposals/approve", json=bulk)).json()
    assert len(result["approved"]) == 2 and result["stale"] == []
    assert result["next_after"] is None

    async with furnished.works.begin() as work:
        await restate(work, cast.ELECTRONICS, "600000.00", 2)
        await restate(work, cast.INSURER, "9000.00", 2)
    await score(client, POST_2012)
    later = bulk | {"on": "2026-03-01"}
    assert len((await client.post("/v1/proposals/approve", json=later)).json()["approved"]) == 2

    async def tiers_on(day: str) -> dict[str, int]:
        query = {"scheme": POST_2012, "on": day}
        counted = (await client.get("/v1/tiers/distribution", params=query)).json()["tiers"]
        return {str(row["tier"]): row["customers"] for row in counted}

    assert await tiers_on("2026-01-31") == {}
    assert await tiers_on("2026-02-01") == {"platinum": 1, "vip": 1}
    assert await tiers_on("2026-03-01") == {"gold": 1, "None": 1}
    moved = await client.get(
        "/v1/tiers/movers",
        params={"scheme": POST_2012, "from_on": "2026-02-01", "to_on": "2026-03-01"},
    )
    directions = {m["customer_key"]: m["direction"] for m in moved.json()["items"]}
    assert directions == {ELECTRONICS: "down", INSURER: "out"}
    query = {"scheme": POST_2012, "on": "2026-02-15", "tier": "platinum"}
    held = (await client.get("/v1/tiers", params=query)).json()["items"]
    assert [t["customer_key"] for t in held] == [ELECTRONICS]
    history = await client.get(
        f"/v1/tiers/customers/{ELECTRONICS}/history", params={"scheme": POST_2012}
    )
    assert [t["tier"] for t in history.json()["items"]] == ["platinum", "gold"]


async def test_another_city_sees_none_of_it(client: httpx.AsyncClient, asking: Asking) -> None:
    await score(client)
    found = await proposal(client)
    await decide(client, "approve", found)
    other = asking(cast.OTHER_CITY_DIRECTOR)
    for path in ("/v1/scores", "/v1/proposals", f"/v1/tiers?scheme={POST_2005}"):
        assert (await other.get(path)).json()["items"] == []
    assert (await other.get(f"/v1/tiers/customers/{ELECTRONICS}")).json() == []
    assert (await other.get(f"/v1/proposals/{found['proposal_id']}")).status_code == 404
    listed = (await client.get("/v1/scores")).json()["items"]
    assert (await other.get(f"/v1/scores/{listed[0]['score_id']}")).status_code == 404


async def test_totals_are_those_of_the_callers_units(
    client: httpx.AsyncClient, asking: Asking
) -> None:
    rows = (await client.get("/v1/totals", params={"from_month": "2025-06"})).json()["items"]
    assert {row["amount"] for row in rows} == {"1500000.00", "20000.00", "700000.00"}
    assert (await asking(cast.OTHER_CITY_DIRECTOR).get("/v1/totals")).json()["items"] == []
    summed = await client.get("/v1/totals/summary", params={"by": "month"})
    assert summed.json()["items"] == [{"key": "2025-06", "amount": "2220000.00", "postings": 3}]
    reports = (await client.get("/v1/unit-revenue", params={"unit": "GZ"})).json()["items"]
    assert [(r["amount"], r["holds"]) for r in reports] == [("1000000000.00", True)]


async def test_a_run_sent_twice_is_one_run(client: httpx.AsyncClient) -> None:
    key = {"idempotency-key": str(uuid4())}
    body = {"scheme": POST_2005, "period": "2025"}
    first = await client.post("/v1/scores/runs", json=body, headers=key)
    second = await client.post("/v1/scores/runs", json=body, headers=key)
    assert first.json()["run_id"] == second.json()["run_id"]


async def test_roles_and_bad_input_are_refused(client: httpx.AsyncClient, asking: Asking) -> None:
    body = {"scheme": POST_2005, "period": "2025"}
    assert (await asking(cast.FINANCE).post("/v1/scores/runs", json=body)).status_code == 403
    assert (await asking().get("/v1/scores")).status_code == 401
    for wrong in ({"scheme": POST_2005, "period": "last"}, body | {"colour": "red"}, {}):
        assert (await client.post("/v1/scores/runs", json=wrong)).status_code == 422
    unknown = await client.post("/v1/scores/runs", json=body | {"scheme": "none"})
    assert unknown.status_code == 409
    assert (await client.get(f"/v1/scores/{uuid4()}")).status_code == 404
