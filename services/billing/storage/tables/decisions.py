"""What people decided on customers' accounts, and the documents that they wrote by hand."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.billing.storage.tables.columns import Instant, Money, metadata

payment_directives = Table(
    "payment_directives",
    metadata,
    Column("directive_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False, comment="2: released"),
    Column("customer_key", Uuid, nullable=False, comment="the payment's"),
    Column("payment_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False, comment="pin, or bar"),
    Column("charge_id", Uuid, comment="NULL: a bar from everything"),
    Column("instalment", Integer, comment="NULL: all of the charge"),
    Column("amount", Money, comment="most that a pin gives; NULL: all"),
    Column("set_on", Date, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Where a payment must go, or must not, and when that ended; only ever added to.",
)
Index("payment_directives_customer", payment_directives.c.customer_key)
Index("payment_directives_payment", payment_directives.c.payment_id)

money_requests = Table(
    "money_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False, comment="the charge, or the payment"),
    Column("amount", Money, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("staff_code", Text, nullable=False, comment="who took this step"),
    Column("decided_on", Date, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Corrections, refunds and write-offs: asked for by one, decided by another.",
)
Index("money_requests_customer", money_requests.c.customer_key, money_requests.c.kind)
Index("money_requests_subject", money_requests.c.subject_id)

correction_batches = Table(
    "correction_batches",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False, comment="of whoever asked"),
    Column("state", Text, nullable=False),
    Column("rule", JSONB, nullable=False, comment="which charges, and how much of each"),
    Column("charges", Integer, nullable=False),
    Column("total", Money, nullable=False),
    Column("largest", Money, nullable=False),
    Column("reason", Text, nullable=False),
    Column("staff_code", Text, nullable=False, comment="who took this step"),
    Column("decided_on", Date, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Corrections that a policy demands of many charges, step by step.",
)

correction_batch_charges = Table(
    "correction_batch_charges",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("charge_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False, comment="the correction that it becomes"),
    Column("amount", Money, nullable=False),
    comment="The charges of such a batch, as they were when it was asked for.",
)

write_off_entries = Table(
    "write_off_entries",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("event_on", Date, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False, comment="below zero: recovered on that day"),
    comment="What of items is given up, as it is now; the journal has every change.",
)
Index("write_off_entries_customer", write_off_entries.c.customer_key)

issued_charges = Table(
    "issued_charges",
    metadata,
    Column("charge_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("month", Text, comment="the month that it settles"),
    Column("asset", Text, comment="what was damaged or lost"),
    Column("corrects", Uuid, comment="the charge that it supplements"),
    Column("staff_code", Text, nullable=False, comment="who issued it"),
    Column("recorded_at", Instant, nullable=False),
    comment="Charges that a person issued here.",
)
Index("issued_charges_customer", issued_charges.c.customer_key, issued_charges.c.month)

receipts = Table(
    "receipts",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("voucher", Text, nullable=False, unique=True),
    Column("staff_code", Text, nullable=False, comment="who received it"),
    Column("recorded_at", Instant, nullable=False),
    comment="Payments that a person received here, each on a voucher of its own.",
)
Index("receipts_customer", receipts.c.customer_key)

bounced_payments = Table(
    "bounced_payments",
    metadata,
    Column("return_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("notice", Text, nullable=False, unique=True, comment="the bank's number"),
    Column("reason", Text, nullable=False),
    Column("staff_code", Text, nullable=False, comment="who told it"),
    Column("recorded_at", Instant, nullable=False),
    comment="Money that went back, as a person told: why, and on which notice of the bank.",
)
Index("bounced_payments_payment", bounced_payments.c.payment_id)

compliance_case_steps = Table(
    "compliance_case_steps",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid),
    Column("state", Text, nullable=False),
    Column("resolution", Text),
    Column("finding", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What was found about a case, and how it was closed.",
)
