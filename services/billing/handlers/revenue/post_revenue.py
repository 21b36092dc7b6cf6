"""enterprise.revenue_recorded: revenue is posted, shared among units, or taken back (R-45, B-31).

The hot path: every step is one statement for the whole batch. What is unknown waits; what is wrong
is refused alone; everything else is in the books when the batch commits.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast
from uuid import UUID

from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.revenue import (
    Decided,
    Original,
    Posting,
    ReversalMismatch,
    check_reversal,
    share,
    steps_behind,
)
from services.billing.domain.revenue.sharing import Sharing, Terms
from services.billing.handlers.revenue import restate_revenue
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from services.billing.storage.books import journal
from services.billing.storage.receivables import originals
from services.billing.storage.revenue import postings
from services.billing.storage.revenue import sharing as terms_of
from services.billing.storage.revenue.postings import New
from shared.contracts.enterprise import RevenueRecorded
from shared.contracts.envelope import Reverses
from shared.directory import compliance, customers, identities
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KIND = "revenue"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fact about a known customer, on its way to become a posting."""

    fact: Fact[RevenueRecorded]
    customer_key: UUID
    posting_id: UUID
    original_id: UUID | None


@dataclass(slots=True)
class _Books:
    """What the batch makes of the books: originals as they stand, and what is accepted."""

    sharing: dict[UUID, Sharing]
    originals: dict[UUID, Original]
    accepted: dict[UUID, tuple[Posting, Fact[RevenueRecorded]]]


async def handle(work: Work, facts: list[Fact[RevenueRecorded]]) -> None:
    """Post every fact whose customer, owner and (for a reversal) original are known."""
    candidates = await _of_known_customers(work, facts)
    if not candidates:
        return
    await compliance.notice(
        work, [(each.fact, each.customer_key, each.fact.data.occurred_on) for each in candidates]
    )
    candidates = await _under_their_originals(work, candidates)
    books = await _open_books(work, candidates)
    steps = steps_behind({each.posting_id: each.original_id for each in candidates})
    for candidate in sorted(candidates, key=lambda each: steps[each.posting_id]):
        _accept(work, books, candidate)
    decided = await _decide(work, books)
    await _save(work, books, decided)


def posting_id_of(system: str, ref: str) -> UUID:
    """The id of the posting that a sender's revenue fact becomes: the same wherever it is made."""
    return derived_id("posting", system, RevenueRecorded.event_name, ref)


async def _of_known_customers(
    work: Work, facts: Sequence[Fact[RevenueRecorded]]
) -> list[_Candidate]:
    references = [fact.data.customer for fact in facts]
    candidates = []
    for fact, customer_key in zip(facts, await customers.resolve(work, references), strict=True):
        if customer_key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
            continue
        reverses = fact.data.reverses
        candidates.append(
            _Candidate(
                fact,
                customer_key,
                posting_id_of(fact.system, fact.data.ref),
                None if reverses is None else posting_id_of(fact.system, reverses.ref),
            )
        )
    return candidates


async def _under_their_originals(work: Work, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The candidates, with what they name held so that neither side misses the other.

    What takes back stands under the key of its original, whichever of a merged customer's keys the
    sender names today, and stays there when the merge is undone (R-81).
    """
    brought = {each.posting_id: each.customer_key for each in candidates}
    wanted = {each.original_id for each in candidates if each.original_id} - brought.keys()
    known = await postings.customers_of(work, wanted)
    missed = wanted - known.keys()
    await originals.meet(
        work,
        _KIND,
        [_key(each) for each in candidates],
        [_original_key(each) for each in candidates if each.original_id in missed],
    )
    known |= brought | await postings.customers_of(work, missed)
    whose = [known.get(each.original_id or each.posting_id) for each in candidates]
    elsewhere = [
        (each.customer_key, key)
        for each, key in zip(candidates, whose, strict=True)
        if key is not None and key != each.customer_key
    ]
    if not elsewhere:
        return list(candidates)
    present = await identities.roots(work, {key for pair in elsewhere for key in pair})
    are_same = {pair for pair in elsewhere if present[pair[0]] == present[pair[1]]}
    return [
        replace(each, customer_key=key) if key and (each.customer_key, key) in are_same else each
        for each, key in zip(candidates, whose, strict=True)
    ]


async def _open_books(work: Work, candidates: Sequence[_Candidate]) -> _Books:
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


def _accept(work: Work, books: _Books, candidate: _Candidate) -> None:
    fact, data = candidate.fact, candidate.fact.data
    if candidate.customer_key not in books.sharing:
        work.wait(fact, terms_of.LOCK, str(candidate.customer_key))
        return
    original = None
    if data.reverses is not None and candidate.original_id is not None:
        wrong = _objection(data.ref, data.reverses)
        if wrong is not None:
            work.refuse(fact, wrong)
            return
        original = books.originals.get(candidate.original_id)
        if original is None:
            work.wait(fact, _KIND, _original_key(candidate))
            return
    posting = _posting(candidate, original)
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
        _KIND,
        [originals.key_of(each.posting.system, each.posting.ref) for each in decided],
    )


def _taken(books: _Books) -> dict[UUID, Decimal]:
    """By how much the batch reduces originals that were in the books before it."""
    taken: dict[UUID, Decimal] = {}
    for posting, _ in books.accepted.values():
        if posting.reverses is not None and posting.reverses not in books.accepted:
            taken[posting.reverses] = taken.get(posting.reverses, _NOTHING) + posting.amount
    return taken


def _posting(candidate: _Candidate, original: Original | None) -> Posting:
    data = candidate.fact.data
    return Posting(
        posting_id=candidate.posting_id,
        customer_key=candidate.customer_key,
        system=candidate.fact.system,
        ref=data.ref,
        business_line=data.business_line,
        amount=data.amount.amount,
        occurred_on=data.occurred_on,
        decided_on=data.occurred_on if original is None else original.posting.occurred_on,
        signed_at_unit=data.signed_at_unit,
        occurred_at_unit=data.occurred_at_unit,
        reverses=candidate.original_id,
        original_ref=None if data.reverses is None else data.reverses.ref,
    )


def _key(candidate: _Candidate) -> str:
    return originals.key_of(candidate.fact.system, candidate.fact.data.ref)


def _original_key(candidate: _Candidate) -> str:
    reverses = candidate.fact.data.reverses
    assert reverses is not None
    return originals.key_of(candidate.fact.system, reverses.ref)


def _objection(ref: str, reverses: Reverses) -> ReversalMismatch | None:
    if reverses.type != RevenueRecorded.event_name:
        return ReversalMismatch(
            f"收入只能冲销收入，不能冲销 {reverses.type}",
            f"revenue takes back revenue, not {reverses.type}",
            pointer="/data/reverses/type",
        )
    if reverses.ref == ref:
        return ReversalMismatch(
            f"{ref} 不能冲销自身", f"{ref} cannot take back itself", pointer="/data/reverses/ref"
        )
    return None
