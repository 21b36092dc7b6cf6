"""A and B managers, and the tiers that ask for them."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid

from services.registry.storage.tables.columns import Instant, metadata

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
    comment="Folded from assignments, signatures and swaps.",
)
Index("managers_a_staff_code", managers.c.a_staff_code)
Index("managers_b_staff_code", managers.c.b_staff_code)
Index("managers_lead_staff_code", managers.c.lead_staff_code)

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
