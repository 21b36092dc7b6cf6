"""Cases of misuse with their steps and reporters, and interests that conflict with accounts."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid

from services.registry.storage.tables.columns import Instant, Texts, metadata

misuse_cases = Table(
    "misuse_cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("subject_staff_code", Text, nullable=False),
    Column("subject_unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("customer_key", Uuid),
    Column("state", Text, nullable=False),
    Column("grade", Text),
    Column("penalties", Texts, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("misuse_cases_subject_unit", misuse_cases.c.subject_unit)

misuse_steps = Table(
    "misuse_steps",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, comment="staff code; NULL for the reporter, who stands elsewhere"),
    Column("note", Text, nullable=False),
    Column("grade", Text),
    Column("penalties", Texts, nullable=False),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="The way of a case, step by step.",
)

misuse_reporters = Table(
    "misuse_reporters",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False, comment="staff code of who reported"),
    Column("sealed_with", Text, nullable=False),
    Column("mark", LargeBinary, nullable=False, comment="finds the cases that one reported"),
    Column("marked_with", Text, nullable=False),
    comment="Who reported; readers of the API never see this table.",
)
Index("misuse_reporters_mark", misuse_reporters.c.mark)

interests = Table(
    "interests",
    metadata,
    Column("interest_id", Uuid, primary_key=True),
    Column("staff_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("party_name", Text, nullable=False),
    Column("party_name_key", Text, nullable=False),
    Column("unified_credit_code", Text),
    Column("customer_key", Uuid),
    Column("statement", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Interests of staff in customers and suppliers.",
)
Index("interests_staff_code", interests.c.staff_code)

interest_endings = Table(
    "interest_endings",
    metadata,
    Column("interest_id", Uuid, primary_key=True),
    Column("until_on", Date, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="The last day of an interest.",
)
