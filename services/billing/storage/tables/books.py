"""The general ledger: a chart of accounts and a journal that is only ever added to.

The journal is the hot path: few bytes, few indexes, no trigger for a row.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from services.billing.storage.tables.columns import AccountName, Instant, Money, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account", AccountName, primary_key=True),
    Column("number", Text, nullable=False, unique=True, comment="the site's own number"),
    Column("side", Text, nullable=False, comment="debit or credit: where it grows"),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("is_of_customer", Boolean, nullable=False, server_default=text("false")),
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
    Column("booked_on", Date, comment="where the month of event_on was closed; else that day"),
    comment="Each row debits one account and credits another, so it cannot be out of balance.",
)
Index("journal_customer", journal.c.customer_key, journal.c.event_on)
Index("journal_event_on", journal.c.event_on, postgresql_using="brin")
Index("journal_item", journal.c.item_id, postgresql_where=text("item_id IS NOT NULL"))
Index("journal_late", journal.c.booked_on, postgresql_where=text("booked_on IS NOT NULL"))
Index("journal_reverses", journal.c.reverses, postgresql_where=text("reverses IS NOT NULL"))
Index(
    "journal_source",
    journal.c.source_id,
    postgresql_where=text("kind NOT IN ('revenue', 'restatement')"),
)

balances = Table(
    "balances",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("account", AccountName, primary_key=True),
    Column("version", BigInteger, nullable=False, comment="how many entries made it"),
    Column("balance", Money, nullable=False, comment="debits less credits"),
    comment="What customers owe and have with us; the journal itself keeps them (a trigger).",
)

closed_months = Table(
    "closed_months",
    metadata,
    Column("month", Date, primary_key=True, comment="its first day"),
    Column("closed_on", Date, nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("closing_unit", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("postings", Integer, nullable=False),
    Column("late_lines", Integer, nullable=False, comment="that belong to months before"),
    Column("waiting", Integer, nullable=False, comment="facts that waited when it was closed"),
    comment="Months whose books are frozen; everything before one is closed with it.",
)

closed_accounts = Table(
    "closed_accounts",
    metadata,
    Column("month", Date, primary_key=True),
    Column("account", AccountName, primary_key=True),
    Column("closing_unit", Text, nullable=False),
    Column("debit", Money, nullable=False),
    Column("credit", Money, nullable=False),
    Column("balance", Money, nullable=False, comment="at the end of the month"),
    comment="The trial balance of a month as it was closed.",
)

closed_revenue = Table(
    "closed_revenue",
    metadata,
    Column("month", Date, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("business_line", Text, primary_key=True),
    Column("base", Money, nullable=False),
    Column("increment", Money, nullable=False),
    comment="What the units got in a month as it was closed.",
)

control_totals = Table(
    "control_totals",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("amount", Money, nullable=False),
    Column("stated_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What senders say they sent for a day; the newest one counts.",
)
Index("control_totals_day", control_totals.c.on, control_totals.c.system, control_totals.c.event)

controlled_facts = Table(
    "controlled_facts",
    metadata,
    Column("system", Text, primary_key=True),
    Column("total_ref", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("amount", Money, nullable=False),
    comment="The facts that a control total counts, where the sender names them.",
)
