"""Reports over HTTP: every total is the ledger's, seen through the caller's scope."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.domain.books.accounts import Account
from tests.support import cast
from tests.support.http import Asking

ELECTRONICS, INSURER = str(cast.ELECTRONICS.key), str(cast.INSURER.key)
YEAR = {"from_on": "2026-01-01", "until_on": "2026-12-31"}
pytestmark = pytest.mark.usefixtures("furnished")


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ledger(client: httpx.AsyncClient, **params: str) -> dict[str, Decimal]:
    balance = await get(client, "/v1/ledger/trial-balance", **params)
    assert balance["balance"] == "0.00"
    return {each["account"]: Decimal(each["balance"]) for each in balance["accounts"]}


async def test_the_trial_balance_is_zero_on_every_day_b_34(asking: Asking) -> None:
    province = asking(cast.AUDITOR)
    for on in ("2025-12-01", "2025-12-31", "2026-01-10", "2026-02-28", "2026-03-16"):
        await ledger(province, on=on)
    today = await ledger(province)
    assert today["bank"] == 1160
    assert today["revenue"] == -290
    assert today["output_vat"] == -60
    assert today["billed_clearing"] == 290 - 1800


async def test_revenue_is_told_by_unit_line_month_and_customer_b_30(asking: Asking) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    (whole,) = (await get(province, "/v1/revenue", **YEAR))["items"]
    assert (whole["amount"], whole["base"], whole["increment"]) == ("290.00", "270.00", "20.00")
    for by in (["month"], ["unit"], ["line"], ["customer"], ["month", "unit", "line", "customer"]):
        rows = (await get(province, "/v1/revenue", **YEAR, by=by))["items"]
        assert sum(Decimal(row["amount"]) for row in rows) == Decimal("290")
    units = (await get(province, "/v1/revenue", **YEAR, by="unit"))["items"]
    assert {row["unit"]: row["amount"] for row in units} == {
        "GZ": "140.00",
        "GZ-TH": "20.00",
        "SZ": "130.00",
    }


async def test_a_unit_sees_the_revenue_that_it_got_and_no_other(asking: Asking) -> None:
    for person, expected in ((cast.CITY_DIRECTOR, 160), (cast.OTHER_CITY_DIRECTOR, 130)):
        client = asking(person)
        (whole,) = (await get(client, "/v1/revenue", **YEAR))["items"]
        assert Decimal(whole["amount"]) == expected
        assert (await ledger(client))["revenue"] == -expected


async def test_revenue_pages_by_group(asking: Asking) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    first = await get(province, "/v1/revenue", **YEAR, by=["month", "unit"], page_size=2)
    assert len(first["items"]) == 2
    rest = await get(
        province,
        "/v1/revenue",
        **YEAR,
        by=["month", "unit"],
        page_size=2,
        page_token=first["next_page_token"],
    )
    assert {(row["month"], row["unit"]) for row in [*first["items"], *rest["items"]]} == {
        ("2026-01", "GZ"),
        ("2026-01", "SZ"),
        ("2026-02", "GZ"),
        ("2026-02", "GZ-TH"),
    }


async def test_a_posting_shows_its_rule_and_the_shares_in_sight(asking: Asking) -> None:
    client = asking(cast.CITY_DIRECTOR)
    listed = (await get(client, "/v1/revenue/postings", customer_key=ELECTRONICS))["items"]
    assert [row["ref"] for row in listed] == ["R-3", "R-2", "R-1"]
    posting = await get(client, f"/v1/revenue/postings/{listed[1]['posting_id']}")
    assert (posting["rule"], posting["base"]) == ("base-increment", "50.00")
    assert [(share["unit"], share["amount"]) for share in posting["shares"]] == [
        ("GZ", "30.00"),
        ("GZ-TH", "50.00"),
    ], "the share of Shenzhen is for Shenzhen to see"


@pytest.mark.parametrize("on", ["2025-12-31", "2026-01-10", "2026-02-28", "2026-03-16"])
async def test_the_ageing_of_any_day_is_the_ledgers_receivables_b_17(
    asking: Asking, on: str
) -> None:
    client = asking(cast.CITY_DIRECTOR)
    receivable = (await ledger(client, on=on))["receivable"]
    aged = await get(client, "/v1/ageing", on=on)
    assert Decimal(aged["balance"]) == receivable
    assert sum(Decimal(bucket["balance"]) for bucket in aged["buckets"]) == receivable
    assert sum(Decimal(each["balance"]) for each in aged["customers"]) == receivable
    items = (await get(client, "/v1/ageing/items", on=on))["items"]
    assert sum(Decimal(item["balance"]) for item in items) == receivable


async def test_ageing_goes_by_the_days_of_each_instalment_b_17(client: httpx.AsyncClient) -> None:
    aged = await get(client, "/v1/ageing", on="2026-02-28")
    (own,) = aged["customers"]
    by_bucket = {bucket["bucket"]: Decimal(bucket["balance"]) for bucket in own["buckets"]}
    assert by_bucket["61-90"] == 500, "70 days after 20 December"
    items = (await get(client, "/v1/ageing/items", on="2026-02-28"))["items"]
    assert [(item["is_late_fee"], item["days_overdue"]) for item in items] == [
        (False, 70),
        (True, 0),
    ]


async def test_a_statement_runs_from_opening_to_closing(client: httpx.AsyncClient) -> None:
    statement = await get(
        client,
        "/v1/ledger/statement",
        customer_key=ELECTRONICS,
        from_on="2026-01-01",
        until_on="2026-01-31",
    )
    assert (statement["opening"], statement["closing"]) == ("1060.00", "500.00")
    lines = [(line["kind"], line["credit"]) for line in statement["lines"]["items"]]
    assert lines == [("payment", "560.00")]
    until = await get(
        client,
        "/v1/ledger/statement",
        customer_key=INSURER,
        from_on="2026-01-01",
        until_on="2026-03-16",
    )
    assert until["closing"] == "-100.00", "paid too much"
    for told in (statement, until):
        for side, whole in (("debit", "debits"), ("credit", "credits")):
            listed = sum(Decimal(line[side]) for line in told["lines"]["items"])
            assert listed == Decimal(told[whole]), "what is listed adds up"


@pytest.mark.parametrize("path", ["/v1/ledger/statement", "/v1/forms/statement"])
async def test_a_statement_begins_before_it_ends(client: httpx.AsyncClient, path: str) -> None:
    asked = {"customer_key": ELECTRONICS, "from_on": "2026-01-31"}
    one_day = await client.get(path, params={**asked, "until_on": "2026-01-31"})
    assert one_day.status_code == 200
    none = await client.get(path, params={**asked, "until_on": "2026-01-30"})
    assert (none.status_code, none.json()["type"]) == (422, "/problems/empty-period")


async def test_receivables_payments_and_late_fees_are_read_one_by_one(
    client: httpx.AsyncClient,
) -> None:
    (found,) = (await get(client, "/v1/receivables", state="overdue"))["items"]
    receivable = await get(client, f"/v1/receivables/{found['receivable_id']}")
    assert receivable["items"][0]["balance"] == "500.00"
    assert receivable["items"][1]["is_late_fee"]
    (fee,) = (await get(client, "/v1/late-fees"))["items"]
    assert fee["is_final"] is False
    shown = await get(client, f"/v1/late-fees/{fee['late_fee_id']}")
    parts = shown["decisions"][0]["parts"]
    assert [part["days"] for part in parts] == [11, 10, 49]
    assert Decimal(shown["amount"]) == sum(Decimal(part["amount"]) for part in parts)
    (payment,) = (await get(client, "/v1/payments", is_unapplied=True))["items"]
    assert payment["unapplied"] == "100.00"
    paid = await get(client, f"/v1/payments/{payment['payment_id']}")
    assert [(each["amount"], each["is_named"]) for each in paid["allocations"]] == [
        ("500.00", False)
    ]


async def test_the_journal_is_read_line_by_line(client: httpx.AsyncClient, asking: Asking) -> None:
    auditor = asking(cast.AUDITOR)
    lines = (await get(auditor, "/v1/ledger/journal", kind="charge"))["items"]
    assert sum(Decimal(line["amount"]) for line in lines) == 1860
    assert len(await get(client, "/v1/ledger/accounts")) == len(Account)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/receivables",
        "/v1/payments",
        "/v1/late-fees",
        "/v1/revenue/postings",
        "/v1/deposits",
        "/v1/agreements",
    ],
)
async def test_nothing_of_another_city_is_listed_and_nothing_unknown_is_found(
    asking: Asking, path: str
) -> None:
    theirs = (await get(asking(cast.OTHER_CITY_DIRECTOR), path))["items"]
    assert {row["customer_key"] for row in theirs} <= {str(cast.SOFTWARE.key)}
    ours = (await get(asking(cast.CITY_DIRECTOR), path))["items"]
    assert str(cast.SOFTWARE.key) not in {row["customer_key"] for row in ours}
    missing = await asking(cast.CITY_DIRECTOR).get(f"{path}/00000000-0000-4000-8000-000000000000")
    assert missing.status_code == 404


async def test_the_books_are_for_bookkeepers_and_cases_for_who_sees_the_customer(
    asking: Asking,
) -> None:
    manager = asking(cast.MANAGER_A)
    assert (await manager.get("/v1/ledger/trial-balance")).status_code == 403
    assert (await manager.get("/v1/payments/compliance-cases")).status_code == 403
    for person, seen in ((cast.AUDITOR, 1), (cast.FINANCE, 1), (cast.OTHER_CITY_FINANCE, 0)):
        cases = (await get(asking(person), "/v1/payments/compliance-cases"))["items"]
        assert len(cases) == seen
