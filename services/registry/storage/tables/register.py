"""The register of customers, their codes and the sequences of their IDs."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid, or_

from services.registry.storage.tables.columns import Instant, Money, Texts, metadata

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
    Column("traits", Texts, nullable=False, comment="high-energy, dual-source …: what rules ask"),
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
    Column("registered_capital", Text, comment="in the words in which it was given"),
    Column("capital_amount", Money, comment="as read from the words; NULL when nobody can"),
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
    Column("phone", Text, comment="of releases before the seal"),
    Column("address", Text, comment="of releases before the seal"),
    Column("division_code", Text),
    Column("industry", Text),
    Column("observed_at", Instant, nullable=False),
    Column("ref", Text, nullable=False),
    Column("sealed", LargeBinary, comment="phone and address"),
    Column("sealed_with", Text, comment="fingerprint of the key"),
    Column("sealed_fields", Texts, nullable=False, server_default="{}", comment="what is sealed"),
    comment="Customers that other systems have seen, as they last described them.",
)
Index("observations_sealed_with", observations.c.sealed_with)
Index(
    "observations_in_plain",
    observations.c.system,
    observations.c.code,
    postgresql_where=or_(observations.c.phone.is_not(None), observations.c.address.is_not(None)),
)
Index("observations_unified_credit_code", observations.c.unified_credit_code)
Index("observations_name_key", observations.c.name_key)
