"""The projections of registry's facts that every service keeps (schema `kit`)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from shared.messaging.tables import metadata

units = Table(
    "units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("parent", Text),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("division_code", Text),
    Column("region_class", Integer),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False),
    comment="Units as registry last published them.",
)

unit_closure = Table(
    "unit_closure",
    metadata,
    Column("ancestor", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    comment="Every unit with itself and all units above it; recomputed from `units`.",
)
Index("unit_closure_unit", unit_closure.c.unit)

staff_states = Table(
    "staff_states",
    metadata,
    Column("staff_code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("unit", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    comment="Every published state of a member of staff; the view `staff` shows today's.",
)

customers = Table(
    "customers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("customer_id", Text),
    Column("state", Text, nullable=False),
    Column("is_developed", Boolean, nullable=False, comment="approved at some time (R-20)"),
    Column("name", Text, nullable=False),
    Column("short_name", Text),
    Column("kind", Text, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("industry", Text),
    Column("head_office_key", Uuid),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("is_one_off", Boolean, nullable=False),
    Column("is_opening", Boolean, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("approved_on", Date),
    Column("registered_on", Date),
    Column("suspended_on", Date),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False),
    comment="Customers as registry last published them.",
)
Index("customers_customer_id", customers.c.customer_id)
Index(
    "customers_head_office",
    customers.c.head_office_key,
    postgresql_where=text("head_office_key IS NOT NULL"),
)

customer_codes = Table(
    "customer_codes",
    metadata,
    Column("system", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("customer_key", Uuid, primary_key=True),
    comment="Cross-references. Two customers hold one code only while a move is under way.",
)
Index("customer_codes_customer_key", customer_codes.c.customer_key)

identities = Table(
    "identities",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("survivor", Uuid, comment="as published; NULL when a merge was undone"),
    Column("root", Uuid, nullable=False, comment="the last survivor, or itself"),
    Column("version", Integer, nullable=False),
    comment="Merges. Rows keep their original key; who is who is resolved when they are read.",
)
Index("identities_root", identities.c.root)

scopes = Table(
    "scopes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    comment="Which version of a customer's grants is kept; a version without grants is one too.",
)

grants = Table(
    "grants",
    metadata,
    Column("customer_key", Uuid, nullable=False),
    Column("aspect", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("from_on", Date, nullable=False, comment="first day"),
    Column("until_on", Date, comment="last day"),
    comment="Which unit, with those above it, may see which aspect of a customer, and when.",
)
Index("grants_customer_key", grants.c.customer_key, grants.c.aspect)
Index("grants_unit", grants.c.unit, grants.c.aspect)

business_while_stopped = Table(
    "business_while_stopped",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False, comment="suspended or closed"),
    Column("event", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("stopped_on", Date, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    comment="Cases: a fact of business on a day after the customer was suspended or closed.",
)
Index("business_while_stopped_customer", business_while_stopped.c.customer_key)
