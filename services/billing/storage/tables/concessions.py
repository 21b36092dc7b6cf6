"""Compensations and how they were answered; discounts, and the tiers that limit them."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Numeric, Table, Text, Uuid, text

from services.billing.storage.tables.columns import Instant, Money, metadata

compensations = Table(
    "compensations",
    metadata,
    Column("compensation_id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("charge_id", Uuid, comment="what the case disputes"),
    Column("amount", Money, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("refused_because", Text, comment="NULL: posted"),
    Column("recorded_at", Instant, nullable=False),
    Column("charge_left", Money, comment="of what the case disputes, when it was answered"),
    Column("compensated_before", Money, comment="what had been posted for it"),
    comment="Approved in engagement, posted or refused here, once.",
)
Index("compensations_customer", compensations.c.customer_key, compensations.c.decided_on)
Index(
    "compensations_charge",
    compensations.c.charge_id,
    postgresql_where=text("refused_because IS NULL"),
)

tiers = Table(
    "tiers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text, comment="NULL: none from that day on"),
    Column("effective_on", Date, nullable=False),
    comment="Every version that tiering published.",
)

discounts = Table(
    "discounts",
    metadata,
    Column("discount_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("business_line", Text, comment="NULL: all lines"),
    Column("rate", Numeric, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("specialty_unit", Text, nullable=False),
    Column("applied_by_unit", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("ceiling", Numeric, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("steps_taken", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Discounts on their way, in force, refused and withdrawn.",
)
Index("discounts_customer", discounts.c.customer_key)

discount_steps = Table(
    "discount_steps",
    metadata,
    Column("discount_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("reason", Text),
    Column("tier", Text, nullable=False),
    Column("ceiling", Numeric, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who took which step of a discount, and what it saw.",
)

granted_discounts = Table(
    "granted_discounts",
    metadata,
    Column("charge_id", Uuid, primary_key=True),
    Column("discount_id", Uuid, primary_key=True),
    Column("event_on", Date, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    comment="What discounts take off charges by day, as it is now; the journal has every change.",
)
Index("granted_discounts_customer", granted_discounts.c.customer_key)
