"""Custody of originals and summaries, and the lending register (R-71, R-72, C27)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from services.registry.handlers.archive.custody import lend_original
from shared.service import Runtime
from tests.services.registry.api.archive.conftest import File
from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.http import Asking

KEEPER = cast.MANAGER_A


async def original(asking: Asking, key: str, **others: object) -> Json:
    """An original contract in the hands of A."""
    body = {"customer_key": key, "kind": "original", "label": "合同原件", "keeper": KEEPER.code}
    answer = await asking(cast.CITY_ADMINISTRATOR).post(
        "/v1/archive-assets", json={**body, **others}
    )
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def wanted(asking: Asking, asset: Json, who: cast.Person, due_on: str = "2026-03-20") -> Json:
    """A wish of `who`, which the keeper approved."""
    body = {"asset_id": asset["asset_id"], "purpose": "核对合同条款", "due_on": due_on}
    loan = await asking(who).post("/v1/archive-loans", json=body)
    assert loan.status_code == 201, loan.text
    return await step(asking, loan.json(), "approve")


async def step(
    asking: Asking, loan: Json, name: str, who: cast.Person = KEEPER, **body: object
) -> Json:
    """The next step of a loan, or the problem that was told."""
    answer = await asking(who).post(
        f"/v1/archive-loans/{loan['loan_id']}/{name}", json=body, headers=seen(loan)
    )
    found: Json = answer.json()
    return found


async def test_r72_a_loan_goes_from_request_to_return_and_everything_is_registered(
    asking: Asking, file: File
) -> None:
    asset = await original(asking, await file())
    loan = await step(asking, await wanted(asking, asset, cast.FINANCE), "lend")
    held = (await asking(KEEPER).get(f"/v1/archive-assets/{asset['asset_id']}")).json()
    assert held["borrower"] == cast.FINANCE.code
    loan = await step(asking, loan, "return", condition="damaged", note="封面有水渍")
    assert loan["state"] == "returned"
    assert [each["step"] for each in loan["steps"]] == ["requested", "approved", "lent", "returned"]
    assert [each["by"] for each in loan["steps"]] == ["G006", "G004", "G004", "G004"]
    held = (await asking(KEEPER).get(f"/v1/archive-assets/{asset['asset_id']}")).json()
    assert (held["state"], held["borrower"]) == ("damaged", None)
    history = (await asking(KEEPER).get(f"/v1/archive-assets/{asset['asset_id']}/history")).json()
    assert [each["state"] for each in history["items"]] == ["damaged", "intact"]


async def test_r72_one_original_is_with_one_person_at_a_time(asking: Asking, file: File) -> None:
    asset = await original(asking, await file())
    first = await wanted(asking, asset, cast.FINANCE)
    second = await wanted(asking, asset, cast.BACK_OFFICE)
    first = await step(asking, first, "lend")
    refused = await step(asking, second, "lend")
    assert (refused["type"], refused["facts"]["borrower"]) == ("/problems/lent-already", "G006")
    await step(asking, first, "return", condition="intact")
    assert (await step(asking, second, "lend"))["state"] == "lent"


async def test_r72_of_two_who_are_lent_to_at_once_one_gets_it(asking: Asking, file: File) -> None:
    asset = await original(asking, await file())
    people = (cast.FINANCE, cast.BACK_OFFICE, cast.SUPERVISOR, cast.TELEPHONE)
    loans = [await wanted(asking, asset, who) for who in people]
    answers = await asyncio.gather(*(step(asking, loan, "lend") for loan in loans))
    states = [str(answer.get("state", answer.get("type"))) for answer in answers]
    assert sorted(states) == ["/problems/lent-already"] * 3 + ["lent"]


async def test_r72_the_keeper_alone_decides_hands_out_and_takes_back(
    asking: Asking, file: File
) -> None:
    asset = await original(asking, await file())
    body = {"asset_id": asset["asset_id"], "purpose": "核对", "due_on": "2026-03-20"}
    loan = (await asking(cast.FINANCE).post("/v1/archive-loans", json=body)).json()
    for name in ("approve", "refuse"):
        answer = await step(asking, loan, name, cast.CITY_DIRECTOR)
        assert (answer["rule"], answer["facts"]) == ("R-72", {"keeper": KEEPER.code})
    own = await asking(KEEPER).post("/v1/archive-loans", json=body)
    assert own.json()["type"] == "/problems/own-loan"
    early = await step(asking, loan, "lend")
    assert early["type"] == "/problems/wrong-loan-state"


async def test_r72_a_lost_original_is_lent_no_more(asking: Asking, file: File) -> None:
    asset = await original(asking, await file())
    loan = await step(asking, await wanted(asking, asset, cast.FINANCE), "lend")
    loan = await step(asking, loan, "return", condition="lost", note="搬迁中遗失")
    assert loan["state"] == "lost"
    body = {"asset_id": asset["asset_id"], "purpose": "核对", "due_on": "2026-03-20"}
    again = await asking(cast.FINANCE).post("/v1/archive-loans", json=body)
    assert again.json()["type"] == "/problems/not-lendable"


async def test_r72_the_keeper_reports_what_happened_in_his_own_hands(
    asking: Asking, file: File
) -> None:
    asset = await original(asking, await file())
    address = f"/v1/archive-assets/{asset['asset_id']}/report"
    body = {"condition": "damaged", "reason": "受潮"}
    other = await asking(cast.CITY_DIRECTOR).post(address, json=body, headers=seen(asset))
    assert other.json()["type"] == "/problems/not-the-keeper"
    found = (await asking(KEEPER).post(address, json=body, headers=seen(asset))).json()
    assert (found["state"], found["version"]) == ("damaged", 2)


async def test_r72_a_loan_ends_within_the_days_of_the_policy(asking: Asking, file: File) -> None:
    asset = await original(asking, await file())
    await wanted(asking, asset, cast.FINANCE, "2026-03-30")
    for due_on in ("2026-03-31", "2026-03-15"):
        body = {"asset_id": asset["asset_id"], "purpose": "核对", "due_on": due_on}
        answer = await asking(cast.FINANCE).post("/v1/archive-loans", json=body)
        assert answer.json()["facts"]["loan_days"] == 14, due_on


async def test_r72_what_is_not_back_the_day_after_is_overdue(
    asking: Asking, file: File, process: Runtime, clock: SetClock
) -> None:
    asset = await original(asking, await file())
    loan = await step(asking, await wanted(asking, asset, cast.FINANCE), "lend")
    for on, found in ((date(2026, 3, 20), 0), (date(2026, 3, 21), 1), (date(2026, 3, 22), 0)):
        async with process.works.begin(today=on) as work:
            assert await lend_original.overdue(work, on) == found, on
    clock.advance(timedelta(days=5))
    late = (await asking(KEEPER).get("/v1/archive-loans", params={"overdue": "true"})).json()
    assert [each["loan_id"] for each in late["items"]] == [loan["loan_id"]]
    loan = (await asking(KEEPER).get(f"/v1/archive-loans/{loan['loan_id']}")).json()
    assert "overdue" in [each["step"] for each in loan["steps"]]


@pytest.mark.parametrize(
    ("kind", "keeper", "is_allowed"),
    [
        ("original", cast.MANAGER_B, True),
        ("original", cast.SUPERVISOR, False),
        ("summary", cast.SUPERVISOR, True),
        ("summary", cast.FINANCE, False),
        ("original", cast.OTHER_CITY_MANAGER, False),
    ],
)
async def test_r71_c27_managers_keep_originals_and_supervisors_are_given_summaries(
    asking: Asking, file: File, kind: str, keeper: cast.Person, is_allowed: bool
) -> None:
    body = {"customer_key": await file(), "kind": kind, "label": "一览表", "keeper": keeper.code}
    answer = await asking(cast.CITY_ADMINISTRATOR).post("/v1/archive-assets", json=body)
    assert answer.is_success is is_allowed, answer.text


async def test_r71_a_summary_is_given_and_not_lent(asking: Asking, file: File) -> None:
    asset = await original(asking, await file(), kind="summary", keeper=cast.SUPERVISOR.code)
    body = {"asset_id": asset["asset_id"], "purpose": "核对", "due_on": "2026-03-20"}
    answer = await asking(cast.FINANCE).post("/v1/archive-loans", json=body)
    assert answer.json()["type"] == "/problems/not-lendable"


async def test_r71_an_original_changes_hands_when_it_is_at_home(asking: Asking, file: File) -> None:
    asset = await original(asking, await file())
    address = f"/v1/archive-assets/{asset['asset_id']}/keeper"
    body = {"keeper": cast.MANAGER_B.code, "reason": "调岗"}
    loan = await step(asking, await wanted(asking, asset, cast.FINANCE), "lend")
    director = asking(cast.CITY_DIRECTOR)
    assert (await director.put(address, json=body, headers=seen(asset))).status_code == 409
    await step(asking, loan, "return", condition="intact")
    handed = await director.put(address, json=body, headers=seen(asset))
    assert (handed.status_code, handed.json()["keeper"]) == (200, cast.MANAGER_B.code)


async def test_r71_supervisors_read_the_summaries_that_they_were_given_and_no_others(
    asking: Asking, file: File
) -> None:
    key = await file()
    await original(asking, key)
    await original(asking, key, kind="summary", keeper=cast.SUPERVISOR.code, label="一览表")
    address = "/v1/archive-assets/summaries"
    (line,) = (await asking(cast.SUPERVISOR).get(address)).json()["items"]
    assert (line["customer_key"], line["owner_unit"]) == (key, "GZ-TH")
    assert (line["a_staff_code"], line["originals"], line["lent"]) == ("G004", 1, 0)
    assert (await asking(cast.CITY_DIRECTOR).get(address)).json()["items"] == []
