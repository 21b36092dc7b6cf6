"""enterprise.revenue_recorded: revenue is posted, shared among units, or taken back (R-45, B-31).

The hot path: every step is one statement for the whole batch. What is unknown waits; what is wrong
is refused alone; everything else is in the books when the batch commits.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import cast
from uuid import UUID

from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.revenue import (
    Decided,
    Original,
    Posting,
    check_reversal,
    share,
    steps_behind,
)
from services.billing.domain.revenue.sharing import Sharing, Terms
from services.billing.handlers.revenue import restate_revenue
from services.billing.handlers.revenue.candidates import (
    KIND,
    Candidate,
    objection,
    of_known_customers,
    posting_of,
    under_their_originals,
)
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from services.billing.storage.books import journal
from services.billing.storage.receivables import originals
from services.billing.storage.revenue import postings
from services.billing.storage.revenue import sharing as terms_of
from services.billing.storage.revenue.postings import New
from shared.contracts.enterprise import RevenueRecorded
from shared.directory import compliance
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

_NOTHING = Decimal(0)


@dataclass(slots=True)
class _Books:
    """What the batch makes of the books: originals as they stand, and what is accepted."""

    sharing: dict[UUID, Sharing]
    originals: dict[UUID, Original]
    accepted: dict[UUID, tuple[Posting, Fact[RevenueRecorded]]]


async def handle(work: Work, facts: list[Fact[RevenueRecorded]]) -> None:
    """Post every fact whose customer, owner and (for a reversal) original are known."""
    candidates = await of_known_customers(work, facts)
    if not candidates:
        return
    await compliance.notice(
        work, [(each.fact, each.customer_key, each.fact.data.occurred_on) for each in candidates]
    )
    candidates = await under_their_originals(work, candidates)
    books = await _open_books(work, candidates)
    steps = steps_behind({each.posting_id: each.original_id for each in candidates})
    for candidate in sorted(candidates, key=lambda each: steps[each.posting_id]):
        _accept(work, books, candidate)
    decided = await _decide(work, books)
    await _save(work, books, decided)


async def _open_books(work: Work, candidates: Sequence[Candidate]) -> _Books:
    """Hold the terms and the originals, and load them."""
    sharing = await hold_terms(work, {each.customer_key for each in candidates})
    brought = {each.posting_id for each in candidates}
    wanted = {each.original_id for each in candidates if each.original_id} - brought
    stored = await postings.originals(work, wanted)
    return _Books(
        sharing=sharing,
        originals={key: Original(each.posting, each.still_there) for key, each in stored.items()},
        accepted={},
    )


async def hold_terms(work: Work, keys: Set[UUID]) -> dict[UUID, Sharing]:
    """The customers' terms, held; alone where postings depend on each other (R-44)."""
    alone = await terms_of.separating(work, keys)
    await terms_of.hold(work, keys, alone=alone)
    sharing = await terms_of.load(work, keys)
    since_then = {key for key, held in sharing.items() if held.separates_increment} - alone
    await terms_of.hold(work, (), alone=since_then)
    return sharing


def _accept(work: Work, books: _Books, candidate: Candidate) -> None:
    fact, data = candidate.fact, candidate.fact.data
    if candidate.customer_key not in books.sharing:
        work.wait(fact, terms_of.LOCK, str(candidate.customer_key))
        return
    original = None
    if data.reverses is not None and candidate.original_id is not None:
        wrong = objection(data.ref, data.reverses)
        if wrong is not None:
            work.refuse(fact, wrong)
            return
        original = books.originals.get(candidate.original_id)
        if original is None:
            work.wait(fact, KIND, candidate.original_key)
            return
    posting = posting_of(candidate, original)
    if original is not None:
        refusal = check_reversal(posting, original)
        if refusal is not None:
            work.refuse(fact, refusal)
            return
        books.originals[original.posting.posting_id] = Original(
            original.posting, original.still_there + posting.amount
        )
    books.originals[posting.posting_id] = Original(posting, posting.amount)
    books.accepted[posting.posting_id] = posting, fact


async def _decide(work: Work, books: _Books) -> list[Decided]:
    """Decide what was accepted; what is in the books already and depends on it is re-stated."""
    alone: list[Posting] = []
    families: list[Posting] = []
    in_order: dict[UUID, list[Posting]] = {}
    taken_back = {posting.reverses for posting, _ in books.accepted.values()}
    for posting, _ in books.accepted.values():
        if books.sharing[posting.customer_key].separates_increment:
            in_order.setdefault(posting.customer_key, []).append(posting)
        elif posting.reverses is not None or posting.posting_id in taken_back:
            families.append(posting)
        else:
            alone.append(posting)
    decided = [
        share(posting, cast(Terms, books.sharing[posting.customer_key].on(posting.decided_on)))
        for posting in alone
    ]
    new, restated = await restate_revenue.decide_families(work, books.sharing, families)
    decided += new
    for customer_key in sorted(in_order):
        new, others = await restate_revenue.decide_in_order(
            work, customer_key, books.sharing[customer_key], in_order[customer_key]
        )
        decided += new
        restated += others
    await restate_revenue.write(work, restated)
    return decided


async def _save(work: Work, books: _Books, decided: Sequence[Decided]) -> None:
    news = [
        New(
            each,
            new_id(),
            books.accepted[each.posting.posting_id][1].time,
            books.originals[each.posting.posting_id].still_there - each.posting.amount,
        )
        for each in decided
    ]
    await postings.insert(work, news)
    open_from = await journal.post_revenue(
        work, JournalKind.REVENUE, [(new.journal_id, new.event_at, new.decided) for new in news]
    )
    await postings.take_from(work, _taken(books))
    for each in decided:
        work.follow(books.accepted[each.posting.posting_id][1])
        work.publish(revenue_posted(each, 1, work.currency, open_from))
    await originals.wake(
        work,
        KIND,
        [originals.key_of(each.posting.system, each.posting.ref) for each in decided],
    )


def _taken(books: _Books) -> dict[UUID, Decimal]:
    """By how much the batch reduces originals that were in the books before it."""
    taken: dict[UUID, Decimal] = {}
    for posting, _ in books.accepted.values():
        if posting.reverses is not None and posting.reverses not in books.accepted:
            taken[posting.reverses] = taken.get(posting.reverses, _NOTHING) + posting.amount
    return taken
