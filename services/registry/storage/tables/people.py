"""A and B managers, the tiers that ask for them, and who of us was in touch with whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Numeric, Table, Text, Uuid, text

from services.registry.storage.tables.columns import Instant, Texts, metadata

managers = Table(
    "managers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("a_staff_code", Text),
    Column("b_staff_code", Text),
    Column("phase", Text, nullable=False),
    Column("phase_contract_id", Uuid),
    Column("lead_staff_code", Text),
    Column("rule", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("lead_since_on", Date, comment="since when the lead has led without a break"),
    comment="Folded from assignments, signatures and swaps.",
)
Index("managers_a_staff_code", managers.c.a_staff_code)
Index("managers_b_staff_code", managers.c.b_staff_code)
Index("managers_lead_staff_code", managers.c.lead_staff_code)
Index("managers_lead_since_on", managers.c.lead_since_on)

manager_assignments = Table(
    "manager_assignments",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("a_staff_code", Text, nullable=False),
    Column("b_staff_code", Text),
    Column("on", Date, nullable=False),
    Column("assigned_by", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("rule", Text, nullable=False, server_default=text("'assignment'")),
)

manager_swaps = Table(
    "manager_swaps",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("phase", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("swapped_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

tiers = Table(
    "tiers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text),
    Column("effective_on", Date, nullable=False),
    comment="What tiering decided; dated.",
)

scores = Table(
    "scores",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("cut_off", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("score_id", Uuid, nullable=False),
    Column("shown", Numeric, nullable=False, comment="rounded, as tiering prints it"),
    comment="The newest score of a customer in each scheme.",
)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("source", Text, nullable=False, comment="logged, or a visit of engagement"),
    Column("version", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("company_channel", Boolean, comment="NULL: face to face"),
    Column("staff_codes", Texts, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who of us was in touch with whom; never a word of what was said.",
)
Index("contacts_customer_key", contacts.c.customer_key, contacts.c.occurred_at)
Index("contacts_occurred_on", contacts.c.occurred_on)
Index("contacts_staff_codes", contacts.c.staff_codes, postgresql_using="gin")
