"""States of obligations, the decision that one was missed, and freedom from order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.engagement.domain.accounts.accounts import (
    Account,
    ClassSince,
    CustomerFacts,
    ManagersSince,
    OwnerSince,
)
from services.engagement.domain.obligations.cadence import Contact, Visitor
from services.engagement.domain.obligations.duties import derive
from services.engagement.domain.obligations.obligations import (
    Key,
    Obligation,
    ObligationState,
    Revision,
    inputs,
    is_overdue,
    miss,
    reconcile,
)
from tests.services.engagement.domain.mothers import (
    BRANCH_MANAGER,
    CENTRE_MANAGER,
    CUSTOMER,
    GOLD_ROW,
    NEW_YEAR,
    comprehensive_gold,
    plans,
    tier,
    until,
    visit,
)

FEBRUARY = date(2025, 2, 1)


@dataclass
class Book:
    """What the service keeps of one customer: facts, published obligations, decisions."""

    facts: CustomerFacts = field(default_factory=lambda: CustomerFacts(CUSTOMER))
    reached_on: date = NEW_YEAR
    kept: dict[Key, Obligation] = field(default_factory=dict)
    missed: set[Key] = field(default_factory=set)
    published: list[Obligation] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)

    def receive(self, **facts: Any) -> None:
        self.facts = replace(self.facts, **facts)
        self.recompute()

    def recompute(self) -> None:
        duties = derive(self.facts, plans(), until(self.reached_on))
        outcome = reconcile(self.kept.values(), duties, self.missed)
        self._save(outcome.changed)
        self.revisions += outcome.revisions

    def sweep(self, on: date) -> None:
        self.reached_on = on
        self.recompute()
        overdue = [kept for kept in self.kept.values() if is_overdue(kept, on)]
        self.missed |= {kept.key for kept in overdue}
        self._save([miss(kept) for kept in overdue])

    def _save(self, changed: Sequence[Obligation]) -> None:
        self.kept |= {obligation.key: obligation for obligation in changed}
        self.published += changed

    def state(self) -> dict[Key, tuple[ObligationState, object]]:
        return {key: (kept.state, kept.duty) for key, kept in self.kept.items()}


def book(*contacts: Contact, on: date = NEW_YEAR) -> Book:
    started = Book(facts=comprehensive_gold(*contacts))
    started.sweep(on)
    return started


def managers_gold(kept: Book) -> Obligation:
    return kept.kept[(GOLD_ROW.code, NEW_YEAR)]


def test_an_obligation_is_due_then_met_and_only_differences_are_published() -> None:
    kept = book()
    kept.recompute()
    assert [(o.state, o.version) for o in kept.published] == [(ObligationState.DUE, 1)] * 2
    first, second = visit(date(2025, 1, 6)), visit(date(2025, 1, 13))
    kept.receive(contacts=(first,))
    kept.receive(contacts=(first, second))
    kept.receive(contacts=(first, second, second))
    assert [(o.state, o.version, o.duty.count) for o in kept.published[2:]] == [
        (ObligationState.DUE, 2, 1),
        (ObligationState.MET, 3, 2),
    ]


def test_it_is_missed_on_the_day_after_it_was_due_and_not_before() -> None:
    kept = book()
    kept.sweep(date(2025, 1, 31))
    assert managers_gold(kept).state is ObligationState.DUE
    kept.sweep(FEBRUARY)
    assert managers_gold(kept).state is ObligationState.MISSED


def test_the_decision_names_what_it_saw() -> None:
    seen = inputs(managers_gold(book(visit(date(2025, 1, 6)))).duty)
    assert (seen["count"], seen["minimum"], seen["tier"]) == (1, 2, "gold")
    assert (seen["unit"], seen["manager_b"]) == ("GZ-TH", "S-BRANCH")


def test_a_late_visit_revises_the_decision_and_does_not_alter_it() -> None:
    kept = book(visit(date(2025, 1, 6)))
    kept.sweep(FEBRUARY)
    kept.receive(contacts=(*kept.facts.contacts, visit(date(2025, 1, 20))))
    assert managers_gold(kept).state is ObligationState.MET
    assert managers_gold(kept).key in kept.missed
    assert [r.reason for r in kept.revisions] == ["met-after-all"]


def test_a_duty_that_never_was_revises_the_decision_too() -> None:
    kept = book()
    kept.sweep(FEBRUARY)
    kept.receive(tiers=(*kept.facts.tiers, tier(None, date(2024, 12, 1), version=2)))
    assert managers_gold(kept).state is ObligationState.WITHDRAWN
    assert {r.reason for r in kept.revisions} == {"no-duty"}


def test_a_decision_holds_again_when_what_contradicted_it_is_taken_back() -> None:
    kept = book()
    kept.sweep(FEBRUARY)
    visits = (visit(date(2025, 1, 6)), visit(date(2025, 1, 13)))
    kept.receive(contacts=visits)
    kept.receive(contacts=(visits[0], replace(visits[1], is_refuted=True)))
    assert managers_gold(kept).state is ObligationState.MISSED


def test_a_withdrawn_obligation_can_come_back() -> None:
    kept = book()
    gone, back = tier(None, date(2024, 12, 1), version=2), tier("gold", date(2024, 12, 1), 3)
    kept.receive(tiers=(*kept.facts.tiers, gone))
    kept.receive(tiers=(*kept.facts.tiers, back))
    assert (managers_gold(kept).state, managers_gold(kept).version) == (ObligationState.DUE, 3)


def test_a_tier_that_ends_withdraws_nothing_of_the_months_before() -> None:
    kept = book()
    kept.receive(tiers=(*kept.facts.tiers, tier(None, date(2025, 1, 10), version=2)))
    kept.sweep(date(2025, 3, 1))
    assert [key for key in kept.kept if key[1] > NEW_YEAR] == []
    assert managers_gold(kept).state is ObligationState.MISSED


# --- any order, any repetition ---------------------------------------------------------------

Received = tuple[str, Any]
PEOPLE: list[Visitor] = [BRANCH_MANAGER, CENTRE_MANAGER]


def days(first: date, last: date) -> st.SearchStrategy[date]:
    return st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))


YEAR = days(date(2024, 12, 1), date(2025, 6, 30))
CONTACTS = st.builds(
    lambda day, who, kind, channel, hour: visit(day, *who, kind=kind, channel=channel, hour=hour),
    YEAR,
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True),
    st.sampled_from(["dedicated", "business"]),
    st.sampled_from(["visit", "phone"]),
    st.integers(0, 23),
)


@st.composite
def received(draw: st.DrawFn) -> list[Received]:
    """Facts about one customer, as they would arrive in a story's order."""
    facts: list[Received] = [("contacts", c) for c in draw(st.lists(CONTACTS, max_size=12))]
    names = st.lists(st.sampled_from(["gold", "vip", None]), max_size=3)
    for version, name in enumerate(draw(names), 1):
        facts.append(("tiers", tier(name, draw(YEAR), version, decided_on=draw(YEAR))))
    classes = st.lists(st.sampled_from(["a-1", "c", None]), max_size=2)
    for version, visit_class in enumerate(draw(classes), 1):
        facts.append(("classes", ClassSince(version, draw(YEAR), "comprehensive", visit_class)))
    for version in range(1, draw(st.integers(0, 2)) + 1):
        facts.append(("owners", OwnerSince(version, draw(YEAR), f"U{version}")))
        facts.append(("managers", ManagersSince(version, draw(YEAR), "A", "B", "A")))
    closing = draw(st.none() | YEAR)
    facts.append(("account", Account(date(2024, 6, 1), None, closing)))
    return facts


def tell(kept: Book, fact: Received) -> None:
    name, value = fact
    if name == "account":
        kept.receive(account=value)
        return
    known = getattr(kept.facts, name)
    kept.receive(**{name: known if value in known else (*known, value)})


@given(st.data(), received(), received())
def test_any_order_and_repetition_of_facts_gives_the_same_state(
    data: st.DataObject, early: list[Received], late: list[Received]
) -> None:
    def story(first: Sequence[Received], second: Sequence[Received]) -> Book:
        kept = Book()
        kept.sweep(NEW_YEAR)
        for fact in first:
            tell(kept, fact)
        for on in (date(2025, 1, 20), date(2025, 2, 3), date(2025, 4, 1)):
            kept.sweep(on)
        for fact in second:
            tell(kept, fact)
        return kept

    late = [fact for fact in late if fact[0] == "contacts"]
    straight = story(early, late)
    shuffled = story(
        data.draw(st.permutations(early + early)), data.draw(st.permutations(late + late))
    )
    assert shuffled.missed == straight.missed
    assert {
        key: kept
        for key, kept in shuffled.state().items()
        if kept[0] is not ObligationState.WITHDRAWN
    } == {
        key: kept
        for key, kept in straight.state().items()
        if kept[0] is not ObligationState.WITHDRAWN
    }
    shuffled.sweep(date(2025, 7, 1))
    straight.sweep(date(2025, 7, 1))
    assert shuffled.missed == straight.missed


@given(received())
def test_versions_count_the_changes_of_each_obligation_from_one(facts: list[Received]) -> None:
    kept = Book()
    for fact in facts:
        tell(kept, fact)
        kept.sweep(kept.reached_on + timedelta(days=9))
    for key in kept.kept:
        versions = [o.version for o in kept.published if o.key == key]
        assert versions == list(range(1, len(versions) + 1))
