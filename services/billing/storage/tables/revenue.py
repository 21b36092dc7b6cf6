"""Revenue as recorded and who it is shared by. `postings` is the hot path."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.billing.storage.tables.columns import Instant, Money, Texts, metadata

splits = Table(
    "splits",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("split_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("rule", Text, nullable=False),
    Column("base_units", Texts, nullable=False),
    Column("base_shares", ARRAY(Numeric), nullable=False),
    Column("increment_units", Texts, nullable=False),
    Column("increment_shares", ARRAY(Numeric), nullable=False),
    Column("base_amount", Money),
    Column("ruling_id", Uuid),
    comment="Every version that registry published.",
)
Index("splits_with_base", splits.c.customer_key, postgresql_where=text("base_amount IS NOT NULL"))

ownerships = Table(
    "ownerships",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("owner_unit", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("ruling_id", Uuid),
    comment="Every version that registry published.",
)

postings = Table(
    "postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("journal_id", Uuid, nullable=False, comment="where its present shares are"),
    Column("split_id", Uuid),
    Column("reverses", Uuid),
    Column("occurred_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False, comment="the day whose terms share it"),
    Column("version", Integer, nullable=False),
    Column("terms_version", Integer, nullable=False, comment="of the split, else the ownership"),
    Column("event_at", Instant, nullable=False),
    Column("amount", Money, nullable=False),
    Column("base", Money, nullable=False, comment="what of the amount keeps the base"),
    Column("reversed", Money, nullable=False, comment="sum of the reversals; negative"),
    Column("remaining", Money, comment="of a reversal: what it leaves of its original"),
    Column("remaining_base", Money, comment="of that, what keeps the base"),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("original_ref", Text, comment="of a reversal: the number of its original"),
    Column("business_line", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("signed_at_unit", Text),
    Column("occurred_at_unit", Text),
    comment="Revenue as recorded, with the rule that shares it now.",
)
Index("postings_customer", postings.c.customer_key, postings.c.occurred_on)
Index("postings_customer_decided", postings.c.customer_key, postings.c.decided_on)

Index("postings_reverses", postings.c.reverses, postgresql_where=postings.c.reverses.is_not(None))

posting_history = Table(
    "posting_history",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("journal_id", Uuid, nullable=False),
    Column("split_id", Uuid),
    Column("terms_version", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Column("base", Money, nullable=False),
    Column("reason", Text, nullable=False, comment="why it was re-stated"),
    Column("ruling_id", Uuid),
    Column("replaced_at", Instant, nullable=False),
    comment="How a posting was shared before it was re-stated.",
)
