"""Revenue one by one: what was recorded, the rule that shares it, and what was before (R-45)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import one
from services.billing.api.revenue.revenue import BusinessLine, Rule
from services.billing.storage.revenue import reports
from shared.contracts.values import Amount, Day
from shared.errors import NotFound
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/revenue/postings", tags=["revenue"])
_ORDER = Keyset("occurred_on date", "posting_id uuid", descending=True)


class UnknownPosting(NotFound):
    """No such posting, or none that the caller may know of."""

    code = "unknown-posting"
    title_zh = "没有此收入"
    title_en = "No such posting"


class PostingOut(BaseModel):
    """A posting with the rule that shares it now, and the version of the split or ownership."""

    posting_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    amount: Amount
    base: Amount
    reversed: Amount
    occurred_on: date
    signed_at_unit: str | None
    occurred_at_unit: str | None
    rule: str
    split_id: UUID | None
    terms_version: int
    reverses: UUID | None
    version: int


class ShareOut(BaseModel):
    """What a unit in sight gets of it."""

    unit: str
    is_increment: bool
    amount: Amount


class SharedBeforeOut(BaseModel):
    """By which rule a posting was shared until it was re-stated, and why it was."""

    version: int
    rule: str
    split_id: UUID | None
    terms_version: int
    base: Amount
    reason: str
    ruling_id: UUID | None
    replaced_at: datetime


class PostingWithShares(PostingOut):
    """A posting with the shares that the caller may see, and what was before."""

    shares: list[ShareOut]
    history: list[SharedBeforeOut]


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    business_line: BusinessLine = None,
    rule: Rule = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
) -> Page[PostingOut]:
    """收入明细 / postings in sight, the latest first."""
    return await page.read(
        work,
        reports.POSTINGS,
        _ORDER,
        lambda row: PostingOut(**row),
        posting_id=None,
        customer_key=customer_key,
        business_line=business_line,
        rule=rule,
        from_on=from_on,
        until_on=until_on,
    )


@router.get("/{posting_id}")
async def shown(posting_id: UUID, work: Reading) -> PostingWithShares:
    """一笔收入及其分成 / one posting with its shares, and how it was shared before."""
    row = await one(
        work,
        reports.POSTINGS,
        UnknownPosting,
        posting_id=posting_id,
        **dict.fromkeys(("customer_key", "business_line", "rule", "from_on", "until_on")),
    )
    shares = await work.rows(reports.SHARES, journal_id=row["journal_id"])
    history = await work.rows(reports.HISTORY, posting_id=posting_id)
    return PostingWithShares(
        **row,
        shares=[ShareOut(**share) for share in shares],
        history=[SharedBeforeOut(**before) for before in history],
    )
