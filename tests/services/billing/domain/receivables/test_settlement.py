"""Allocation of payments: a function of all facts, whatever order they come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.domain.receivables.continuation import Marks, fees_fit, may_continue
from services.billing.domain.receivables.decisions import Bar, Pin, Target
from services.billing.domain.receivables.settlement import (
    Application,
    Item,
    Payment,
    Settling,
    order_of,
)

JANUARY = date(2026, 1, 1)


@dataclass(frozen=True)
class ChargeFact:
    charge_id: UUID
    due: tuple[int, ...]
    amounts: tuple[int, ...]

    def items(self) -> list[Item]:
        return [
            Item(
                UUID(int=self.charge_id.int * 100 + number),
                self.charge_id,
                order_of(JANUARY + timedelta(due), str(self.charge_id), number),
                Decimal(amount),
            )
            for number, (due, amount) in enumerate(zip(self.due, self.amounts, strict=True))
        ]


@dataclass(frozen=True)
class PaymentFact:
    payment_id: UUID
    day: int
    amount: int
    names: tuple[UUID, ...]


Fact = ChargeFact | PaymentFact


def due_of(item: Item) -> date:
    return date.fromisoformat(item.order.split("\x1f")[0])


def final_fee(item: Item, applications: Sequence[Application]) -> Item | None:
    """One yuan for every day late: enough to see whether fees come out the same."""
    settled_on = max(part.received_on for part in applications)
    late = (settled_on - due_of(item)).days
    if late <= 0:
        return None
    return Item(
        UUID(int=item.item_id.int + 10_000_000),
        item.charge_id,
        order_of(settled_on, *item.order.split("\x1f")[1:], "fee"),
        Decimal(late),
        fee_of=item.item_id,
    )


@dataclass
class Books:
    """The facts so far, and what an incremental and a whole settlement make of them."""

    charges: list[ChargeFact] = field(default_factory=list)
    payments: list[PaymentFact] = field(default_factory=list)
    items: dict[UUID, Item] = field(default_factory=dict)
    applied: list[Application] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    continued: int = 0

    def known(self) -> set[UUID]:
        return {charge.charge_id for charge in self.charges}

    def as_payment(self, fact: PaymentFact) -> Payment:
        received_on = JANUARY + timedelta(fact.day)
        names = tuple(name for name in fact.names if name in self.known())
        order = order_of(received_on, str(fact.payment_id))
        return Payment(fact.payment_id, order, received_on, Decimal(fact.amount), names)

    def whole(self) -> Settling:
        items = chain.from_iterable(charge.items() for charge in self.charges)
        settling = Settling(items, [self.as_payment(fact) for fact in self.payments], final_fee)
        settling.settle()
        return settling

    def take(self, batch: Sequence[Fact]) -> None:
        charges = [fact for fact in batch if isinstance(fact, ChargeFact)]
        payments = [fact for fact in batch if isinstance(fact, PaymentFact)]
        named_before = {name for fact in self.payments for name in fact.names}
        self.charges += charges
        self.payments += payments
        new_items = [item for charge in charges for item in charge.items()]
        self.items |= {item.item_id: item for item in new_items}
        is_named_late = any(charge.charge_id in named_before for charge in charges)
        new_payments = [self.as_payment(fact) for fact in payments]
        settling = None if is_named_late else self._continue(new_items, new_payments)
        if settling is None:
            settling = self.whole()
            self.applied, self.marks = [], Marks()
            instalments = {i: item for i, item in self.items.items() if item.fee_of is None}
            self.items = instalments
        else:
            self.continued += 1
        self.items |= {fee.item_id: fee for fee in settling.fees}
        self.applied += settling.new
        orders = {item.item_id: item.order for item in self.items.values()}
        self.marks = self.marks.moved_by(settling.new, orders)

    def _continue(self, new_items: list[Item], new_payments: list[Payment]) -> Settling | None:
        items = list(self.items.values())
        if not may_continue(self.marks, new_items, new_payments, items, self.applied):
            return None
        old = [self.as_payment(fact) for fact in self.payments[: -len(new_payments) or None]]
        settling = Settling(items, [*old, *new_payments], final_fee, self.applied)
        settling.apply_named()
        if not fees_fit(self.marks, settling):
            return None
        settling.apply_cash()
        return settling


def summed(applications: Sequence[Application]) -> dict[tuple[UUID, UUID], Decimal]:
    sums: dict[tuple[UUID, UUID], Decimal] = {}
    for part in applications:
        key = part.payment_id, part.item_id
        sums[key] = sums.get(key, Decimal(0)) + part.amount
    return sums


CHARGE_IDS = [UUID(int=number) for number in range(1, 7)]
charge_facts = st.integers(1, 2).flatmap(
    lambda parts: st.builds(
        ChargeFact,
        st.sampled_from(CHARGE_IDS),
        st.tuples(*[st.integers(0, 30)] * parts),
        st.tuples(*[st.integers(1, 12)] * parts),
    )
)
payment_facts = st.builds(
    PaymentFact,
    st.integers(100, 200).map(lambda number: UUID(int=number)),
    st.integers(0, 40),
    st.integers(1, 25),
    st.lists(st.sampled_from(CHARGE_IDS), max_size=2, unique=True).map(tuple),
)


def key_of(fact: Fact) -> UUID:
    return fact.charge_id if isinstance(fact, ChargeFact) else fact.payment_id


stories = st.lists(charge_facts | payment_facts, min_size=1, max_size=14, unique_by=key_of)


@settings(max_examples=150, deadline=None)
@given(stories, st.lists(st.integers(1, 4), min_size=14, max_size=14))
def test_carrying_on_from_what_is_open_gives_what_settling_everything_gives(
    story: list[Fact], sizes: list[int]
) -> None:
    books = Books()
    rest = list(story)
    for size in sizes:
        batch, rest = rest[:size], rest[size:]
        if not batch:
            break
        books.take(batch)
        whole = books.whole()
        assert summed(books.applied) == summed(whole.new)
        assert {item for item in books.items.values() if item.fee_of} == set(whole.fees)


@settings(max_examples=60, deadline=None)
@given(stories.flatmap(lambda story: st.tuples(st.just(story), st.permutations(story))))
def test_any_order_of_arrival_ends_the_same(stories: tuple[list[Fact], list[Fact]]) -> None:
    ends = []
    for story in stories:
        books = Books()
        for fact in story:
            books.take([fact])
        ends.append((summed(books.applied), set(books.items.values())))
    assert ends[0] == ends[1]


@given(stories)
def test_no_money_is_left_while_anything_is_open(story: list[Fact]) -> None:
    books = Books()
    books.take(story)
    settling = books.whole()
    instalments = [item for item in books.items.values() if item.fee_of is None]
    open_of = [
        item.amount - sum(part.amount for part in settling.new if part.item_id == item.item_id)
        for item in instalments
    ]
    left_of = [
        fact.amount - sum(p.amount for p in settling.new if p.payment_id == fact.payment_id)
        for fact in books.payments
    ]
    assert min(open_of, default=Decimal(0)) >= 0
    assert min(left_of, default=Decimal(0)) >= 0
    assert sum(open_of) == 0 or sum(left_of) == 0


def test_ordinary_traffic_is_never_settled_anew() -> None:
    books = Books()
    for month in range(12):
        charge = ChargeFact(UUID(int=month + 1), (month * 30 + 20,), (100,))
        books.take([charge])
        names = (charge.charge_id,) if month % 2 else ()
        books.take([PaymentFact(UUID(int=1000 + month), month * 30 + 15, 100, names)])
    assert books.continued == 24


def test_a_remittance_is_followed_before_what_is_due_first() -> None:
    books = Books()
    older, newer = (ChargeFact(UUID(int=n), (n,), (100,)) for n in (1, 2))
    books.take([older, newer, PaymentFact(UUID(int=9), 0, 130, (newer.charge_id,))])
    paid = summed(books.applied)
    assert paid[UUID(int=9), newer.items()[0].item_id] == 100
    assert paid[UUID(int=9), older.items()[0].item_id] == 30


def test_what_is_paid_too_much_pays_the_late_fee_of_what_it_names() -> None:
    books = Books()
    late, other = ChargeFact(UUID(int=1), (10,), (100,)), ChargeFact(UUID(int=2), (0,), (100,))
    books.take([late, other, PaymentFact(UUID(int=9), 15, 105, (late.charge_id,))])
    fee = next(item for item in books.items.values() if item.fee_of)
    assert summed(books.applied)[UUID(int=9), fee.item_id] == 5


def settled(payment: Payment, *items: Item) -> dict[UUID, Decimal]:
    settling = Settling(items, [payment], final_fee)
    settling.settle()
    return {item_id: amount for (_, item_id), amount in summed(settling.new).items()}


def paying(amount: int, pins: tuple[Pin, ...] = (), bars: tuple[Bar, ...] = ()) -> Payment:
    order = order_of(JANUARY, "P")
    return Payment(UUID(int=9), order, JANUARY, Decimal(amount), pins=pins, bars=bars)


FIRST, SECOND = (ChargeFact(UUID(int=n), (n, n + 10), (100, 50)).items() for n in (1, 2))


def test_b17_a_pin_comes_before_cash_up_to_its_amount_and_for_one_instalment() -> None:
    target = Target(UUID(int=2))
    whole = Pin(UUID(int=1), UUID(int=9), target, JANUARY)
    assert settled(paying(120, (whole,)), *FIRST, *SECOND) == {
        SECOND[0].item_id: 100,
        SECOND[1].item_id: 20,
    }
    part = Pin(UUID(int=1), UUID(int=9), target, JANUARY, Decimal(30))
    assert settled(paying(120, (part,)), *FIRST, *SECOND) == {
        SECOND[0].item_id: 30,
        FIRST[0].item_id: 90,
    }


def test_b17_a_bar_keeps_money_away_and_another_item_takes_it() -> None:
    bar = Bar(UUID(int=9), Target(UUID(int=1)))
    assert settled(paying(120, bars=(bar,)), *FIRST, *SECOND) == {
        SECOND[0].item_id: 100,
        SECOND[1].item_id: 20,
    }
    assert settled(paying(120, bars=(Bar(UUID(int=9)),)), *FIRST, *SECOND) == {}


def test_b17_cash_of_the_day_of_a_write_off_goes_there_and_of_the_next_does_not() -> None:
    for closed_on, taken in ((JANUARY, {FIRST[0].item_id: 60}), (JANUARY - timedelta(1), {})):
        closed = replace(FIRST[0], closed_on=closed_on)
        assert settled(paying(60), closed) == taken


def test_a_payment_before_its_charge_is_unapplied_until_the_charge_comes() -> None:
    books = Books()
    books.take([PaymentFact(UUID(int=9), 0, 40, (UUID(int=1),))])
    assert books.whole().new == []
    books.take([ChargeFact(UUID(int=1), (5,), (100,))])
    assert [part.amount for part in books.whole().new] == [40]
