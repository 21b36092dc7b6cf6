"""What of a customer's data could not be taken as it came, and who put it right."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, Text, Uuid

from services.registry.storage.tables.columns import Instant, metadata

quality_flags = Table(
    "quality_flags",
    metadata,
    Column("flag_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("field", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("said", Text, nullable=False, comment="the text as it came, or behind its mask"),
    Column("said_secret", Uuid, comment="sealed in archive_secrets: the text, if it is masked"),
    Column("kept", Text, comment="what the register holds instead; NULL: nothing"),
    Column("system", Text),
    Column("ref", Text),
    Column("recorded_at", Instant, nullable=False),
)
Index("quality_flags_customer_key", quality_flags.c.customer_key)

flag_resolutions = Table(
    "flag_resolutions",
    metadata,
    Column("flag_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("value", Text, comment="the corrected value"),
    Column("reason", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("resolved_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("flag_resolutions_customer_key", flag_resolutions.c.customer_key)
