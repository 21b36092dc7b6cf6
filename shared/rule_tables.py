"""The kit's tables (schema `kit`) for rules and time: policies, sweeps, the calendar."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.messaging.tables import metadata

policies = Table(
    "policies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False, comment="the law, the document, or 'ours'"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    comment="Only ever added to; valid on a day is the highest version effective by then.",
)

sweep_progress = Table(
    "sweep_progress",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_on", Date, nullable=False),
    comment="The last business date that each sweep has performed.",
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("is_working", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    comment="Days off and make-up working days that the site loaded; the newest version holds.",
)

calendar_years = Table(
    "calendar_years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    comment="Years whose holidays the site loaded in full.",
)
