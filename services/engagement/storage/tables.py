"""Engagement's tables. A customer's row in `accounts` is the lock of all its duties and visits."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
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

horizon = Table(
    "horizon",
    metadata,
    Column("is_it", Boolean, primary_key=True, comment="always true: there is one row"),
    Column("begun_on", Date, nullable=False, comment="the first business date ever swept"),
    Column("reached_on", Date, nullable=False, comment="the last business date swept"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("root", Uuid, nullable=False, comment="whom it was merged into, when last looked at"),
    Column("wake_on", Date, comment="when time alone may change its duties; NULL: never"),
    Column("planned_with", Integer, nullable=False, comment="newest cadence plan then known"),
    Column("tier", Text),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("gap", Text, comment="why nobody owes it anything (C8); NULL: somebody does"),
)
Index("accounts_wake_on", accounts.c.wake_on)

classes = Table(
    "classes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_on", Date, nullable=False, comment="the business date on which it was known"),
    Column("specialty_class", Text),
    Column("visit_class", Text),
)

tiers = Table(
    "tiers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text),
    Column("effective_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)

managers = Table(
    "managers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("a", Text),
    Column("b", Text),
    Column("phase", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target_level", Text, nullable=False),
    Column("target_name", LargeBinary, comment="sealed"),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("visited_on", Date, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="sealed"),
    Column("expense", Money),
    Column("recorded_by", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("verdict", Text),
    Column("unit", Text, comment="the leader's, on the day of the visit"),
    Column("roles", Texts, nullable=False),
    Column("is_too_early", Boolean, nullable=False),
    Column("version", Integer, nullable=False, comment="0: not published yet"),
)
Index("visits_customer_key", visits.c.customer_key, visits.c.visited_on)
Index("visits_visited_on", visits.c.visited_on, visits.c.visit_id)

visit_visitors = Table(
    "visit_visitors",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("staff_code", Text, nullable=False),
)
Index("visit_visitors_staff_code", visit_visitors.c.staff_code)

verifications = Table(
    "verifications",
    metadata,
    Column("verification_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("verdict", Text),
    Column("verified_by", Text),
    Column("verified_at", Instant),
    Column("version", Integer, nullable=False),
)
Index(
    "verifications_open",
    verifications.c.due_on,
    verifications.c.verification_id,
    postgresql_where=text("verdict IS NULL"),
)

verification_calls = Table(
    "verification_calls",
    metadata,
    Column("verification_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("found", Text, nullable=False),
    Column("note", LargeBinary, comment="sealed"),
    Column("called_by", Text, nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

expenses = Table(
    "expenses",
    metadata,
    Column("expense_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("claimant", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("is_verified_by_phone", Boolean, nullable=False),
    Column("verdict", Text),
    Column("refused_by", Text),
    Column("state", Text, nullable=False),
    Column("reasons", Texts, nullable=False),
    Column("decided_on", Date),
    Column("policy_version", Integer),
    Column("version", Integer, nullable=False),
)
Index("expenses_state", expenses.c.state, expenses.c.expense_id)

expense_signatures = Table(
    "expense_signatures",
    metadata,
    Column("expense_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("is_refusal", Boolean, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

obligations = Table(
    "obligations",
    metadata,
    Column("obligation_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("role", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target_levels", Texts, nullable=False),
    Column("period_unit", Text, nullable=False),
    Column("period_days", Integer),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
    Column("scheme", Text, nullable=False),
    Column("tier", Text),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("plan_version", Integer, nullable=False),
    Column("unit", Text),
    Column("manager_a", Text),
    Column("manager_b", Text),
    Column("holder", Text),
    Column("visit_ids", ARRAY(Uuid), nullable=False),
    Column("met_on", Date),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("as_of", Date, nullable=False, comment="the business date of what was known"),
    Column("changed_at", Instant, nullable=False),
)
Index(
    "obligations_of_customer",
    obligations.c.customer_key,
    obligations.c.code,
    obligations.c.first_on,
    unique=True,
)
Index("obligations_due_on", obligations.c.due_on, obligations.c.obligation_id)
Index(
    "obligations_open",
    obligations.c.due_on,
    postgresql_where=text("state = 'due'"),
)

obligation_decisions = Table(
    "obligation_decisions",
    metadata,
    Column("obligation_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("kind", Text, nullable=False, comment="missed, or revised: it no longer holds"),
    Column("reason", Text),
    Column("as_of", Date, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Only ever added to: a decision is revised beside, never altered.",
)
Index(
    "obligation_decisions_missed",
    obligation_decisions.c.customer_key,
    obligation_decisions.c.code,
    obligation_decisions.c.first_on,
    unique=True,
    postgresql_where=text("kind = 'missed'"),
)

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, comment="NULL: the system that reported it knew none"),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("category", Text),
    Column("words", LargeBinary, nullable=False, comment="what was said; sealed"),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text),
    Column("disputed_system", Text),
    Column("disputed_type", Text),
    Column("disputed_ref", Text),
    Column("state", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("unit", Text),
    Column("handler", Text),
    Column("result", Text),
    Column("closed_at", Instant),
    Column("is_imported", Boolean, nullable=False),
    Column("tier", Text, comment="in the scheme that governs the limits, when it was opened"),
    Column("levels_version", Integer, comment="version of the service levels"),
    Column("version", Integer, nullable=False),
)
Index("complaints_occurred_at", complaints.c.occurred_at, complaints.c.complaint_id)
Index("complaints_customer_key", complaints.c.customer_key)
Index("complaints_handler", complaints.c.handler, postgresql_where=text("state <> 'closed'"))
Index(
    "complaints_source",
    complaints.c.source_system,
    complaints.c.source_ref,
    unique=True,
    postgresql_where=text("source_ref IS NOT NULL"),
)

complaint_rounds = Table(
    "complaint_rounds",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_up_at", Instant, nullable=False),
    Column("assigned_at", Instant),
    Column("answered_at", Instant),
    Column("resolved_at", Instant),
    Column("call_backs", Integer, nullable=False),
    Column("ended_at", Instant),
)

complaint_clocks = Table(
    "complaint_clocks",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("stopped_at", Instant),
)
Index("complaint_clocks_due_at", complaint_clocks.c.due_at)

complaint_steps = Table(
    "complaint_steps",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("staff_code", Text, comment="NULL: a sweep, or another system"),
    Column("unit", Text),
    Column("level", Integer, nullable=False),
    Column("words", LargeBinary, comment="answer, result, what was said; sealed"),
    Column("recorded_at", Instant, nullable=False),
    comment="The history of a case; only ever added to.",
)

complaint_breaches = Table(
    "complaint_breaches",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("breach_id", Uuid, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("level", Integer, nullable=False),
    Column("unit", Text),
    Column("levels_version", Integer, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Only ever added to: a breach is withdrawn beside, never altered.",
)
Index("complaint_breaches_breach_id", complaint_breaches.c.breach_id)

compensations = Table(
    "compensations",
    metadata,
    Column("compensation_id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("approved_by", Text),
    Column("approved_on", Date),
    Column("posted_on", Date, comment="as billing answered"),
    Column("refused_because", Text, comment="as billing answered"),
    Column("version", Integer, nullable=False),
)
Index("compensations_complaint_id", compensations.c.complaint_id)

disclosures = Table(
    "disclosures",
    metadata,
    Column("disclosure_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False, comment="visit or complaint"),
    Column("subject_id", Uuid, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
    comment="Who read the words of which visit or case; only ever added to.",
)
Index("disclosures_subject_id", disclosures.c.subject_id)

handover_answers = Table(
    "handover_answers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_on", Date, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("exceptions", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What was answered to every version of a hand-over; only ever added to.",
)

handover_moves = Table(
    "handover_moves",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("complaint_id", Uuid, primary_key=True),
    Column("customer_key", Uuid),
    Column("from_staff_code", Text, nullable=False),
    Column("to_staff_code", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Which cases changed hands; only ever added to.",
)
