"""C17, R-75: numbers that run short, and leads that nobody turned into a declaration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.registry.handlers.register import observe_customer
from shared.contracts.enterprise import CustomerObserved
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, propose, seen
from tests.support import cast
from tests.support.clocks import TEST_BEGINS_AT
from tests.support.facts import reported
from tests.support.http import Asking

COMPLETE = {
    "unified_credit_code": "91110000600037341L",
    "phone": "020-88888888",
    "address": "广州市天河区1号",
    "division_code": "440106",
}


async def saw(process: Runtime, code: str, days_ago: int, **others: Any) -> None:
    """The ERP saw a customer some days ago."""
    said = CustomerObserved.model_validate({"code": code, "name": f"客户{code}", **others})
    async with process.works.begin() as work:
        at = TEST_BEGINS_AT - timedelta(days=days_ago)
        await observe_customer.handle(work, reported(said, at=at))


async def test_r75_a_lead_that_nobody_declared_is_listed_from_the_day_after_the_last(
    asking: Asking, process: Runtime
) -> None:
    await saw(process, "in time", 7, **COMPLETE)
    await saw(process, "late", 8, **COMPLETE)
    await saw(process, "long ago", 30, phone="020-88888888")
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    listed = (await province.get("/v1/reports/late-leads")).json()["items"]
    assert [(each["code"], each["days"], each["is_complete"]) for each in listed] == [
        *(("long ago", 30, False), ("late", 8, True))
    ]
    assert listed[0]["missing"] == ["unified_credit_code", "address", "division_code"]
    there = await province.get("/v1/reports/late-leads", params={"division_code": "440106"})
    assert [each["code"] for each in there.json()["items"]] == ["late"]
    assert (await asking(cast.COUNTY_MANAGER).get("/v1/reports/late-leads")).status_code == 403


async def test_r75_a_lead_that_became_a_customer_is_not_listed(
    asking: Asking, process: Runtime
) -> None:
    await saw(process, "K-7", 30, **COMPLETE)
    body = {
        "customer": {
            "name": "广州南方机械有限公司",
            "division_code": "440106",
            "unified_credit_code": COMPLETE["unified_credit_code"],
        }
    }
    declared = await asking(cast.COUNTY_MANAGER).post("/v1/declarations", json=body)
    assert declared.status_code == 201
    listed = await asking(cast.PROVINCE_ADMINISTRATOR).get("/v1/reports/late-leads")
    assert listed.json()["items"] == []


async def test_r75_a_branchs_lead_that_nobody_decided_is_late_like_any_other(
    asking: Asking, declare: Declare
) -> None:
    """R-75, R-04: in time on the seventh day, late on the eighth; one without a branch is none."""
    branch = {"reporting_branch": "GZ-TH-01"}
    day = TEST_BEGINS_AT.date()
    for name, days_ago, how in (
        ("按时的线索", 7, branch),
        ("逾期的线索", 8, branch),
        ("县局自己的", 30, {}),
        ("已核准的线索", 20, branch),
    ):
        on = (day - timedelta(days=days_ago)).isoformat()
        lead = await declare(customer={"name": name}, on=on, **how)
        if name == "已核准的线索":
            lead = await propose(asking, lead)
            path = f"/v1/declarations/{lead['declaration_id']}/approve"
            approved = await asking(cast.CITY_DIRECTOR).post(path, json={}, headers=seen(lead))
            assert approved.status_code == 200, approved.text
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    (late,) = (await province.get("/v1/reports/late-leads")).json()["items"]
    assert (late["lead"], late["name"], late["days"]) == ("declaration", "逾期的线索", 8)
    assert (late["reporting_branch"], late["code"]) == ("GZ-TH-01", late["declaration_id"])
    assert late["missing"] == ["unified_credit_code", "phone", "address"]
    of_branches = await province.get("/v1/reports/late-leads", params={"system": "registry"})
    assert len(of_branches.json()["items"]) == 1
    of_others = await province.get("/v1/reports/late-leads", params={"system": "erp"})
    assert of_others.json()["items"] == []


async def test_c17_numbers_that_run_short_are_reported_from_nine_tenths_on(
    asking: Asking, process: Runtime
) -> None:
    async with process.works.begin() as work:
        for key, last in (("440100", 89_999), ("440200", 90_000), ("440300", 99_999)):
            await work.run(f"INSERT INTO division_sequences VALUES ('{key}', {last})")
        for key, last in (("44010000001000", 899), ("44010000002000", 900)):
            await work.run(f"INSERT INTO branch_sequences VALUES ('{key}', {last})")
    province = asking(cast.PROVINCE_ADMINISTRATOR)
    every = (await province.get("/v1/reports/numbers")).json()["items"]
    assert [(each["below"], each["is_short"]) for each in every] == [
        ("440100", False),
        ("44010000001000", False),
        ("44010000002000", True),
        ("440200", True),
        ("440300", True),
    ]
    short = (await province.get("/v1/reports/numbers", params={"is_short": True})).json()["items"]
    assert [each["below"] for each in short] == ["44010000002000", "440200", "440300"]
    assert (short[0]["limit"], short[1]["limit"]) == (999, 99_999)
