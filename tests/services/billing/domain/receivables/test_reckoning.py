"""A customer's account comes out the same in whatever order and portions the facts come (B-34)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.domain.books.accounts import Account
from tests.services.billing.domain.receivables.account_facts import (
    BarFact,
    CancellationFact,
    ChargeFact,
    Decision,
    Fact,
    PaymentFact,
    PinFact,
    ReturnFact,
    WriteOffFact,
    day,
)
from tests.services.billing.domain.receivables.accounts_in_memory import InMemory

CHARGES, PAYMENTS = range(1, 6), range(101, 107)
SYSTEMS = "erp", "crm"


@st.composite
def charge_facts(draw: st.DrawFn) -> ChargeFact:
    parts = draw(st.integers(1, 2))
    return ChargeFact(
        draw(st.sampled_from(CHARGES)),
        draw(st.integers(0, 20)),
        tuple(draw(st.integers(0, 30)) for _ in range(parts)),
        tuple(draw(st.integers(1, 12)) for _ in range(parts)),
        draw(st.sampled_from(SYSTEMS)),
    )


payment_facts = st.builds(
    PaymentFact,
    st.sampled_from(PAYMENTS),
    st.integers(0, 40),
    st.integers(1, 25),
    st.lists(st.sampled_from(CHARGES), max_size=2, unique=True).map(tuple),
    st.none() | st.sampled_from(SYSTEMS),
)
hundredths, refs = st.sampled_from((25, 50, 100)), st.integers(1, 2)
parts = st.none() | st.integers(1, 2)
decisions = st.one_of(
    st.builds(
        PinFact,
        st.sampled_from(PAYMENTS),
        st.sampled_from(CHARGES),
        parts,
        st.none() | st.integers(1, 20),
    ),
    st.builds(BarFact, st.sampled_from(PAYMENTS), st.none() | st.sampled_from(CHARGES), parts),
    st.builds(WriteOffFact, st.sampled_from(CHARGES), st.integers(0, 50), st.integers(1, 40)),
)
facts = st.one_of(
    charge_facts(),
    payment_facts,
    st.builds(CancellationFact, st.sampled_from(CHARGES), hundredths, refs),
    st.builds(ReturnFact, st.sampled_from(PAYMENTS), hundredths, refs),
    decisions,
)


def name_of(fact: Fact) -> tuple[str, object]:
    if isinstance(fact, ChargeFact):
        return "charge", (fact.system, fact.number)
    if isinstance(fact, PaymentFact):
        return "payment", fact.number
    if isinstance(fact, PinFact):
        return "pin", (fact.payment, fact.charge, fact.part)
    if isinstance(fact, CancellationFact):
        return "cancellation", (fact.charge, fact.ref)
    if isinstance(fact, ReturnFact):
        return "return", (fact.payment, fact.ref)
    return type(fact).__name__, fact.charge if isinstance(fact, WriteOffFact) else fact


stories = st.lists(facts, min_size=1, max_size=12, unique_by=name_of)


def told(story: list[Fact], sizes: list[int], growing_until: date | None = None) -> InMemory:
    account = InMemory()
    rest = list(story)
    for size in sizes:
        if not rest:
            break
        account.take(rest[:size])
        rest = rest[size:]
        check(account)
    account.take(rest)
    check(account)
    if growing_until is not None:
        account.grow_fees(growing_until)
        check(account)
    return account


def check(account: InMemory) -> None:
    """What the ledger says of every item and payment is what is kept of it."""
    ledger: dict[object, Decimal] = {}
    for line in account.lines:
        for side, sign in ((line.debit, 1), (line.credit, -1)):
            if side is Account.RECEIVABLE:
                ledger[line.item_id] = ledger.get(line.item_id, Decimal(0)) + sign * line.amount
    for item in account.owed.values():
        posted_apart = Decimal(0) if item.is_late_fee else item.amount  # by the charge itself
        assert item.balance == posted_apart + ledger.get(item.item_id, Decimal(0))
        assert item.written_off >= 0
        assert 0 <= item.paid <= item.amount - item.written_off
    for received in account.received.values():
        paying = (part for pair, part in account.applied.items() if pair[0] == received.payment_id)
        assert received.applied == sum((part.amount for part in paying), Decimal(0))
        assert received.applied <= received.effective


@settings(max_examples=200, deadline=None)
@given(
    stories.flatmap(lambda story: st.tuples(st.just(story), st.permutations(story))),
    st.lists(st.integers(1, 4), max_size=12),
    st.lists(st.integers(1, 4), max_size=12),
)
def test_any_order_and_any_portions_end_the_same(
    orders: tuple[list[Fact], list[Fact]], sizes: list[int], other_sizes: list[int]
) -> None:
    one = told(orders[0], sizes, day(50))
    other = told(orders[1], other_sizes, day(50))
    assert one.state() == other.state()


@settings(max_examples=80, deadline=None)
@given(stories, st.integers(1, 11), st.integers(0, 60))
def test_fees_that_grew_meanwhile_follow_what_comes_after(
    story: list[Fact], at: int, grown: int
) -> None:
    account = told(story[:at], [2] * 6, day(grown))
    for fact in story[at:]:
        account.take([fact])
        check(account)


@settings(max_examples=80, deadline=None)
@given(stories, decisions, st.integers(0, 11))
def test_a_decision_that_is_taken_back_leaves_nothing(
    story: list[Fact], decision: Decision, at: int
) -> None:
    story = [fact for fact in story if name_of(fact) != name_of(decision)]
    without = told(story, [], day(60))
    account = told(story[:at], [])
    account.take([decision])
    check(account)
    for fact in story[at:]:
        account.take([fact])
        check(account)
    account.release(decision)
    account.grow_fees(day(60))
    check(account)
    assert account.state() == without.state()


def test_what_comes_in_order_never_needs_the_whole_account() -> None:
    account = InMemory()
    for month in range(12):
        charge = ChargeFact(month + 1, month * 30, (month * 30 + 20,), (100,))
        account.take([charge])
        account.take([PaymentFact(100 + month, month * 30 + 10, 100, (month + 1,))])
    assert account.shortcuts == 4 * 12, "each batch is reckoned once for charges, once for payments"


@settings(max_examples=150, deadline=None)
@given(
    stories.flatmap(lambda story: st.tuples(st.permutations(story), st.permutations(story))),
    stories,
    st.lists(st.integers(1, 4), max_size=12),
    st.sampled_from(("0.30", "1.00")).map(Decimal),
)
def test_what_was_waived_stays_waived_in_any_order_of_what_comes_after_b_15(
    befores: tuple[list[Fact], list[Fact]],
    after: list[Fact],
    sizes: list[int],
    share: Decimal,
) -> None:
    known = {name_of(fact) for fact in befores[0]}
    later = [fact for fact in after if name_of(fact) not in known]
    one, other = (told(before, sizes, day(30)) for before in befores)
    for account, rest in ((one, later), (other, later[::-1])):
        account.waive(share, day(35))
        check(account)
        for fact in rest:
            account.take([fact])
            check(account)
        account.grow_fees(day(60))
        check(account)
    assert one.state() == other.state()
    for fee in one.owed.values():
        if fee.is_late_fee:
            assert fee.amount == max(fee.billed - fee.waived, Decimal(0))


@settings(max_examples=100, deadline=None)
@given(stories, st.integers(1, 11), st.integers(0, 60))
def test_as_of_no_day_is_a_late_fee_less_than_nothing(
    story: list[Fact], at: int, grown: int
) -> None:
    account = told(story[:at], [2] * 6, day(grown))
    for fact in story[at:]:
        account.take([fact])
    fees = {item.item_id for item in account.owed.values() if item.is_late_fee}
    for fee_id in fees:
        by_day: dict[date, Decimal] = {}
        for line in account.lines:
            if line.item_id == fee_id:
                sign = 1 if line.debit is Account.RECEIVABLE else -1
                by_day[line.event_on] = by_day.get(line.event_on, Decimal(0)) + sign * line.amount
        balance = Decimal(0)
        for on in sorted(by_day):
            balance += by_day[on]
            assert balance >= 0, f"{fee_id} on {on}"
