"""Revenue that billing itself knows of, such as a registered sale: shared as any other (B-09)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from services.billing.domain.books.journal import JournalKind
from services.billing.domain.revenue.revenue import Decided, Posting, share
from services.billing.handlers.revenue import post_revenue, restate_revenue
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from services.billing.storage.books import journal
from services.billing.storage.revenue import postings
from services.billing.storage.revenue.postings import New
from shared.identifiers import new_id
from shared.work import Work


async def handle(work: Work, posting: Posting, event_at: datetime) -> bool:
    """Post it once, by the terms of its day; False while nobody is known to share it.

    Whoever calls makes sure that it is not posted yet.
    """
    decided = await _decided(work, posting)
    if decided is None:
        return False
    new = New(decided, new_id(), event_at, Decimal(0))
    await postings.insert(work, [new])
    open_from = await journal.post_revenue(
        work, JournalKind.REVENUE, [(new.journal_id, event_at, decided)]
    )
    work.publish(revenue_posted(decided, 1, work.currency, open_from))
    return True


async def _decided(work: Work, posting: Posting) -> Decided | None:
    held = await post_revenue.hold_terms(work, {posting.customer_key})
    sharing = held.get(posting.customer_key)
    if sharing is None:
        return None
    if sharing.separates_increment:
        new, restated = await restate_revenue.decide_in_order(
            work, posting.customer_key, sharing, [posting]
        )
        await restate_revenue.write(work, restated)
        return new[0]
    terms = sharing.on(posting.decided_on)
    return None if terms is None else share(posting, terms)
