"""Charges, payments and which pays what, in the real database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from shared.contracts.enterprise import OpeningKind
from shared.work import Work
from tests.services.billing.books import (
    balances,
    charge,
    check_books,
    fate_codes,
    open_items,
    opening,
    payment,
    take,
    told,
    unapplied,
)
from tests.support.cast import DECLARED, ELECTRONICS, INSURER, Customer

RECEIVABLE = "dakehu.billing.receivable_changed.v1"


async def test_a_charge_opens_a_receivable_and_recognises_no_revenue(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", "113.00", tax="13.00"))
    assert await balances(work) == {
        "receivable": 113,
        "billed_clearing": -100,
        "output_vat": -13,
    }
    (fact,) = await told(work, RECEIVABLE)
    assert fact["state"] == "open"
    assert fact["balance"]["amount"] == "113.00"
    await check_books(work)


async def test_the_vat_comes_from_the_rate_where_no_amount_is_told(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", "106.00", rate="0.06"))
    assert (await balances(work))["output_vat"] == -6


async def test_instalments_fall_due_one_by_one_b_14(work: Work) -> None:
    parts = {date(2026, 1, 31): "60", date(2026, 2, 28): "40"}
    await take(work, charge(ELECTRONICS, "C-1", 100, parts=parts))
    await take(work, payment(ELECTRONICS, "P-1", 70))
    assert await open_items(work) == {"C-1/2": 30}
    await check_books(work)


async def test_cash_goes_past_no_open_item_however_many_there_are_b_34(work: Work) -> None:
    """Charges come whole, so later instalments are looked at before what is due between them."""
    in_two = {date(2026, 2, 1): "10", date(2026, 4, 1): "10"}
    raised = [charge(ELECTRONICS, f"C-{number}", 20, parts=in_two) for number in range(1, 9)]
    await take(work, *raised, charge(ELECTRONICS, "C-9", 20, due=MARCH_1))
    await take(work, payment(ELECTRONICS, "P-1", 85, on=date(2026, 1, 5)))
    left = {f"C-{number}/2": 10 for number in range(1, 9)}
    assert await open_items(work) == {**left, "C-9": 15}
    await check_books(work)


async def test_a_charge_that_contradicts_itself_is_refused_alone_b_13(work: Work) -> None:
    late = date(2026, 1, 2)
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, issued=late, due=date(2026, 1, 1)),
        charge(ELECTRONICS, "C-2", 100, parts={late: "60", MARCH_1: "39.99"}),
        charge(ELECTRONICS, "C-3", 0),
        charge(ELECTRONICS, "C-4", 100, tax="100.01"),
        charge(DECLARED, "C-5", 100),
        charge(ELECTRONICS, "C-6", 100),
    )
    assert await open_items(work) == {"C-6": 100}
    fates = await fate_codes(work)
    assert fates.pop("C-5") == "waiting"
    assert fates == dict.fromkeys(("C-1", "C-2", "C-3", "C-4"), "invalid-charge")


async def test_a_remittance_pays_what_it_names_and_cash_what_is_due_first(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=date(2026, 1, 10)),
        charge(ELECTRONICS, "C-2", 100, due=date(2026, 2, 10)),
        payment(ELECTRONICS, "P-1", 50, "C-2", on=date(2026, 1, 5)),
        payment(ELECTRONICS, "P-2", 30, on=date(2026, 1, 6)),
    )
    assert await open_items(work) == {"C-1": 70, "C-2": 50}
    await check_books(work)


async def test_what_is_paid_too_much_is_unapplied_cash(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), payment(ELECTRONICS, "P-1", 130))
    assert await unapplied(work) == {"P-1": 30}
    assert await balances(work) == {
        "bank": 130,
        "billed_clearing": -100,
        "unapplied_cash": -30,
    }
    await check_books(work)


async def test_a_payment_before_its_charge_is_applied_when_the_charge_comes(work: Work) -> None:
    await take(work, payment(ELECTRONICS, "P-1", 80, "C-2"))
    assert await unapplied(work) == {"P-1": 80}
    await take(work, charge(ELECTRONICS, "C-1", 100, due=date(2026, 1, 25)))
    assert await open_items(work) == {"C-1": 20}
    await take(work, charge(ELECTRONICS, "C-2", 100))
    assert await open_items(work) == {"C-1": 100, "C-2": 20}
    await check_books(work)
    reasons = [fact["reason"] for fact in await told(work, "dakehu.billing.payment_unapplied.v1")]
    assert reasons == [], "all of it is applied, if elsewhere"


async def test_a_payment_of_an_earlier_day_that_comes_late_moves_the_later_ones(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=date(2026, 1, 10)),
        charge(ELECTRONICS, "C-2", 100, due=date(2026, 2, 10)),
        payment(ELECTRONICS, "P-2", 100, on=date(2026, 1, 9)),
    )
    await take(work, payment(ELECTRONICS, "P-1", 60, on=date(2026, 1, 2)))
    rows = await work.rows(
        "SELECT payments.ref AS payment, charges.ref AS charge, applications.amount"
        " FROM applications JOIN payments USING (payment_id) JOIN items USING (item_id)"
        " JOIN charges USING (charge_id) ORDER BY 1, 2"
    )
    assert [(row["payment"], row["charge"], row["amount"]) for row in rows] == [
        ("P-1", "C-1", Decimal(60)),
        ("P-2", "C-1", Decimal(40)),
        ("P-2", "C-2", Decimal(60)),
    ]
    await check_books(work)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_an_advance_and_a_payment_of_one_number_and_day_pay_alike_in_any_order_b_34(
    work: Work, order: tuple[int, ...]
) -> None:
    on = date(2026, 1, 1)
    advance = OpeningKind.ADVANCE
    facts = (
        opening(ELECTRONICS, "S-1", 50, kind=advance, due=None, line=None, on=on),
        payment(ELECTRONICS, "S-1", 50, on=on),
        charge(ELECTRONICS, "C-1", 50),
    )
    for place in order:
        await take(work, facts[place])
    (paid_by,) = await work.rows("SELECT fund FROM applications JOIN payments USING (payment_id)")
    assert paid_by["fund"] == "bank", "the same, whoever was heard of first"
    await check_books(work)


async def test_nobody_pays_for_somebody_else(work: Work) -> None:
    await take(
        work, charge(INSURER, "C-1", 100), payment(ELECTRONICS, "P-1", 100, "C-1", system="erp")
    )
    assert await open_items(work) == {"C-1": 100}
    assert await unapplied(work) == {"P-1": 100}


async def test_a_receivable_that_is_paid_is_settled_on_the_day_of_the_last_money(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100),
        payment(ELECTRONICS, "P-1", 60, on=date(2026, 1, 5)),
        payment(ELECTRONICS, "P-2", 40, on=date(2026, 1, 7)),
    )
    last = (await told(work, RECEIVABLE))[-1]
    assert (last["state"], last["settled_on"]) == ("settled", "2026-01-07")
    applied = (await told(work, "dakehu.billing.payment_applied.v1"))[-1]
    assert applied["unapplied"]["amount"] == "0.00"


async def test_money_in_a_personal_account_is_refused_and_kept_as_a_case_b_36(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100),
        payment(ELECTRONICS, "P-1", 100, account="6222-0000-1111"),
        payment(ELECTRONICS, "P-2", 10),
    )
    assert await fate_codes(work) == {"P-1": "not-a-company-account"}
    cases = await work.rows("SELECT ref, account, amount FROM compliance_cases")
    assert [(case["ref"], case["account"], case["amount"]) for case in cases] == [
        ("P-1", "6222-0000-1111", Decimal(100))
    ]
    assert await open_items(work) == {"C-1": 90}


async def test_money_of_a_payer_unknown_yet_becomes_his_case_when_he_is_known_b_36(
    work: Work,
) -> None:
    stranger = Customer("K-9", "广州新客户有限公司", "GZ", "440106")
    await take(work, payment(stranger, "P-1", 100, account="6222-0000-1111"))
    assert await fate_codes(work) == {"P-1": "waiting"}
    await take(work, stranger.changed())
    assert await fate_codes(work) == {"P-1": "not-a-company-account"}
    (case,) = await work.rows("SELECT ref, customer_key FROM compliance_cases")
    assert (case["ref"], case["customer_key"]) == ("P-1", stranger.key)
    assert await balances(work) == {}


async def test_a_payment_is_above_zero_unless_it_takes_one_back(work: Work) -> None:
    await take(work, payment(ELECTRONICS, "P-1", 0), payment(ELECTRONICS, "P-2", -5))
    assert set((await fate_codes(work)).values()) == {"invalid-payment"}


MARCH_1 = date(2026, 3, 1)
