"""政策性退补: many charges chosen by rule, previewed, decided once, each corrected (B-18)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.handlers.requests import correct_many
from services.billing.storage.requests import batches
from shared.contracts.enterprise import TariffClass
from shared.service import Runtime
from shared.sweeps import at_once
from tests.services.billing.api.desk.desk import booked, issue, receive, refused, sent
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    open_items,
    payment,
)
from tests.support import cast
from tests.support.http import Asking

TODAY = date(2026, 3, 16)
DUE = date(2026, 4, 30)
PATH = "/v1/policy-corrections"
RULE = {"direction": "refund", "issued_from": "2026-01-01", "issued_until": "2026-02-28"}
WHY = {"reason": "一季度电价下调"}
APPLICANT, DECIDER = cast.PROVINCE_FINANCE, cast.PROVINCE_DIRECTOR


@pytest.fixture
async def charged(process: Runtime) -> Runtime:
    """Three that the rule finds, one of households, one from before, and a damage."""
    await booked(
        process,
        charge(cast.ELECTRONICS, "C-1", "106.00", tax="6.00", due=DUE),
        charge(cast.INSURER, "C-2", "200.10", issued=date(2026, 2, 28), due=DUE),
        charge(cast.SOFTWARE, "C-3", "50.00", due=DUE, tariff=TariffClass.HOUSEHOLD),
        charge(cast.INSURER, "C-4", "80.00", issued=date(2025, 12, 31), due=DUE),
        charge(cast.INSURER, "C-5", "80.00", issued=date(2026, 3, 1), due=DUE),
        payment(cast.ELECTRONICS, "P-1", 106, "C-1"),
    )
    return process


async def preview(asking: Asking, **said: Any) -> dict[str, Any]:
    answer = await asking(APPLICANT).get(f"{PATH}/preview", params={**RULE, **said})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ask(asking: Asking, **said: Any) -> dict[str, Any]:
    rule = {key: value for key, value in said.items() if key != "due_on"}
    found = await preview(asking, **rule)
    body = {**RULE, **said, "charges": found["charges"], "total": found["total"], **WHY}
    return await sent(asking(APPLICANT), PATH, body)


async def confirm(asking: Asking, batch: dict[str, Any]) -> dict[str, Any]:
    path = f"{PATH}/{batch['batch_id']}/confirm"
    return await sent(asking(DECIDER), path, WHY, batch["version"])


async def books(process: Runtime) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    async with process.works.begin() as work:
        await check_books(work)
        return await balances(work), await open_items(work)


async def test_b18_a_preview_counts_sums_and_names_the_largest(
    asking: Asking, charged: Runtime
) -> None:
    await issue(
        asking(cast.FINANCE), ref="H-1", amount="90.00", issued_on="2026-02-01",
        kind="asset-damage", asset="电表",
    )  # fmt: skip
    assert await preview(asking, rate="0.10") == {
        "charges": 3,
        "customers": 3,
        "total": "35.61",
        "largest": "20.01",
    }
    assert (await preview(asking, rate="0.10", tariff_class="household"))["total"] == "5.00"
    assert (await preview(asking, rate="0.10", business_line="letters"))["charges"] == 0
    assert (await preview(asking, amount="60.00"))["total"] == "170.00", "C-3 has 50 left"
    assert (await preview(asking, amount="60.00", direction="supplement"))["total"] == "180.00"
    other = asking(cast.OTHER_CITY_FINANCE)
    seen = (await other.get(f"{PATH}/preview", params={**RULE, "rate": "0.10"})).json()
    assert (seen["charges"], seen["total"]) == (1, "5.00"), "what Shenzhen may see"


async def test_b18_one_decision_corrects_each_charge_with_a_journal_and_a_reason_of_its_own(
    asking: Asking, charged: Runtime
) -> None:
    before = await books(charged)
    batch = await ask(asking, rate="0.10")
    assert (batch["state"], batch["left"], batch["applied_by"]) == ("applied", 3, APPLICANT.code)
    assert await books(charged) == before, "nothing before the decision"
    done = await confirm(asking, batch)
    assert (done["state"], done["posted"], done["refused"], done["left"]) == ("performed", 3, 0, 0)
    assert (done["decided_by"], done["policy_version"]) == (DECIDER.code, 1)
    ledger, still_open = await books(charged)
    assert still_open == {"C-2": Decimal("180.09"), "C-3": 45, "C-4": 80, "C-5": 80}
    assert ledger["unapplied_cash"] == Decimal("-10.60"), "C-1 was paid in full"
    assert ledger["output_vat"] == Decimal("-5.40")
    async with charged.works.begin() as work:
        journals = await work.rows(
            "SELECT source_id, count(DISTINCT journal_id) AS number FROM journal"
            " WHERE kind = 'cancellation' GROUP BY source_id"
        )
        assert [row["number"] for row in journals] == [1, 1, 1]
    client = asking(cast.CITY_DIRECTOR)
    mine = (await client.get("/v1/corrections")).json()["items"]
    assert {each["batch_id"] for each in mine} == {batch["batch_id"]}
    assert {(each["basis"], each["state"], each["reason"]) for each in mine} == {
        ("policy", "approved", WHY["reason"])
    }
    assert {(each["applied_by"], each["decided_by"]) for each in mine} == {
        (APPLICANT.code, DECIDER.code)
    }
    charges = (await asking(DECIDER).get(f"{PATH}/{batch['batch_id']}/receivables")).json()
    assert sorted(each["amount"] for each in charges["items"]) == ["10.60", "20.01", "5.00"]


async def test_b18_a_supplement_is_a_charge_for_each_that_names_what_it_corrects(
    asking: Asking, charged: Runtime
) -> None:
    batch = await ask(asking, direction="supplement", amount="5.30", due_on="2026-05-31")
    done = await confirm(asking, batch)
    assert (done["posted"], done["state"]) == (3, "performed")
    listed = (await asking(APPLICANT).get("/v1/receivables")).json()["items"]
    added = [each for each in listed if each["kind"] == "supplement"]
    assert [each["amount"] for each in added] == ["5.30"] * 3
    assert {each["issued_by"] for each in added} == {APPLICANT.code}
    assert sorted(each["tax"] for each in added) == ["0.00", "0.00", "0.30"]
    corrected = {each["receivable_id"]: each["ref"] for each in listed}
    assert sorted(corrected[each["corrects"]] for each in added) == ["C-1", "C-2", "C-3"]
    await books(charged)


async def test_b18_whatever_is_left_after_a_portion_is_taken_up_and_nothing_is_done_twice(
    asking: Asking, charged: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correct_many, "_PORTION", 1)
    batch = await ask(asking, rate="0.10")
    first = await confirm(asking, batch)
    assert (first["state"], first["posted"], first["left"]) == ("approved", 1, 2)
    with pytest.raises(RuntimeError, match="killed"):
        async with charged.works.begin() as work:
            await correct_many.portion(work, TODAY, None)
            raise RuntimeError("killed")
    async with charged.works.begin() as work:
        done = await correct_many.portion(work, TODAY, None)
        assert done.due == 1
    async with charged.works.begin() as work:
        assert await at_once(correct_many.portion, work, TODAY) == 1
        assert await at_once(correct_many.portion, work, TODAY) == 0
        assert await batches.next_approved(work, TODAY) is None
    _, still_open = await books(charged)
    assert still_open["C-2"] == Decimal("180.09")
    shown = (await asking(DECIDER).get(f"{PATH}/{batch['batch_id']}")).json()
    assert (shown["state"], shown["posted"], shown["version"]) == ("performed", 3, 3)


async def test_b18_a_batch_that_is_confirmed_while_another_is_worked_through_loses_no_charge(
    asking: Asking, charged: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correct_many, "_PORTION", 1)
    first = await ask(asking, amount="1.00")
    second = await ask(asking, amount="2.00")
    await confirm(asking, second)
    async with charged.works.begin() as work:
        reached = (await correct_many.portion(work, TODAY, None)).reached
    await confirm(asking, first)
    while reached is not None:
        async with charged.works.begin() as work:
            reached = (await correct_many.portion(work, TODAY, reached)).reached
    for batch in (first, second):
        done = (await asking(DECIDER).get(f"{PATH}/{batch['batch_id']}")).json()
        assert (done["state"], done["posted"], done["left"]) == ("performed", 3, 0)


async def test_b18_what_was_taken_back_meanwhile_is_passed_over_and_says_why(
    asking: Asking, charged: Runtime
) -> None:
    batch = await ask(asking, rate="0.10")
    await booked(charged, cancelled("X-1", "C-2", "190.00", on=date(2026, 3, 10)))
    done = await confirm(asking, batch)
    assert (done["posted"], done["refused"], done["left"]) == (2, 1, 0)
    _, still_open = await books(charged)
    assert still_open["C-2"] == Decimal("10.10")
    charges = (await asking(DECIDER).get(f"{PATH}/{batch['batch_id']}/receivables")).json()
    (passed,) = [each for each in charges["items"] if each["state"] == "refused"]
    assert "10.10" in passed["reason"]
    assert "尚有" in passed["reason"]


async def test_b19_a_supplement_is_not_paid_by_money_that_its_applicant_received(
    asking: Asking, charged: Runtime
) -> None:
    paying = {"customer_key": str(cast.SOFTWARE.key), "amount": "70.00"}
    await receive(asking(APPLICANT), voucher="V-9", **paying)
    batch = await ask(asking, direction="supplement", amount="1.00", due_on="2026-05-31")
    done = await confirm(asking, batch)
    assert (done["posted"], done["refused"]) == (2, 1)
    await books(charged)


async def test_b18_what_is_asked_for_is_what_the_preview_showed(
    asking: Asking, charged: Runtime
) -> None:
    found = await preview(asking, rate="0.10")
    body = {**RULE, "rate": "0.10", "charges": 3, "total": found["total"], **WHY}
    await booked(charged, charge(cast.INSURER, "C-6", "10.00", due=DUE))
    assert await refused(asking(APPLICANT), PATH, body) == (409, "preview-is-old")
    nothing = {**body, "business_line": "letters"}
    assert await refused(asking(APPLICANT), PATH, nothing) == (409, "nothing-to-correct")
    both = {**body, "amount": "1.00"}
    assert await refused(asking(APPLICANT), PATH, both) == (422, "invalid-correction-rule")
    async with charged.works.begin() as work:
        assert not await work.value("SELECT count(*) FROM correction_batch_charges")


async def test_b18_only_the_level_that_policy_names_asks_and_decides_and_by_two_people(
    asking: Asking, charged: Runtime
) -> None:
    batch = await ask(asking, rate="0.10")
    body = {**RULE, "rate": "0.10", "charges": 3, "total": batch["total"], **WHY}
    assert await refused(asking(cast.FINANCE), PATH, body) == (403, "not-your-task")
    path = f"{PATH}/{batch['batch_id']}/confirm"
    assert await refused(asking(APPLICANT), path, WHY, 1) == (403, "duties-not-apart")
    city = asking(cast.CITY_DIRECTOR)
    assert (await refused(city, path, WHY, 1))[0] == 404, "it is the province's"
    assert (await city.get(PATH)).json()["items"] == []
    assert await refused(asking(DECIDER), path, WHY) == (428, "version-required")
    assert (await refused(asking(DECIDER), path, WHY, 2))[0] == 412
    away = await sent(asking(DECIDER), f"{PATH}/{batch['batch_id']}/refuse", WHY, 1)
    assert (away["state"], away["left"]) == ("refused", 3)
    assert await refused(asking(DECIDER), path, WHY, 2) == (409, "request-not-open")
    async with charged.works.begin() as work:
        assert await at_once(correct_many.portion, work, TODAY) == 0
