"""Charges that a person issues, over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.service import Runtime
from tests.services.billing.api.credit.asked import release, reserve
from tests.services.billing.api.desk.desk import booked, charge, issue, payment, refused, sent
from tests.services.billing.books import balances, check_books, merged
from tests.support import cast
from tests.support.http import Asking


@pytest.fixture
def caller() -> cast.Person:
    return cast.BACK_OFFICE


async def test_b19_a_charge_is_issued_and_names_its_issuer(
    client: httpx.AsyncClient, process: Runtime
) -> None:
    (issued,) = await issue(client, tax_rate="0.06", month="2026-02")
    assert issued["issued_by"] == cast.BACK_OFFICE.code
    assert (issued["amount"], issued["tax"], issued["state"]) == ("1060.00", "60.00", "open")
    assert (issued["system"], issued["month"]) == ("billing", "2026-02")
    async with process.works.begin() as work:
        assert await balances(work) == {
            "receivable": 1060,
            "output_vat": -60,
            "billed_clearing": -1000,
        }


async def test_b14_a_month_is_settled_in_several_parts_and_each_in_instalments(
    client: httpx.AsyncClient,
) -> None:
    await issue(client, ref="M-1", amount="100.00", month="2026-02")
    parts = [
        {"number": 1, "amount": "33.33", "due_on": "2026-03-31"},
        {"number": 2, "amount": "66.68", "due_on": "2026-04-30"},
    ]
    await issue(client, ref="M-2", amount="100.01", month="2026-02", instalments=parts)
    await issue(client, ref="M-3", amount="5.00", month="2026-03")
    listed = (await client.get("/v1/receivables", params={"month": "2026-02"})).json()["items"]
    assert {row["ref"] for row in listed} == {"M-1", "M-2"}
    assert sum(Decimal(row["amount"]) for row in listed) == Decimal("200.01")


async def test_b16_a_bill_over_several_uses_is_settled_for_each_to_the_cent(
    client: httpx.AsyncClient,
) -> None:
    uses = [
        {"tariff_class": "household", "amount": "100.00"},
        {"tariff_class": "other", "ratio": "2"},
        {"tariff_class": "household", "ratio": "1", "business_line": "letters"},
    ]
    issued = await issue(client, ref="U-1", amount="1000.00", tax_rate="0.06", uses=uses)
    assert [(row["ref"], row["tariff_class"], row["amount"]) for row in issued] == [
        ("U-1/1", "household", "100.00"),
        ("U-1/2", "other", "600.00"),
        ("U-1/3", "household", "300.00"),
    ]
    assert sum(Decimal(row["tax"]) for row in issued) == Decimal("56.60")


@pytest.mark.parametrize(
    "uses",
    [
        [{"tariff_class": "other", "amount": "999.99"}],
        [{"tariff_class": "other", "amount": "1000.01"}],
        [{"tariff_class": "other", "amount": "1000.00"}, {"tariff_class": "other", "ratio": "1"}],
        [{"tariff_class": "other"}],
        [{"tariff_class": "other", "amount": "1.00", "ratio": "1"}],
    ],
)
async def test_b16_uses_that_do_not_make_up_the_bill_are_refused(
    client: httpx.AsyncClient, uses: list[dict[str, Any]]
) -> None:
    answer = await client.post("/v1/receivables", json=charge(amount="1000.00", uses=uses))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-uses")


async def test_b25_damage_is_charged_and_names_the_asset(client: httpx.AsyncClient) -> None:
    (issued,) = await issue(client, kind="asset-damage", asset="电能表 DN-0815")
    assert (issued["kind"], issued["asset"]) == ("asset-damage", "电能表 DN-0815")
    nameless = await client.post("/v1/receivables", json=charge(ref="D-2", kind="asset-damage"))
    assert nameless.status_code == 422


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"due_on": "2026-02-27", "issued_on": "2026-02-28"}, "/due_on"),
        (
            {"instalments": [{"number": 1, "amount": "1059.99", "due_on": "2026-04-30"}]},
            "/instalments",
        ),
        ({"tax_rate": "0.06", "tax_amount": "87.52"}, "/tax_amount"),
        ({"tax_amount": "1060.00"}, "/tax_amount"),
        ({"amount": "1060.001"}, "/amount"),
        ({"amount": "0.00"}, "/amount"),
        ({"issued_on": "2099-01-01", "due_on": "2099-02-01"}, "/issued_on"),
    ],
)
async def test_a_charge_that_contradicts_itself_is_refused_and_says_where(
    client: httpx.AsyncClient, process: Runtime, said: dict[str, Any], pointer: str
) -> None:
    answer = await client.post("/v1/receivables", json=charge(**said))
    assert answer.status_code == 422, answer.text
    faults = answer.json()["errors"]
    assert [each["pointer"] for each in faults] == [pointer]
    assert all(" / " in each["detail"] for each in faults)
    async with process.works.begin() as work:
        assert await balances(work) == {}


async def test_tax_within_the_rounding_of_its_lines_fits_the_rate(
    client: httpx.AsyncClient,
) -> None:
    await issue(client, ref="T-1", tax_rate="0.06", tax_amount="60.06")
    beyond = charge(ref="T-2", tax_rate="0.06", tax_amount="60.07")
    assert (await client.post("/v1/receivables", json=beyond)).status_code == 422


async def test_b35_a_number_is_used_once(client: httpx.AsyncClient) -> None:
    await issue(client)
    again = await client.post("/v1/receivables", json=charge())
    assert (again.status_code, again.json()["type"]) == (409, "/problems/issued-before")


async def test_r20_nobody_is_charged_whom_no_business_may_be_done_with(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/v1/receivables", json=charge(customer_key=str(cast.SUSPENDED.key)))
    assert answer.status_code == 409


async def test_b19_issuing_and_receiving_are_two_tasks_by_role(asking: Asking) -> None:
    manager = await asking(cast.MANAGER_A).post("/v1/receivables", json=charge())
    assert manager.status_code == 403
    received = await asking(cast.BACK_OFFICE).post("/v1/payments", json=payment())
    assert received.status_code == 403


async def test_b19_who_issued_a_charge_does_not_receive_its_money(
    asking: Asking, process: Runtime
) -> None:
    finance = asking(cast.FINANCE)
    await issue(finance)
    received = await finance.post("/v1/payments", json=payment())
    assert (received.status_code, received.json()["type"]) == (403, "/problems/duties-not-apart")
    async with process.works.begin() as work:
        assert "bank" not in await balances(work), "nothing of it happened"


async def test_b19_who_received_money_does_not_issue_what_it_pays(asking: Asking) -> None:
    finance = asking(cast.FINANCE)
    assert (await finance.post("/v1/payments", json=payment())).status_code == 201
    issued = await finance.post("/v1/receivables", json=charge())
    assert (issued.status_code, issued.json()["type"]) == (403, "/problems/duties-not-apart")
    (by_another,) = await issue(asking(cast.BACK_OFFICE))
    assert by_another["balance"] == "60.00"


async def test_a_charge_for_a_merged_customer_is_redirected_and_marked_r81(
    client: httpx.AsyncClient, process: Runtime
) -> None:
    await booked(process, merged(cast.INSURER, cast.ELECTRONICS))
    (issued,) = await issue(client, customer_key=str(cast.INSURER.key))
    assert issued["customer_key"] == str(cast.INSURER.key)
    assert issued["redirected_to"] == str(cast.ELECTRONICS.key)
    async with process.works.begin() as work:
        await check_books(work)


async def test_b34_a_charge_names_a_live_reservation_of_its_own_group(asking: Asking) -> None:
    seller, desk = asking(cast.MANAGER_A), asking(cast.BACK_OFFICE)
    kept = (await reserve(seller, "2000.00", "PO-1")).json()
    out_of = charge(reservation_id=kept["reservation_id"])
    assert await refused(desk, "/v1/receivables", out_of) == (404, "unknown-credit-reservation")
    own = {**out_of, "customer_key": str(cast.INSURER.key)}
    await sent(desk, "/v1/receivables", own)
    left = (await seller.get(f"/v1/credit/reservations/{kept['reservation_id']}")).json()
    assert (left["consumed"], left["left"]) == ("1060.00", "940.00")
    await release(seller, left)
    again = await refused(desk, "/v1/receivables", {**own, "ref": "H-2"})
    assert again == (409, "credit-reservation-not-live")
