"""Facts of revenue on their way to become postings, under the customer that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.billing.domain.revenue.revenue import Original, Posting, ReversalMismatch
from services.billing.storage.receivables import originals
from services.billing.storage.revenue import postings
from shared.contracts.enterprise import RevenueRecorded
from shared.contracts.envelope import Reverses
from shared.directory import customers, identities
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work

KIND = "revenue"
"""The kind of what a reversal waits for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact about a known customer, on its way to become a posting."""

    fact: Fact[RevenueRecorded]
    customer_key: UUID
    posting_id: UUID
    original_id: UUID | None

    @property
    def key(self) -> str:
        """What reversals of it wait for."""
        return originals.key_of(self.fact.system, self.fact.data.ref)

    @property
    def original_key(self) -> str:
        """What a reversal waits for."""
        reverses = self.fact.data.reverses
        assert reverses is not None
        return originals.key_of(self.fact.system, reverses.ref)


async def of_known_customers(work: Work, facts: Sequence[Fact[RevenueRecorded]]) -> list[Candidate]:
    """Those whose customer is known; the others wait."""
    references = [fact.data.customer for fact in facts]
    candidates = []
    for fact, customer_key in zip(facts, await customers.resolve(work, references), strict=True):
        if customer_key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
            continue
        reverses = fact.data.reverses
        candidates.append(
            Candidate(
                fact,
                customer_key,
                _posting_id(fact.system, fact.data.ref),
                None if reverses is None else _posting_id(fact.system, reverses.ref),
            )
        )
    return candidates


async def under_their_originals(work: Work, candidates: Sequence[Candidate]) -> list[Candidate]:
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
        KIND,
        [each.key for each in candidates],
        [each.original_key for each in candidates if each.original_id in missed],
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


def _posting_id(system: str, ref: str) -> UUID:
    """The id of the posting that a sender's revenue fact becomes: the same wherever it is made."""
    return derived_id("posting", system, RevenueRecorded.event_name, ref)


def posting_of(candidate: Candidate, original: Original | None) -> Posting:
    """What a candidate becomes; what takes back is decided as of the day of its original."""
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


def objection(ref: str, reverses: Reverses) -> ReversalMismatch | None:
    """Why the revenue `ref` cannot take back what it names, whatever that is."""
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
