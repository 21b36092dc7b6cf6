"""Charges: what they must satisfy, what is left after a cancellation, and their lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Line, moved
from services.billing.domain.receivables.cancellations import (
    Taking,
    left_of,
    taken_back,
    taken_more,
    tax_left,
)
from services.billing.domain.receivables.charges import (
    BillRules,
    Charge,
    Instalment,
    billed,
    objection,
    tax_in,
)
from services.billing.domain.receivables.receivables import Owed, State, state_of

DAY = date(2026, 1, 1)
CUSTOMER = UUID(int=1)
cents = st.integers(1, 10**7).map(lambda amount: Decimal(amount) / 100)


@given(st.lists(cents, min_size=1, max_size=5), st.integers(0, 100))
def test_a_charge_debits_its_gross_and_credits_net_and_vat(
    parts: list[Decimal], percent: int
) -> None:
    gross = sum(parts, Decimal(0))
    tax = tax_in(gross, None, Decimal(percent) / 100)
    lines = billed([(UUID(int=n), part) for n, part in enumerate(parts)], tax, DAY, CUSTOMER)
    assert sum(line.amount for line in lines) == gross
    vat = sum((line.amount for line in lines if line.credit is Account.OUTPUT_VAT), Decimal(0))
    assert vat == tax
    by_item = {line.item_id for line in lines}
    assert by_item == {UUID(int=n) for n in range(len(parts))}


@given(st.lists(cents, min_size=1, max_size=5), st.data())
def test_a_cancellation_takes_exactly_its_amount(parts: list[Decimal], data: st.DataObject) -> None:
    gross = sum(parts, Decimal(0))
    cancelled = Decimal(data.draw(st.integers(0, int(gross * 100)))) / 100
    instalments = [Instalment(n, part, DAY) for n, part in enumerate(parts, 1)]
    left = left_of(instalments, cancelled)
    assert sum(left.values()) == gross - cancelled
    assert all(0 <= left[part.number] <= part.amount for part in instalments)
    tax = tax_in(gross, None, Decimal("0.13"))
    assert tax_left(gross, tax, Decimal(0)) == tax
    assert tax_left(gross, tax, gross) == 0
    assert tax_left(gross, tax, cancelled) <= gross - cancelled


@given(
    st.lists(cents, min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 60), cents), min_size=1, max_size=4),
    st.data(),
)
def test_what_is_taken_back_of_which_instalment_and_when_does_not_depend_on_who_was_first_b_34(
    parts: list[Decimal], wanted: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    gross, tax = sum(parts, Decimal(0)), tax_in(sum(parts, Decimal(0)), None, Decimal("0.13"))
    instalments = [Instalment(n, part, DAY) for n, part in enumerate(parts, 1)]
    items = {part.number: UUID(int=part.number) for part in instalments}
    takings, left = [], gross
    for number, (after, amount) in enumerate(wanted):
        takings.append(Taking(DAY + timedelta(after), "erp", f"X-{number}", min(amount, left)))
        left -= takings[-1].amount
    ends = []
    for order in (takings, data.draw(st.permutations(takings))):
        issued_on = DAY + timedelta(10)
        heard: list[Taking] = []
        posted: dict[tuple[date, UUID | None, Account], Decimal] = {}
        for taking in order:
            before = taken_back(instalments, tax, issued_on, heard)
            heard.append(taking)
            after_it = taken_back(instalments, tax, issued_on, heard)
            for line in taken_more(before, after_it, items, CUSTOMER):
                for account, sign in ((line.debit, 1), (line.credit, -1)):
                    key = line.event_on, line.item_id, account
                    posted[key] = posted.get(key, Decimal(0)) + sign * line.amount
        ends.append({key: amount for key, amount in posted.items() if amount})
    assert ends[0] == ends[1]
    assert all(on >= issued_on for on, _, _ in ends[0]), "nothing is taken back before the bill"
    receivable = [amount for (_, _, side), amount in ends[0].items() if side is Account.RECEIVABLE]
    assert -sum(receivable) == gross - left
    vat = [amount for (_, _, side), amount in ends[0].items() if side is Account.OUTPUT_VAT]
    assert sum(vat) == tax - tax_left(gross, tax, gross - left)


def test_the_vat_that_is_told_is_taken_over() -> None:
    assert tax_in(Decimal(113), Decimal("12.99"), Decimal("0.13")) == Decimal("12.99")
    assert tax_in(Decimal(113), None, Decimal("0.13")) == Decimal("13.00")
    assert tax_in(Decimal(113), None, None) == 0


def test_a_line_below_zero_is_turned_round() -> None:
    (line,) = moved(Decimal(-5), Account.BANK, Account.REVENUE, DAY, CUSTOMER)
    assert line == Line(Account.REVENUE, Account.BANK, Decimal(5), DAY, CUSTOMER)
    assert moved(Decimal(0), Account.BANK, Account.REVENUE, DAY, CUSTOMER) == ()


def owed(amount: int, paid: int, *, due: date | None = DAY, is_overdue: bool = False) -> Owed:
    return Owed(
        *(UUID(int=1), UUID(int=2), 1, Decimal(amount), Decimal(paid), due),
        *("erp", "C-1", DAY, "other"),
        is_overdue=is_overdue,
    )


def test_where_a_receivable_stands_b_13() -> None:
    assert state_of([owed(10, 0)]) is State.OPEN
    assert state_of([owed(10, 10), owed(10, 5, is_overdue=True)]) is State.OVERDUE
    assert state_of([owed(10, 10, is_overdue=True)]) is State.SETTLED
    assert state_of([owed(10, 10), owed(1, 0, due=None)]) is State.SETTLED
    assert state_of([owed(0, 0)]) is State.CANCELLED


@pytest.mark.parametrize(
    ("tax", "tolerance", "is_taken"),
    [("6.00", "0", True), ("6.01", "0", False), ("6.50", "0.50", True), ("6.51", "0.50", False)],
)
def test_told_tax_may_be_as_far_from_its_rate_as_the_site_says(
    tax: str, tolerance: str, is_taken: bool
) -> None:
    whole = Decimal("106.00")
    bill = Charge(
        charge_id=UUID(int=2),
        system="erp",
        ref="C-1",
        customer_key=CUSTOMER,
        business_line="letters",
        gross=whole,
        tax=Decimal(tax),
        issued_on=DAY,
        tariff_class="other",
        instalments=(Instalment(1, whole, DAY),),
    )
    refused = objection(bill, tax_rate=Decimal("0.06"), rules=BillRules(Decimal(tolerance)))
    assert (refused is None) is is_taken


@pytest.mark.parametrize(("number", "is_taken"), [(99_999_999, True), (100_000_000, False)])
def test_the_number_of_an_instalment_has_eight_digits_at_most_b_14(
    number: int, is_taken: bool
) -> None:
    """More would neither fit its column nor be in order."""
    whole = Decimal("10.00")
    bill = Charge(
        charge_id=UUID(int=2),
        system="erp",
        ref="C-1",
        customer_key=CUSTOMER,
        business_line="letters",
        gross=whole,
        tax=Decimal(0),
        issued_on=DAY,
        tariff_class="other",
        instalments=(Instalment(number, whole, DAY),),
    )
    assert (objection(bill) is None) is is_taken
