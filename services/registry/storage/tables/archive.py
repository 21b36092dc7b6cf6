"""Archives: the file of a customer, its versions, what is sealed, permissions to read it."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, Texts, metadata

archives = Table(
    "archives",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("opened_on", Date, nullable=False),
    Column("updated_on", Date, comment="the last update that freshness counts (R-67)"),
    Column("custodian", Text, comment="staff code (R-69)"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="One file per key account (R-60).",
)
Index("archives_updated_on", archives.c.updated_on)
Index("archives_custodian", archives.c.custodian)

archive_custodians = Table(
    "archive_custodians",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("custodian", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("appointed_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

archive_versions = Table(
    "archive_versions",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("section", Text, primary_key=True),
    Column("item", Text, primary_key=True, comment="year or journal entry; empty for a part"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("on", Date, nullable=False),
    Column("content", JSONB, nullable=False, comment="without the confidential values"),
    Column("secret_id", Uuid, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("required", Integer, nullable=False),
    Column("missing", Texts, nullable=False),
    Column("policy_version", Integer, comment="of archive-completeness"),
    Column("recorded_at", Instant, nullable=False),
)
Index(
    "archive_versions_section",
    archive_versions.c.customer_key,
    archive_versions.c.section,
    archive_versions.c.on,
)

archive_secrets = Table(
    "archive_secrets",
    metadata,
    Column("secret_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("sealed_with", Text, nullable=False, comment="fingerprint of the key"),
    Column("erased", Texts, nullable=False, comment="pointers of what the law made us erase"),
    comment="Confidential values; changed by resealing and by a recorded erasure alone.",
)
Index("archive_secrets_sealed_with", archive_secrets.c.sealed_with)
Index("archive_secrets_customer_key", archive_secrets.c.customer_key)

archive_erasures = Table(
    "archive_erasures",
    metadata,
    Column("erasure_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("section", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("erased", JSONB, nullable=False, comment="pointers by version"),
    Column("legal_basis", Text, nullable=False),
    Column("document_reference", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("erased_by", Text, nullable=False),
    Column("policy_version", Integer, nullable=False, comment="of archive-access"),
    Column("recorded_at", Instant, nullable=False),
)
Index("archive_erasures_customer_key", archive_erasures.c.customer_key)

archive_confirmations = Table(
    "archive_confirmations",
    metadata,
    Column("confirmation_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("section", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index(
    "archive_confirmations_customer_key",
    archive_confirmations.c.customer_key,
    archive_confirmations.c.section,
)

archive_overdue_notices = Table(
    "archive_overdue_notices",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("counted_from_on", Date, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("months", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("noticed_on", Date, nullable=False),
    Column("updated_on", Date),
    Column("custodian", Text),
    Column("policy_version", Integer, nullable=False, comment="of archive-freshness"),
    Column("recorded_at", Instant, nullable=False),
    comment="Decisions: a file was not brought up to date in time (R-67).",
)

archive_requests = Table(
    "archive_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("sections", Texts, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_unit", Text, nullable=False),
    Column("requested_on", Date, nullable=False),
    Column("until_on", Date, nullable=False, comment="last day"),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("policy_version", Integer, nullable=False, comment="of archive-access"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index(
    "archive_requests_customer_key",
    archive_requests.c.customer_key,
    archive_requests.c.requested_by,
)

archive_request_steps = Table(
    "archive_request_steps",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
