"""Billing's state once more, at unchanged versions, for whoever was away or is new.

Each function publishes one page after the key `after` and returns the last key, or None at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.billing.domain.revenue.revenue import Decided
from services.billing.domain.revenue.sharing import Terms
from services.billing.handlers.books.close_month import month_closed
from services.billing.handlers.concessions.compensate import told as compensation_told
from services.billing.handlers.concessions.discount_facts import decided
from services.billing.handlers.credit.credit_facts import (
    credit_assessed,
    credit_exceeded,
    limit_changed,
)
from services.billing.handlers.objects.deposit_facts import deposit_changed
from services.billing.handlers.objects.sale_facts import tell_all
from services.billing.handlers.receivables.receivable_facts import receivable_changed
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from services.billing.storage.books import journal
from services.billing.storage.books import months as month_storage
from services.billing.storage.concessions import compensations as compensation_storage
from services.billing.storage.concessions import discounts as discount_storage
from services.billing.storage.credit import assessments, crossings, limits
from services.billing.storage.objects import agreements as agreement_storage
from services.billing.storage.objects import deposits as deposit_storage
from services.billing.storage.receivables import receivables as receivable_storage
from services.billing.storage.revenue import postings, restatements
from services.billing.storage.revenue.postings import Stored
from shared.contracts.billing import Restatement
from shared.service import Republish
from shared.work import Work

_PAGE = 500


async def revenue(work: Work, after: str | None) -> str | None:
    """Every posting with its present shares."""
    page = await postings.page(work, _key(after), _PAGE)
    ids = [each.posting.posting_id for each in page]
    journal_ids = [each.journal_id for each in page]
    shares = await postings.shares(work, journal_ids)
    late = await journal.booked_late(work, journal_ids)
    before = await restatements.restated_from(work, ids)
    for each in page:
        decided = Decided(
            each.posting, _terms(each), each.base, tuple(shares.get(each.journal_id, ()))
        )
        why = before.get(each.posting.posting_id)
        restates = None if why is None else _restatement(*why)
        booked_on = late.get(each.journal_id, each.posting.occurred_on)
        work.publish(revenue_posted(decided, each.version, work.currency, booked_on, restates))
    return _last(ids)


async def receivables(work: Work, after: str | None) -> str | None:
    """Every receivable as it stands."""
    ids = await receivable_storage.page(work, _key(after), _PAGE)
    for receivable in await receivable_storage.receivables(work, ids):
        work.publish(receivable_changed(receivable, work.currency))
    return _last(ids)


async def deposits(work: Work, after: str | None) -> str | None:
    """Every deposit as it stands."""
    page = await deposit_storage.page(work, _key(after), _PAGE)
    for deposit, changed_on in page:
        work.publish(deposit_changed(deposit, changed_on, work.currency))
    return _last([deposit.deposit_id for deposit, _ in page])


async def agreements(work: Work, after: str | None) -> str | None:
    """Every signed agreement, and that it was registered or cancelled."""
    page = await agreement_storage.page(work, _key(after), _PAGE)
    for agreement in page:
        tell_all(work, agreement)
    return _last([agreement.agreement_id for agreement in page])


async def months(work: Work, after: str | None) -> str | None:
    """Every closed month."""
    page = await month_storage.page(work, None if after is None else date.fromisoformat(after), 12)
    for month in page:
        work.publish(month_closed(await month_storage.closing(work, month), work.currency))
    return page[-1].isoformat() if page else None


async def discounts(work: Work, after: str | None) -> str | None:
    """Every discount that was decided."""
    page = await discount_storage.decided_page(work, _key(after), _PAGE)
    for discount in page:
        on, unit = await discount_storage.last_step(work, discount.discount_id)
        work.publish(decided(discount, on, unit))
    return _last([discount.discount_id for discount in page])


async def compensations(work: Work, after: str | None) -> str | None:
    """How every compensation was answered."""
    page = await compensation_storage.page(work, _key(after), _PAGE)
    for answer in page:
        work.publish(compensation_told(answer, work.currency))
    return _last([answer.compensation_id for answer in page])


async def credit(work: Work, after: str | None) -> str | None:
    """The last assessment of every customer."""
    page = await assessments.page(work, _key(after), _PAGE)
    for assessment in page:
        work.publish(credit_assessed(assessment, work.currency))
    return _last([each.customer_key for each in page])


async def credit_limits(work: Work, after: str | None) -> str | None:
    """Every limit that was decided."""
    page = await limits.page(work, _key(after), _PAGE)
    for decision, on in page:
        work.publish(limit_changed(decision, on, work.currency))
    return _last([decision.proposal.proposal_id for decision, _ in page])


async def exceeded(work: Work, after: str | None) -> str | None:
    """Of every group that was ever above its limit, whether it is."""
    page = await crossings.page(work, _key(after), _PAGE)
    for crossing, on in page:
        work.publish(credit_exceeded(crossing, on, work.currency))
    return _last([crossing.standing.customer_key for crossing, _ in page])


def _terms(stored: Stored) -> Terms:
    """As much of the terms as a posting remembers, which is what is told of them."""
    decided_on = stored.posting.decided_on
    return Terms(stored.rule, stored.terms_version, decided_on, (), split_id=stored.split_id)


def _restatement(version: int, reason: str, ruling_id: UUID | None) -> Restatement:
    return Restatement(version=version, reason=reason, ruling_id=ruling_id)


def _key(after: str | None) -> UUID | None:
    return None if after is None else UUID(after)


def _last(keys: Sequence[UUID]) -> str | None:
    return str(keys[-1]) if keys else None


REPUBLISH: Mapping[str, Republish] = {
    "revenue": revenue,
    "receivables": receivables,
    "deposits": deposits,
    "agreements": agreements,
    "discounts": discounts,
    "compensations": compensations,
    "months": months,
    "credit": credit,
    "credit-limits": credit_limits,
    "credit-exceeded": exceeded,
}
