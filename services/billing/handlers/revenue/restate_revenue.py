"""Revenue that other terms share than before: reversed and posted anew, never altered (R-45).

Whoever calls holds the customers' terms alone (`sharing.hold`), so that no posting comes between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.revenue import Decided, Posting, share_in_order
from services.billing.domain.revenue.sharing import Sharing
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from services.billing.storage.books import journal
from services.billing.storage.revenue import postings, restatements
from services.billing.storage.revenue.postings import Stored
from services.billing.storage.revenue.restatements import Restated
from shared.contracts.billing import Restatement
from shared.identifiers import new_id
from shared.work import Work


async def restate(work: Work, sharing: dict[UUID, Sharing]) -> int:
    """Re-state every posting of these customers that the terms in force decide otherwise.

    Returns how many. Nothing is done twice: what says the same already is left alone.
    """
    count = 0
    for customer_key in sorted(sharing):
        restated = await _differing(work, customer_key, sharing[customer_key])
        await write(work, restated)
        count += len(restated)
    return count


async def decide_in_order(
    work: Work, customer_key: UUID, sharing: Sharing, new: Sequence[Posting]
) -> tuple[list[Decided], list[Restated]]:
    """Decide `new` postings of a customer whose split separates base and increment (R-44).

    Returns their decisions, and the postings behind them that are re-stated since the base was
    used up earlier or later than before.
    """
    first = min(posting.family for posting in new)
    behind = await postings.since(work, customer_key, first)
    before = await postings.revenue_before(work, customer_key, first)
    return _among(new, behind, sharing, {first[0].year: before})


async def decide_families(
    work: Work, sharing: dict[UUID, Sharing], new: Sequence[Posting]
) -> tuple[list[Decided], list[Restated]]:
    """Decide `new` reversals, with such originals as are new, of customers without a base.

    Whoever calls holds the originals. Returns their decisions, and the reversals of the same
    originals that are re-stated since another came in front of them.
    """
    decided: list[Decided] = []
    restated: list[Restated] = []
    stored = await postings.families(work, {each.reverses for each in new if each.reverses})
    for customer_key in sorted({each.customer_key for each in new}):
        own = [each for each in new if each.customer_key == customer_key]
        held = [each for each in stored if each.posting.customer_key == customer_key]
        some, others = _among(own, held, sharing[customer_key], {})
        decided += some
        restated += others
    return decided, restated


def _among(
    new: Sequence[Posting], held: Sequence[Stored], sharing: Sharing, before: dict[int, Decimal]
) -> tuple[list[Decided], list[Restated]]:
    known = {each.posting.posting_id: each for each in held}
    ordered = sorted([*new, *(each.posting for each in held)], key=lambda each: each.order)
    decided = list(share_in_order(ordered, sharing, before))
    return (
        [each for each in decided if each.posting.posting_id not in known],
        _changed(known, decided),
    )


async def write(work: Work, restated: Sequence[Restated]) -> None:
    """Reverse the old lines, post the new ones, keep the history, and tell the others."""
    await journal.take_back(
        work, JournalKind.RESTATEMENT, [(each.stored.journal_id, new_id()) for each in restated]
    )
    open_from = await journal.post_revenue(
        work,
        JournalKind.RESTATEMENT,
        [(each.journal_id, each.stored.event_at, each.decided) for each in restated],
    )
    await restatements.replace(work, restated)
    for each in restated:
        why = Restatement(
            version=each.stored.version,
            reason=each.reason,
            ruling_id=each.decided.terms.ruling_id,
        )
        version = each.stored.version + 1
        work.publish(revenue_posted(each.decided, version, work.currency, open_from, why))


async def _differing(work: Work, customer_key: UUID, sharing: Sharing) -> list[Restated]:
    days: set[date] = set()
    for day, *identity, rule in await restatements.decisions(work, customer_key):
        terms = sharing.on(day)
        if terms is not None and (*terms.identity, terms.rule) != (*identity, rule):
            days.add(day)
    if not days:
        return []
    if not sharing.separates_increment:
        stored = await postings.decided_on(work, customer_key, days)
    else:
        new_year = date(min(days).year, 1, 1)
        stored = await postings.since(work, customer_key, (new_year, "", ""))
    _, restated = _among((), stored, sharing, {})
    return restated


def _changed(held: dict[UUID, Stored], decided: Iterable[Decided]) -> list[Restated]:
    changes = ((held.get(each.posting.posting_id), each) for each in decided)
    return [
        Restated(stored, each, new_id(), _reason(stored, each))
        for stored, each in changes
        if stored is not None and not stored.says(each)
    ]


def _reason(stored: Stored, decided: Decided) -> str:
    if (stored.split_id, stored.terms_version) == decided.terms.identity:
        return "base-recomputed" if stored.base != decided.base else "reversals-reordered"
    return "ruling" if decided.terms.ruling_id is not None else "split-changed"
