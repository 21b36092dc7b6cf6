"""Dunning letters, what they name, and what they must leave out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid, text

from services.billing.storage.tables.columns import Instant, Money, metadata

dunnings = Table(
    "dunnings",
    metadata,
    Column("dunning_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("level", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("withdrawn_on", Date, comment="when nothing that it named was left"),
    Column("recorded_at", Instant, nullable=False),
    comment="One step towards one customer on one day.",
)
Index("dunnings_customer", dunnings.c.customer_key, dunnings.c.raised_on)
Index("dunnings_raised", dunnings.c.raised_on, dunnings.c.dunning_id)

dunning_items = Table(
    "dunning_items",
    metadata,
    Column("dunning_id", Uuid, primary_key=True),
    Column("item_id", Uuid, primary_key=True),
    Column("charge_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("level", Integer, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("balance", Money, nullable=False, comment="what was owed of it then"),
    Column("due_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawn_because", Text),
    comment="The instalments that a letter names.",
)
Index(
    "dunning_items_item",
    dunning_items.c.item_id,
    dunning_items.c.level,
    postgresql_where=text("withdrawn_on IS NULL"),
)

dunning_holds = Table(
    "dunning_holds",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("customer_key", Uuid),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False),
    comment="Complaints that dispute a charge, known here or not yet.",
)
Index("dunning_holds_charge", dunning_holds.c.system, dunning_holds.c.ref)

dunning_exclusions = Table(
    "dunning_exclusions",
    metadata,
    Column("exclusion_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("reason", Text, nullable=False),
    Column("excluded_by", Text, nullable=False),
    Column("ended_by", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Customers whom somebody decided to leave alone for some time.",
)
Index("dunning_exclusions_customer", dunning_exclusions.c.customer_key)
