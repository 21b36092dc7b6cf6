"""How customers are found, which are alike, and which were merged."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.registry.storage.tables.columns import Instant, Texts, metadata

customer_search = Table(
    "customer_search",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("name", Text, nullable=False, comment="as shown"),
    Column("short_name", Text),
    Column("former_names", Texts, nullable=False),
    Column("terms", Text, nullable=False, server_default="", comment="not written any more"),
    Column("pinyin", Text, nullable=False, server_default="", comment="not written any more"),
    Column("grams", Texts, nullable=False, server_default="{}", comment="not written any more"),
    Column("features", ARRAY(BigInteger), nullable=False, comment="what makes names alike (R-81)"),
    comment="The names of a customer; follows the customer in its transaction.",
)
Index(
    "customer_search_features",
    customer_search.c.features,
    postgresql_using="gin",
    postgresql_with={"fastupdate": "off"},
)

customer_names = Table(
    "customer_names",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("name", Text, nullable=False, comment="as shown; lists are in its order"),
    Column("terms", Text, nullable=False, comment="names and initials as they are looked for"),
    Column("pinyin", Text, nullable=False, comment="of the name"),
    comment="How a customer is looked for: narrow, since thousands are read for a page.",
)
Index("customer_names_order", customer_names.c.name, customer_names.c.customer_key)
Index(
    "customer_names_pinyin",
    customer_names.c.pinyin,
    postgresql_ops={"pinyin": "text_pattern_ops"},
)
Index(
    "customer_names_pieces",
    func.name_pieces(customer_names.c.terms),
    postgresql_using="gin",
    postgresql_with={"gin_pending_list_limit": 1024},
)

contact_marks = Table(
    "contact_marks",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("source", Text, primary_key=True, comment="which record says so"),
    Column("kind", Text, primary_key=True, comment="phone, person, address"),
    Column("mark", LargeBinary, primary_key=True, comment="HMAC of the value in its one spelling"),
    Column("key_id", Text, nullable=False, comment="which key made the mark"),
    Column("sealed", LargeBinary, nullable=False, comment="the value, to mark it anew"),
    Column("sealed_with", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Phones, people and addresses of customers, found without being shown.",
)
Index("contact_marks_mark", contact_marks.c.mark, contact_marks.c.kind)
Index("contact_marks_key_id", contact_marks.c.key_id)

duplicate_questions = Table(
    "duplicate_questions",
    metadata,
    Column("question_id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False, comment="question, declaration"),
    Column("asked_by", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked", LargeBinary, nullable=False, comment="what was asked, sealed"),
    Column("sealed_with", Text, nullable=False, server_default="", comment="empty: not known"),
    Column("answered", JSONB, nullable=False, comment="customers, grades and reasons"),
    Column("policy_version", Integer, nullable=False),
    comment="Who asked whether a customer exists, and what was answered (R-81).",
)
Index(
    "duplicate_questions_asked_by",
    duplicate_questions.c.asked_by,
    duplicate_questions.c.asked_on,
)
Index("duplicate_questions_sealed_with", duplicate_questions.c.sealed_with)

identities = Table(
    "identities",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("survivor", Uuid, comment="NULL: stands for itself again"),
    Column("merge_id", Uuid, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("preview", JSONB, nullable=False, comment="what both held when it was decided"),
    Column("recorded_at", Instant, nullable=False),
    comment="The journal of merges and of merges undone (R-81).",
)
Index("identities_survivor", identities.c.survivor)
Index("identities_merge_id", identities.c.merge_id)
