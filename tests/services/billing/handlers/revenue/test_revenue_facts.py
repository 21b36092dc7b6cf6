"""What is written of a posting without its event class is what the class would have written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.revenue.revenue import Posting, share
from services.billing.domain.revenue.sharing import Share, Terms
from services.billing.handlers.revenue.revenue_facts import revenue_posted
from shared.contracts.billing import Restatement, RevenuePosted

UUIDS = st.uuids()
CODES = st.from_regex(r"[A-Z]{2}(-[A-Z]{2})?", fullmatch=True)
AMOUNTS = st.decimals("-99999999999.99", "99999999999.99", places=2)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))

POSTINGS = st.builds(
    Posting,
    posting_id=UUIDS,
    customer_key=UUIDS,
    system=st.sampled_from(("erp", "till")),
    ref=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40),
    business_line=st.sampled_from(("函件", "速递", "parcel")),
    amount=AMOUNTS,
    occurred_on=DAYS,
    decided_on=DAYS,
    signed_at_unit=st.none() | CODES,
    occurred_at_unit=st.none() | CODES,
    reverses=st.none() | UUIDS,
)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """A split among a few units, or an ownership; with or without a base."""
    units = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    split_id: UUID | None = draw(st.none() | UUIDS)
    shares = tuple(Share(unit, Decimal(1)) for unit in units)
    return Terms("agreed", draw(st.integers(1, 99)), draw(DAYS), shares, split_id=split_id)


RESTATEMENTS = st.none() | st.builds(
    Restatement,
    version=st.integers(1, 99),
    reason=st.sampled_from(("ruling", "split-changed")),
    ruling_id=st.none() | UUIDS,
)


@given(POSTINGS, terms(), RESTATEMENTS, st.integers(1, 99), AMOUNTS, DAYS)
def test_a_written_posting_is_byte_for_byte_what_its_event_says(
    posting: Posting,
    by: Terms,
    restates: Restatement | None,
    version: int,
    base: Decimal,
    open_from: date,
) -> None:
    decided = share(posting, by, base)
    written = revenue_posted(decided, version, "CNY", open_from, restates)
    said = orjson.dumps(written.data)
    event = RevenuePosted.model_validate_json(said)
    assert event.model_dump_json(exclude_none=True).encode() == said
    assert event.booked_on == (open_from if posting.occurred_on < open_from else None)
    assert (written.subject, written.entity_id) == (event.subject, event.entity.id)
    assert written.customer_key == event.customer_key
