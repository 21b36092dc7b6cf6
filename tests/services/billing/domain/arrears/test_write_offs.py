"""B-17: what a write-off gives up, and what is recovered of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.arrears.write_offs import ClosedItem, given_up

ONE, TWO = UUID(int=1), UUID(int=2)
CLOSED = date(2026, 4, 30)
NEXT = date(2026, 5, 1)


def item(item_id: UUID, amount: int, *paid: tuple[date, int]) -> ClosedItem:
    return ClosedItem(item_id, Decimal(amount), [(on, Decimal(part)) for on, part in paid])


def test_b17_what_is_open_when_the_day_ends_is_given_up() -> None:
    items = [item(ONE, 100, (CLOSED, 30)), item(TWO, 5)]
    assert given_up(CLOSED, Decimal(75), items) == {(ONE, CLOSED): 70, (TWO, CLOSED): 5}


def test_b17_no_more_than_was_approved_first_what_money_pays_first() -> None:
    items = [item(ONE, 100), item(TWO, 50)]
    assert given_up(CLOSED, Decimal(120), items) == {(ONE, CLOSED): 100, (TWO, CLOSED): 20}


def test_b17_money_of_the_next_day_recovers_on_that_day() -> None:
    assert given_up(CLOSED, Decimal(100), [item(ONE, 100, (NEXT, 60))]) == {
        (ONE, CLOSED): 100,
        (ONE, NEXT): -60,
    }


def test_b17_what_was_never_given_up_is_paid_before_anything_is_recovered() -> None:
    """A payment that bounced left 40 open beyond the 60 that were approved."""
    assert given_up(CLOSED, Decimal(60), [item(ONE, 100, (NEXT, 50))]) == {
        (ONE, CLOSED): 60,
        (ONE, NEXT): -10,
    }


@given(
    st.lists(st.tuples(st.integers(1, 50), st.lists(st.integers(1, 20), max_size=4)), max_size=4),
    st.integers(1, 150),
    st.lists(st.booleans(), min_size=16, max_size=16),
)
def test_b17_given_up_and_open_are_never_below_nothing(
    owed: list[tuple[int, list[int]]], approved: int, late: list[bool]
) -> None:
    items = []
    for number, (amount, parts) in enumerate(owed):
        paid, left = [], amount
        for place, part in enumerate(parts):
            taken = min(part, left)
            left -= taken
            if taken:
                paid.append((NEXT if late[number * 4 + place] else CLOSED, taken))
        items.append(item(UUID(int=number + 1), amount, *paid))
    entries = given_up(CLOSED, Decimal(approved), items)
    on_the_day = sum(amount for (_, on), amount in entries.items() if on == CLOSED)
    assert on_the_day <= approved
    for each in items:
        held = sum(amount for (item_id, _), amount in entries.items() if item_id == each.item_id)
        assert 0 <= held <= each.amount - sum(part for _, part in each.paid)
