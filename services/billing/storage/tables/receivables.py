"""Charges, what can be paid of them, payments, and which pays what."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.billing.storage.tables.columns import Instant, Money, Texts, metadata

positions = Table(
    "positions",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("payment_mark", Text, nullable=False, comment="the last payment applied as cash"),
    Column("item_mark", Text, nullable=False, comment="the last item that cash has touched"),
    Column(
        "decisions",
        Integer,
        nullable=False,
        server_default="0",
        comment="pins, bars and write-offs that hold",
    ),
    comment="The lock under which a customer's payments are set against its receivables.",
)

charges = Table(
    "charges",
    metadata,
    Column("charge_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("business_line", Text, nullable=False),
    Column("tariff_class", Text, nullable=False),
    Column("gross", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("cancelled", Money, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What customers were billed.",
)
Index("charges_customer", charges.c.customer_key, charges.c.ref)

charge_cancellations = Table(
    "charge_cancellations",
    metadata,
    Column("cancellation_id", Uuid, primary_key=True),
    Column("charge_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("cancelled_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What was taken back of charges, in part or in whole.",
)
Index("charge_cancellations_charge", charge_cancellations.c.charge_id)

items = Table(
    "items",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("charge_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("fee_of", Uuid, comment="the instalment whose late fee it is"),
    Column("number", Integer, nullable=False),
    Column("due_on", Date, comment="NULL while a late fee still grows"),
    Column("billed", Money, nullable=False, comment="before cancellations or waivers"),
    Column("amount", Money, nullable=False),
    Column("paid", Money, nullable=False),
    Column("is_overdue", Boolean, nullable=False, comment="decided on a business date"),
    Column("accrued_on", Date, comment="until when its late fee was last posted"),
    Column("version", Integer, nullable=False, comment="of a late fee's decisions"),
    Column("waived", Money, nullable=False, server_default="0", comment="granted of a late fee"),
    Column("waived_on", Date, comment="when something was last granted or withdrawn"),
    Column(
        "written_off",
        Money,
        nullable=False,
        server_default="0",
        comment="given up; `amount` is without it",
    ),
    Column("closed_on", Date, comment="the day it was given up"),
    comment="What can be paid: the instalments of charges, and their late fees.",
)
Index("items_charge", items.c.charge_id)
Index(
    "items_open",
    items.c.customer_key,
    items.c.due_on,
    postgresql_where=text("paid < amount"),
)
Index(
    "items_listed",
    text("coalesce(due_on, '9999-12-31'::date)"),
    items.c.item_id,
    postgresql_where=text("paid < amount"),
)

late_fee_decisions = Table(
    "late_fee_decisions",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("amount", Money, nullable=False, comment="what the plan asks for"),
    Column("waived", Money, nullable=False, server_default="0"),
    Column("because", Text, nullable=False, server_default="recomputed"),
    Column("is_minimum", Boolean, nullable=False),
    Column("plan_version", Integer),
    Column("parts", JSONB, nullable=False, comment="days, principal and rate of each part"),
    Column("recorded_at", Instant, nullable=False),
    comment="What every late fee was decided on.",
)

payments = Table(
    "payments",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column(
        "fund", Text, nullable=False, comment="bank, an applied deposit, a compensation, a discount"
    ),
    Column("company_account", Text),
    Column("collected_by", Text),
    Column("amount", Money, nullable=False),
    Column("returned", Money, nullable=False),
    Column("applied", Money, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("remittance", Texts, nullable=False),
    Column("remittance_system", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Money received from customers.",
)
Index("payments_customer", payments.c.customer_key)
Index(
    "payments_unapplied",
    payments.c.customer_key,
    postgresql_where=text("applied < amount - returned"),
)

payment_returns = Table(
    "payment_returns",
    metadata,
    Column("return_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("returned_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Money that went back, such as a bounced cheque.",
)
Index("payment_returns_payment", payment_returns.c.payment_id)

applications = Table(
    "applications",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("item_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("is_named", Boolean, nullable=False, comment="named by the remittance, or cash"),
    Column("amount", Money, nullable=False),
    Column("event_on", Date, nullable=False, comment="the day it holds from in the books"),
    Column(
        "is_pinned",
        Boolean,
        nullable=False,
        server_default="false",
        comment="somebody pinned it there",
    ),
    comment="Which payment pays what, as it is now; the journal has every change.",
)
Index("applications_item", applications.c.item_id)

awaited_charges = Table(
    "awaited_charges",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("ref", Text, primary_key=True),
    comment="Charges that a remittance names and nobody has raised yet.",
)
