"""Waivers of late fees; dunning letters, what they name, and what they must leave out."""

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

Index(
    "dunning_items_customer",
    dunning_items.c.customer_key,
    postgresql_where=text("withdrawn_on IS NULL"),
)

dunning_doubts = Table(
    "dunning_doubts",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    comment="Instalments with a posting of a day on which they were dunned already.",
)
Index("dunning_doubts_customer", dunning_doubts.c.customer_key)

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
    Column(
        "is_new",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="nobody has looked yet whether a letter should not have been sent",
    ),
    comment="Complaints that dispute a charge, known here or not yet.",
)
Index("dunning_holds_charge", dunning_holds.c.system, dunning_holds.c.ref)
Index(
    "dunning_holds_new",
    dunning_holds.c.system,
    dunning_holds.c.ref,
    postgresql_where=text("is_new"),
)

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

late_fee_waivers = Table(
    "late_fee_waivers",
    metadata,
    Column("waiver_id", Uuid, primary_key=True),
    Column("late_fee_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("policy_version", Integer),
    Column("version", Integer, nullable=False),
    comment="What was proposed to be waived of late fees, and what became of it.",
)
Index("late_fee_waivers_fee", late_fee_waivers.c.late_fee_id)
Index("late_fee_waivers_customer", late_fee_waivers.c.customer_key)

late_fee_waiver_changes = Table(
    "late_fee_waiver_changes",
    metadata,
    Column("waiver_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("note", Text),
    Column("policy_version", Integer),
    Column("fee", Money, nullable=False, comment="what the plan asked for then"),
    Column("granted", Money, nullable=False, comment="what was waived of it before"),
    Column("recorded_at", Instant, nullable=False),
    comment="Who decided what about a waiver, and what he saw; only ever added to.",
)
