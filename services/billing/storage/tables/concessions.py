"""Compensations and how they were answered."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, Text, Uuid, text

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
    comment="Approved in engagement, posted or refused here, once.",
)
Index("compensations_customer", compensations.c.customer_key, compensations.c.decided_on)
Index(
    "compensations_charge",
    compensations.c.charge_id,
    postgresql_where=text("refused_because IS NULL"),
)
