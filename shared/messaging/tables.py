"""The kit's tables (schema `kit`): what makes facts arrive once and leave once."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(schema="kit")


def _instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


inbox = Table(
    "inbox",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    _instant("received_at"),
    comment="Every message that took effect or was refused; kept longer than the streams keep it.",
)
Index("inbox_received_at", inbox.c.received_at, postgresql_using="brin")

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _instant("stored_at"),
    _instant("parked_at", nullable=True),
    Column("parked_reason", Text),
    comment="Facts on their way to the broker; the relay deletes what the broker has stored.",
)

fates = Table(
    "fates",
    metadata,
    Column("system", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", JSONB),
    _instant("decided_at"),
    comment="What became of every fact that another system sent: accepted, waiting or refused.",
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("source", Text),
    Column("event_id", Text),
    Column("ref", Text),
    Column("code", Text, nullable=False),
    Column("reason", JSONB, nullable=False),
    Column("message", LargeBinary, nullable=False, comment="sealed headers and body"),
    Column("state", Text, nullable=False, server_default="open"),
    _instant("received_at"),
    _instant("resolved_at", nullable=True),
    Column("resolved_by", Text),
    Column("resolution", Text),
    comment="Facts that could not be taken: kept until somebody replays or discards them.",
)
Index("dead_letters_open", dead_letters.c.id, postgresql_where=text("state = 'open'"))

waiting = Table(
    "waiting",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("ref", Text),
    Column("message", LargeBinary, nullable=False, comment="sealed headers and body"),
    _instant("since"),
    comment="Facts about something not known yet.",
)
Index("waiting_kind_key", waiting.c.kind, waiting.c.key)

references = Table(
    "references",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    comment="What a fact may wait for: users hold the row FOR SHARE, resolvers FOR UPDATE.",
)

sealed_reads = Table(
    "sealed_reads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("what", Text, nullable=False),
    Column("which", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    _instant("read_at"),
    comment="Who opened which sealed message.",
)
