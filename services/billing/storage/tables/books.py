"""The general ledger: a chart of accounts and a journal that is only ever added to.

The journal is the hot path: few bytes, few indexes, no trigger for a row.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, SmallInteger, Table, Text, Uuid, text

from services.billing.storage.tables.columns import AccountName, Instant, Money, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account", AccountName, primary_key=True),
    Column("number", Text, nullable=False, unique=True, comment="the site's own number"),
    Column("side", Text, nullable=False, comment="debit or credit: where it grows"),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    comment="The chart of accounts.",
)

journal = Table(
    "journal",
    metadata,
    Column("created_at", Instant, nullable=False),
    Column("event_at", Instant, nullable=False),
    Column("event_on", Date, nullable=False),
    Column("line_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("is_increment", Boolean, nullable=False),
    Column("debit", AccountName, nullable=False),
    Column("credit", AccountName, nullable=False),
    Column("journal_id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("item_id", Uuid),
    Column("reverses", Uuid),
    Column("amount", Money, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("business_line", Text),
    comment="Each row debits one account and credits another, so it cannot be out of balance.",
)
Index("journal_customer", journal.c.customer_key, journal.c.event_on)
Index("journal_item", journal.c.item_id, postgresql_where=text("item_id IS NOT NULL"))
