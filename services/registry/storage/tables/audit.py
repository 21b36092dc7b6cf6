"""The log of who read or changed what of an archive, and the chain that seals it (X-08)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, metadata

archive_audit = Table(
    "archive_audit",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("recorded_at", Instant, nullable=False),
    Column("action", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("unit", Text),
    Column("acted_by", Text, comment="the gateway that called on behalf of the person"),
    Column("customer_key", Uuid),
    Column("section", Text),
    Column("item", Text),
    Column("part_version", Integer),
    Column("purpose", Text),
    Column("permission", Text, comment="`none`: masked values only"),
    Column("details", JSONB, nullable=False),
)
Index("archive_audit_customer_key", archive_audit.c.customer_key, archive_audit.c.entry_id)
Index("archive_audit_staff_code", archive_audit.c.staff_code, archive_audit.c.entry_id)

archive_audit_waiting = Table(
    "archive_audit_waiting",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("mark", LargeBinary, nullable=False, comment="sealed hash: proves who wrote it"),
    comment="Entries that no seal holds yet.",
)

archive_audit_chain = Table(
    "archive_audit_chain",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("chained_at", Instant, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

archive_audit_seals = Table(
    "archive_audit_seals",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("mark", LargeBinary, nullable=False, comment="the hash, sealed with a key"),
    Column("sealed_with", Text, nullable=False, comment="fingerprint of the key"),
    comment="Ends of sealed batches: nobody without the key can write another chain.",
)
