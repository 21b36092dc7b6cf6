"""Hand-overs of registry, as far as billing has answered them."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.billing.storage.tables.columns import Instant, metadata

handover_answers = Table(
    "handover_answers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_on", Date, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("exceptions", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What was answered to every version of a hand-over; only ever added to.",
)
