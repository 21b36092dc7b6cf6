"""Bad debts over HTTP: asked for, approved within limits, recovered, reversed (B-17)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.requests.rules import WriteOffRules
from services.billing.handlers.arrears import dun
from services.billing.sweeps import SWEEPS
from shared import policy
from shared.service import Runtime
from tests.services.billing.api.desk.desk import booked, issue, refused, sent
from tests.services.billing.books import balances, charge, check_books, open_items, payment, told
from tests.support import cast
from tests.support.http import Asking

TODAY = date(2026, 3, 16)
WHY = {"reason": "法院裁定破产，无可供执行财产", "evidence": "bankruptcy"}
DECIDED = {"reason": "证据齐全"}


async def receivable(asking: Asking, ref: str = "C-1") -> str:
    listed = (await asking(cast.FINANCE).get("/v1/receivables", params={"ref": ref})).json()
    return str(listed["items"][0]["receivable_id"])


async def asked(asking: Asking, ref: str = "C-1", **said: Any) -> dict[str, Any]:
    path = f"/v1/receivables/{await receivable(asking, ref)}/write-off"
    return await sent(asking(cast.FINANCE), path, {**WHY, **said})


async def approved(asking: Asking, ref: str = "C-1", **said: Any) -> dict[str, Any]:
    request = await asked(asking, ref, **said)
    path = f"/v1/write-offs/{request['request_id']}/approve"
    return await sent(asking(cast.CITY_DIRECTOR), path, {**DECIDED, **said}, 1)


async def ledger(process: Runtime) -> dict[str, Decimal]:
    async with process.works.begin() as work:
        await check_books(work)
        return await balances(work)


async def test_b17_what_is_open_is_given_up_and_neither_grows_nor_is_dunned(
    asking: Asking, process: Runtime
) -> None:
    due = date(2026, 2, 14)
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=due))
    await booked(process, payment(cast.ELECTRONICS, "P-1", 400, on=date(2026, 2, 1)))
    request = await asked(asking)
    assert request["amount"] == "636.00", "600 and 30 days of 2 per mille"
    assert (request["applied_by"], request["state"]) == (cast.FINANCE.code, "applied")
    assert (await ledger(process))["receivable"] == 600, "nothing before the approval"
    done = await approved_request(asking, request)
    assert (done["decided_by"], done["state"]) == (cast.CITY_DIRECTOR.code, "approved")
    books = await ledger(process)
    assert "receivable" not in books
    assert books["bad_debts"] == 636
    assert books["late_fee_income"] == -36
    shown = (await asking(cast.FINANCE).get(f"/v1/receivables/{done['receivable_id']}")).json()
    assert (shown["state"], shown["balance"], shown["written_off"]) == (
        "written_off",
        "0.00",
        "636.00",
    )
    assert [item["amount"] for item in shown["items"]] == ["1000.00", "36.00"]
    async with process.works.begin() as work:
        last = (await told(work, RECEIVABLE))[-1]
        assert (last["state"], last["written_off"]["amount"]) == ("written_off", "636.00")
        for sweep in SWEEPS:
            if sweep.name in ("mark-overdue", "accrue-late-fees"):
                assert await sweep.handler(work, date(2026, 4, 30)) == 0
        assert await dun.handle(work, date(2026, 4, 30)) == 0
    assert await ledger(process) == books


async def approved_request(asking: Asking, request: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/write-offs/{request['request_id']}/approve"
    return await sent(asking(cast.CITY_DIRECTOR), path, DECIDED, 1)


@pytest.mark.parametrize("is_late", [False, True])
async def test_b17_money_that_names_it_later_recovers_it_and_other_cash_does_not(
    asking: Asking, process: Runtime, is_late: bool
) -> None:
    named = payment(cast.ELECTRONICS, "P-2", 300, "C-1", on=TODAY)
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=date(2026, 3, 31)))
    if is_late:
        await approved(asking, on="2026-03-12")
        await booked(process, payment(cast.ELECTRONICS, "P-1", 50, on=TODAY), named)
    else:
        request = await asked(asking, on="2026-03-12")
        await booked(process, payment(cast.ELECTRONICS, "P-1", 50, on=TODAY))
        path = f"/v1/write-offs/{request['request_id']}/approve"
        await sent(asking(cast.CITY_DIRECTOR), path, {**DECIDED, "on": "2026-03-12"}, 1)
        await booked(process, named)
    books = await ledger(process)
    assert "receivable" not in books
    assert books["bad_debts"] == 700
    assert books["unapplied_cash"] == -50
    (request,) = (await asking(cast.FINANCE).get("/v1/write-offs")).json()["items"]
    shown = (await asking(cast.FINANCE).get(f"/v1/write-offs/{request['request_id']}")).json()
    assert (shown["written_off"], shown["recovered"]) == ("700.00", "300.00")
    assert [step["state"] for step in shown["steps"]] == ["applied", "approved"]


async def test_b17_money_from_before_that_comes_late_makes_the_write_off_less(
    asking: Asking, process: Runtime
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=date(2026, 3, 31)))
    await approved(asking)
    await booked(process, payment(cast.ELECTRONICS, "P-1", 250, on=TODAY))
    books = await ledger(process)
    assert books["bad_debts"] == 750
    assert "unapplied_cash" not in books
    async with process.works.begin() as work:
        days = await work.rows(
            "SELECT event_on, sum(balance) AS balance FROM entries WHERE account = 'bad_debts'"
            " GROUP BY event_on"
        )
        assert [(row["event_on"], row["balance"]) for row in days] == [(TODAY, Decimal(750))]


async def test_b17_recovered_in_full_it_is_settled(asking: Asking, process: Runtime) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=date(2026, 3, 31)))
    await approved(asking)
    await booked(process, payment(cast.ELECTRONICS, "P-1", 1000, "C-1", on=date(2026, 3, 17)))
    async with process.works.begin() as work:
        assert (await told(work, RECEIVABLE))[-1]["state"] == "settled"
        assert "bad_debts" not in await balances(work)


async def test_b17_a_write_off_is_reversed_by_a_second_person_and_all_is_owed_again(
    asking: Asking, process: Runtime
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=date(2026, 3, 31)))
    before = await ledger(process)
    request = await approved(asking)
    reverse = f"/v1/write-offs/{request['request_id']}/reverse"
    assert await refused(asking(cast.FINANCE), reverse, DECIDED, 2) == (
        403,
        "write-off-beyond-authority",
    )
    done = await sent(asking(cast.CITY_DEPUTY), reverse, DECIDED, 2)
    assert (done["state"], done["version"]) == ("reversed", 3)
    assert await ledger(process) == before
    async with process.works.begin() as work:
        assert await open_items(work) == {"C-1": 1000}
    assert (await asked(asking))["state"] == "applied", "it may be asked for again"


async def test_b17_money_that_bounces_after_it_is_owed_until_a_person_decides(
    asking: Asking, process: Runtime
) -> None:
    """Nobody approved more than 600. Other cash goes past it; a new request gives up all of it."""
    await booked(process, charge(cast.ELECTRONICS, "C-1", 1000, due=date(2026, 3, 31)))
    await booked(process, payment(cast.ELECTRONICS, "P-1", 400, on=date(2026, 3, 10)))
    request = await approved(asking)
    bounced = payment(cast.ELECTRONICS, "P-2", -400, reverses="P-1", on=TODAY)
    await booked(process, bounced, payment(cast.ELECTRONICS, "P-3", 70, on=date(2026, 3, 17)))
    books = await ledger(process)
    assert [books[each] for each in ("bad_debts", "receivable", "unapplied_cash")] == [
        600,
        400,
        -70,
    ]
    await booked(process, payment(cast.ELECTRONICS, "P-4", 50, "C-1", on=date(2026, 3, 17)))
    books = await ledger(process)
    assert [books[each] for each in ("bad_debts", "receivable")] == [600, 350], "what is owed first"
    path = f"/v1/receivables/{await receivable(asking)}/write-off"
    assert await refused(asking(cast.FINANCE), path, WHY) == (409, "asked-already")
    reverse = f"/v1/write-offs/{request['request_id']}/reverse"
    await sent(asking(cast.CITY_DEPUTY), reverse, DECIDED, 2)
    await approved(asking)
    books = await ledger(process)
    assert "receivable" not in books
    assert [books[each] for each in ("bad_debts", "unapplied_cash")] == [950, -70]


@pytest.mark.parametrize(("amount", "status"), [("10000.00", 200), ("10000.01", 403)])
async def test_b17_each_level_writes_off_up_to_its_limit(
    asking: Asking, process: Runtime, amount: str, status: int
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", amount, due=date(2026, 3, 31)))
    request = await asked(asking)
    answer = await asking(cast.CITY_DEPUTY).post(
        f"/v1/write-offs/{request['request_id']}/approve",
        json=DECIDED,
        headers={"if-match": '"1"'},
    )
    assert answer.status_code == status, answer.text
    if status == 403:
        assert answer.json()["facts"] == {
            "amount": amount,
            "level": "city",
            "policy_version": 1,
        }


async def test_b19_whoever_raised_or_asked_does_not_write_off(
    asking: Asking, process: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    await issue(finance, ref="H-1", due_on="2026-03-31")
    own = f"/v1/receivables/{await receivable(asking, 'H-1')}/write-off"
    assert await refused(finance, own, WHY) == (403, "duties-not-apart")
    manager = asking(cast.MANAGER_A)
    assert (await refused(manager, own, WHY))[0] == 403


async def test_b17_evidence_and_an_open_balance_are_needed_and_it_is_asked_for_once(
    asking: Asking, process: Runtime
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 100, due=date(2026, 3, 31)))
    path = f"/v1/receivables/{await receivable(asking)}/write-off"
    finance = asking(cast.FINANCE)
    hearsay = {**WHY, "evidence": "hearsay"}
    assert await refused(finance, path, hearsay) == (422, "not-evidence")
    await asked(asking)
    assert await refused(finance, path, WHY) == (409, "asked-already")
    await booked(process, charge(cast.ELECTRONICS, "C-2", 100, due=date(2026, 3, 30)))
    await booked(process, payment(cast.ELECTRONICS, "P-1", 100, "C-2"))
    paid = f"/v1/receivables/{await receivable(asking, 'C-2')}/write-off"
    assert await refused(finance, paid, WHY) == (409, "nothing-open")


async def test_b17_what_is_overdue_beyond_the_policy_is_doubtful_and_a_day_less_is_not(
    asking: Asking, process: Runtime
) -> None:
    """180 days: 2025-09-16 is 181 days before 2026-03-16."""
    await booked(
        process,
        charge(cast.ELECTRONICS, "C-1", 100, issued=date(2025, 9, 1), due=date(2025, 9, 16)),
        charge(cast.ELECTRONICS, "C-2", 100, issued=date(2025, 9, 1), due=date(2025, 9, 17)),
    )
    finance = asking(cast.FINANCE)
    listed = (await finance.get("/v1/doubtful-debts", params={"on": "2026-03-16"})).json()
    assert [(row["ref"], row["days_overdue"]) for row in listed["items"]] == [("C-1", 181)]
    await asked(asking)
    (row,) = (await finance.get("/v1/doubtful-debts", params={"on": "2026-03-16"})).json()["items"]
    assert row["write_off_state"] == "applied"


RECEIVABLE = "dakehu.billing.receivable_changed.v1"


async def test_b17_a_write_off_keeps_the_version_that_gave_the_authority(
    asking: Asking, process: Runtime
) -> None:
    await booked(process, charge(cast.ELECTRONICS, "C-1", 100, due=date(2026, 3, 31)))
    async with process.works.begin() as work:
        rules = await policy.in_force(work, WriteOffRules, TODAY)
        second = await policy.record_parsed(
            work, rules.body, TODAY, author="P002", reason="复核", source="ours"
        )
    done = await approved(asking)
    shown = (await asking(cast.FINANCE).get(f"/v1/write-offs/{done['request_id']}")).json()
    assert [step["policy_version"] for step in shown["steps"]] == [second.version] * 2
    async with process.works.begin() as work:
        level = await work.value("SELECT details ->> 'level' FROM money_requests WHERE version = 2")
    assert level == "city"
