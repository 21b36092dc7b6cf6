"""Disputes, their evidence and rulings, and what is kept to be evidence."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSON, JSONB

from services.registry.storage.tables.columns import Instant, Money, Texts, metadata

disputes = Table(
    "disputes",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("parties", Texts, nullable=False),
    Column("ruling_unit", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("opened_by", Text, comment="staff code; NULL when facts opened it"),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("ruled_on", Date),
    Column("version", Integer, nullable=False),
    Column("opened_for", Text, comment="the party that claims or appeals"),
    Column("appeal_of", Uuid, unique=True, comment="the ruling that is appealed against"),
    Column("overdue_on", Date, comment="the day on which it was found not ruled in time"),
    Column("withdrawn", Texts, nullable=False, server_default="{}"),
    Column("closed_on", Date, comment="settled by agreement, or withdrawn"),
    Column("recorded_at", Instant, nullable=False),
)
Index("disputes_customer_key", disputes.c.customer_key)
Index(
    "disputes_one_open_per_customer",
    disputes.c.customer_key,
    unique=True,
    postgresql_where=text("state = 'open'"),
)

Index(
    "disputes_due",
    disputes.c.due_on,
    postgresql_where=text("state = 'open' AND overdue_on IS NULL"),
)

dispute_evidence = Table(
    "dispute_evidence",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("amount", Money),
    Column("statement", Text),
    Column("submitted_by", Text),
    Column("recorded_at", Instant, nullable=False),
)

rulings = Table(
    "rulings",
    metadata,
    Column("ruling_id", Uuid, primary_key=True),
    Column("dispute_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("owner_unit", Text, nullable=False),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("base_amount", Money),
    Column("effective_on", Date, nullable=False),
    Column("ruled_on", Date, nullable=False),
    Column("ruled_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("weights", JSONB, nullable=False, comment="what spoke for each party on that day"),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default="ruling", comment="ruling or settlement"),
    Column("supersedes", Uuid, comment="the ruling that was appealed against"),
    Column("delegation_id", Uuid, comment="in whose place it was ruled, if not in its own"),
    Column("recorded_at", Instant, nullable=False),
)
Index("rulings_customer_key", rulings.c.customer_key)

dispute_facts = Table(
    "dispute_facts",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    Column("fact", JSON, nullable=False, comment="word for word, in its order"),
    Column("recorded_at", Instant, nullable=False),
    comment="What was told of disputes, to be told again.",
)

settlements = Table(
    "settlements",
    metadata,
    Column("settlement_id", Uuid, primary_key=True),
    Column("dispute_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("proposed_for", Text, nullable=False, comment="the party that proposes"),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("owner_unit", Text, nullable=False),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("base_amount", Money),
    Column("effective_on", Date, nullable=False),
    Column("statement", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("dispute_id", "sequence"),
    comment="What parties proposed to agree on; the newest of a dispute counts.",
)

settlement_answers = Table(
    "settlement_answers",
    metadata,
    Column("settlement_id", Uuid, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("accepted_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Which parties agreed, the proposing one included.",
)

notices = Table(
    "notices",
    metadata,
    Column("notice_id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, comment="the request or decision that it is about"),
    Column("noticed_on", Date, nullable=False),
    Column("read_by", Text),
    Column("read_on", Date),
    Column("recorded_at", Instant, nullable=False),
    comment="What a unit must know of a customer, and who has taken note of it.",
)
Index("notices_unit", notices.c.unit, notices.c.noticed_on)
Index("notices_customer_key", notices.c.customer_key)

marketing_requests = Table(
    "marketing_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("asking_unit", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("business_line", Text),
    Column("state", Text, nullable=False),
    Column("answered_by", Text),
    Column("answered_on", Date),
    Column("answer", Text),
    Column("until_on", Date, comment="last day on which the asking unit may act"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Units that need to market to another unit's customer ask its owner (R-46).",
)
Index("marketing_requests_customer_key", marketing_requests.c.customer_key)

revenue_places = Table(
    "revenue_places",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("signed_at_unit", Text),
    Column("occurred_at_unit", Text),
    Column("amount", Money, nullable=False),
    comment="Revenue by place, as billing posted it: evidence for disputes.",
)
Index("revenue_places_customer_key", revenue_places.c.customer_key)

visit_places = Table(
    "visit_places",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("visited_on", Date, nullable=False),
    comment="Who visited, as engagement recorded it: evidence for disputes.",
)
Index("visit_places_customer_key", visit_places.c.customer_key)
