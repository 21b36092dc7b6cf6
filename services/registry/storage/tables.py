"""Registry's tables. Histories are only ever added to; a customer's row is the lock of its case."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

Instant = DateTime(timezone=True)
Money = Numeric(18, 2)
Texts = ARRAY(Text)

units = Table(
    "units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", Text),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("division_code", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

staff_events = Table(
    "staff_events",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("staff_code", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("unit", Text),
    Column("roles", Texts, nullable=False),
    Column("name", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What the personnel department reported; a person's state is folded from all of it.",
)
Index("staff_events_staff_code", staff_events.c.staff_code)

staff_states = Table(
    "staff_states",
    metadata,
    Column("staff_code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("roles", Texts, nullable=False),
    Column("state", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Published states; valid on a day is the highest version that has begun.",
)

customers = Table(
    "customers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, comment="the name without width, case and signs"),
    Column("short_name", Text),
    Column("kind", Text, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("industry", Text),
    Column("unified_credit_code", Text),
    Column("head_office_key", Uuid),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("is_one_off", Boolean, nullable=False),
    Column("is_opening", Boolean, nullable=False),
    Column("declaring_unit", Text, nullable=False),
    Column("reporting_branch", Text),
    Column("joint_units", Texts, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("approved_on", Date),
    Column("customer_id", Text, unique=True),
    Column("registered_on", Date),
    Column("suspended_on", Date),
    Column("suspended_for", Text),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("customers_unified_credit_code", customers.c.unified_credit_code)
Index("customers_name_key", customers.c.name_key)
Index("customers_head_office_key", customers.c.head_office_key)

customer_changes = Table(
    "customer_changes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False, comment="declared, approved, registered, suspended …"),
    Column("on", Date, nullable=False),
    Column("by", Text, comment="staff code; NULL when another system said it"),
    Column("reason", Text),
    Column("state", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="The life of a customer, step by step, for people.",
)

customer_codes = Table(
    "customer_codes",
    metadata,
    Column("system", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Cross-references: which customer another system means by its code.",
)
Index("customer_codes_customer_key", customer_codes.c.customer_key)

observations = Table(
    "observations",
    metadata,
    Column("system", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("unified_credit_code", Text, comment="only if it is one"),
    Column("phone", Text),
    Column("address", Text),
    Column("division_code", Text),
    Column("industry", Text),
    Column("observed_at", Instant, nullable=False),
    Column("ref", Text, nullable=False),
    comment="Customers that other systems have seen, as they last described them.",
)
Index("observations_unified_credit_code", observations.c.unified_credit_code)
Index("observations_name_key", observations.c.name_key)

division_sequences = Table(
    "division_sequences",
    metadata,
    Column("division_code", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
    comment="The highest customer number given out; the row is the lock of its division.",
)

branch_sequences = Table(
    "branch_sequences",
    metadata,
    Column("head_office_id", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
    comment="The highest branch number given out; the row is the lock of its head office.",
)

declarations = Table(
    "declarations",
    metadata,
    Column("declaration_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("declaring_unit", Text, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("reporting_branch", Text),
    Column("development_unit", Text, nullable=False),
    Column("joint_units", Texts, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("decision_reason", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="For work and search; the evidence is the chain.",
)
Index("declarations_customer_key", declarations.c.customer_key)
Index("declarations_state", declarations.c.state, declarations.c.declaration_id)

declaration_chain = Table(
    "declaration_chain",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("declaration_id", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("payload", Text, nullable=False, comment="canonical JSON, byte for byte what is hashed"),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    comment="Every declaration and every decision about one, each with the hash of the one before.",
)
Index("declaration_chain_declaration_id", declaration_chain.c.declaration_id)

declaration_chain_head = Table(
    "declaration_chain_head",
    metadata,
    Column("only", Boolean, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    comment="The end of the chain; the row is the lock that keeps entries in order.",
)

ownerships = Table(
    "ownerships",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("owner_unit", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("ruling_id", Uuid),
    Column("supersedes", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated: valid on a day is the highest version that has begun.",
)

splits = Table(
    "splits",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("base_amount", Money),
    Column("rule", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("ruling_id", Uuid),
    Column("supersedes", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated, as ownerships; shares are fractions written as text.",
)

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

signatures = Table(
    "signatures",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("contract_id", Uuid, primary_key=True),
    Column("signed_on", Date, nullable=False),
    Column("signed_at_unit", Text),
    Column("publisher", Text, nullable=False, comment="registry, or billing for sale agreements"),
    Column("recorded_at", Instant, nullable=False),
    comment="What may have ended a development, whoever signed it.",
)

contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("contract_number", Text),
    Column("signed_at_unit", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("valid_until_on", Date),
    Column("business_lines", Texts, nullable=False),
    Column("business_at_units", Texts, nullable=False),
    Column("signed_by", Text),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("recorded_at", Instant, nullable=False),
)
Index("contracts_customer_key", contracts.c.customer_key)

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
    Column("recorded_at", Instant, nullable=False),
)
Index("disputes_customer_key", disputes.c.customer_key)
Index(
    "disputes_one_open_per_customer",
    disputes.c.customer_key,
    unique=True,
    postgresql_where=text("state = 'open'"),
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
    Column("recorded_at", Instant, nullable=False),
)
Index("rulings_customer_key", rulings.c.customer_key)

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

scopes = Table(
    "scopes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("grants", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="The grants of a customer as last published.",
)
