"""Totals are a function of the set of postings: not of their order, not of repetition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.inputs.revenue import (
    Difference,
    Key,
    Posting,
    differences,
    newer,
    newest,
)
from shared.identifiers import derived_id

UNITS = ("GZ", "SZ", "GZ-TH")
CUSTOMERS = (derived_id("one"), derived_id("two"))


def posting(number: int, version: int, amount: str, unit: str = "GZ") -> Posting:
    return Posting(
        derived_id("posting", number),
        version,
        CUSTOMERS[0],
        date(2025, 3, 17),
        "express",
        ((unit, Decimal(amount)),),
    )


class Totals:
    """What a store of totals does, kept in memory."""

    def __init__(self) -> None:
        self.held: dict[UUID, Posting] = {}
        self.amounts: dict[Key, Decimal] = {}
        self.counts: dict[Key, int] = {}

    def take(self, batch: list[Posting]) -> None:
        taken = newer(newest(batch), self.held)
        for key, difference in differences(taken, self.held).items():
            self.amounts[key] = self.amounts.get(key, Decimal(0)) + difference.amount
            self.counts[key] = self.counts.get(key, 0) + difference.postings
        self.held.update({each.posting_id: each for each in taken})

    def state(self) -> dict[Key, tuple[Decimal, int]]:
        return {
            key: (amount, self.counts[key])
            for key, amount in self.amounts.items()
            if amount or self.counts[key]
        }


def test_a_posting_adds_its_amount_to_the_month_line_and_unit() -> None:
    changes = differences([posting(1, 1, "100.00")], {})
    key = (CUSTOMERS[0], date(2025, 3, 1), "express", "GZ")
    assert changes == {key: Difference(Decimal("100.00"), 1)}


def test_a_restatement_adds_only_the_difference() -> None:
    before, after = posting(1, 1, "100.00"), posting(1, 2, "80.00")
    (change,) = differences([after], {before.posting_id: before}).values()
    assert change == Difference(Decimal("-20.00"), 0)


def test_a_restatement_that_moves_revenue_takes_it_from_the_first_unit() -> None:
    before, after = posting(1, 1, "100.00"), posting(1, 2, "100.00", "SZ")
    changes = differences([after], {before.posting_id: before})
    assert {key[3]: change.amount for key, change in changes.items()} == {
        "GZ": Decimal("-100.00"),
        "SZ": Decimal("100.00"),
    }


def test_an_older_version_changes_nothing() -> None:
    held = {posting(1, 2, "80.00").posting_id: posting(1, 2, "80.00")}
    assert newer(newest([posting(1, 1, "100.00")]), held) == []
    assert newer(newest([posting(1, 2, "80.00")]), held) == []


def test_the_newest_of_a_batch_is_taken() -> None:
    (taken,) = newest([posting(1, 1, "1"), posting(1, 3, "3"), posting(1, 2, "2")]).values()
    assert taken.version == 3


def test_a_restatement_that_says_the_same_leaves_the_totals_alone() -> None:
    before, after = posting(1, 1, "100.00"), posting(1, 2, "100.00")
    assert differences([after], {before.posting_id: before}) == {}


@st.composite
def stories(draw: st.DrawFn) -> list[Posting]:
    """Postings in several versions each, every version of the same posting saying one thing."""
    story = []
    for number in range(draw(st.integers(1, 5))):
        for version in range(1, draw(st.integers(1, 4)) + 1):
            units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
            amounts = st.decimals("-1000", "1000", places=2)
            story.append(
                Posting(
                    derived_id("posting", number),
                    version,
                    draw(st.sampled_from(CUSTOMERS)),
                    draw(st.dates(date(2025, 1, 1), date(2025, 3, 31))),
                    draw(st.sampled_from(("express", "parcel"))),
                    tuple((unit, draw(amounts)) for unit in units),
                )
            )
    return story


@given(stories(), st.data())
def test_order_repetition_and_batches_make_no_difference(
    story: list[Posting], data: st.DataObject
) -> None:
    in_order = Totals()
    in_order.take(story)
    shuffled = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story)))))
    other = Totals()
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        other.take(list(shuffled[:size]))
        shuffled = shuffled[size:]
    assert other.state() == in_order.state()
    newest_ones = newest(story).values()
    whole = sum((amount for each in newest_ones for _, amount in each.shares), Decimal(0))
    assert sum((amount for amount, _ in in_order.state().values()), Decimal(0)) == whole
