"""A visit as it is stored, and how it becomes rows and comes back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.engagement.domain.obligations.cadence import Contact, Visitor
from services.engagement.domain.visits.verification import Verdict
from shared.work import Work


@dataclass(frozen=True)
class NewVisit:
    """A visit as it is recorded. `content` is sealed when it is stored, and so is the name."""

    visit_id: UUID
    customer_key: UUID
    source_system: str | None
    source_ref: str | None
    kind: str
    channel: str
    target_level: str
    target_name: str | None
    started_at: datetime
    ended_at: datetime | None
    visited_on: date
    content: str
    expense: Decimal | None
    recorded_by: str | None
    visitors: tuple[str, ...]


@dataclass(frozen=True)
class KeptVisit:
    """A visit without its words. `unit`, `roles` and `is_too_early` are what was published last."""

    customer_key: UUID
    contact: Contact
    source_system: str | None
    source_ref: str | None
    ended_at: datetime | None
    expense: Decimal | None
    recorded_by: str | None
    unit: str | None
    roles: tuple[str, ...]
    is_too_early: bool
    version: int

    @property
    def people(self) -> frozenset[str]:
        """Who made the visit or wrote its record."""
        visitors = {visitor.staff_code for visitor in self.contact.visitors}
        return frozenset(visitors | ({self.recorded_by} if self.recorded_by else set()))

    @property
    def leader_unit(self) -> str | None:
        """The leader's unit on the day of the visit, as far as it is known now."""
        return self.contact.visitors[0].unit or None

    @property
    def visitors_roles(self) -> tuple[str, ...]:
        """The roles that the visitors had on that day, as far as they are known now."""
        return tuple(sorted({role for each in self.contact.visitors for role in each.roles}))


def row(work: Work, visit: NewVisit) -> dict[str, Any]:
    """The row of a new visit; its words are sealed."""
    name = visit.target_name
    return {
        "visit_id": visit.visit_id,
        "customer_key": visit.customer_key,
        "source_system": visit.source_system,
        "source_ref": visit.source_ref,
        "kind": visit.kind,
        "channel": visit.channel,
        "target_level": visit.target_level,
        "target_name": work.box.seal(name.encode()) if name else None,
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
        "visited_on": visit.visited_on,
        "content": work.box.seal(visit.content.encode()),
        "expense": visit.expense,
        "recorded_by": visit.recorded_by,
        "recorded_at": work.now,
        "verdict": None,
        "unit": None,
        "roles": [],
        "is_too_early": False,
        "version": 0,
    }


def gathered(rows: Sequence[Any]) -> list[KeptVisit]:
    """The visits that rows say, each of which is one visitor of a visit."""
    by_visit: dict[UUID, list[Any]] = {}
    for each in rows:
        by_visit.setdefault(each["visit_id"], []).append(each)
    return [_kept(rows) for rows in by_visit.values()]


def _kept(rows: Sequence[Any]) -> KeptVisit:
    first = rows[0]
    return KeptVisit(
        customer_key=first["customer_key"],
        contact=Contact(
            visit_id=first["visit_id"],
            started_at=first["started_at"],
            on=first["visited_on"],
            kind=first["kind"],
            channel=first["channel"],
            target_level=first["target_level"],
            visitors=tuple(_visitor(each) for each in rows),
            is_refuted=first["verdict"] == Verdict.DIFFERS,
        ),
        source_system=first["source_system"],
        source_ref=first["source_ref"],
        ended_at=first["ended_at"],
        expense=first["expense"],
        recorded_by=first["recorded_by"],
        unit=first["unit"],
        roles=tuple(first["roles"]),
        is_too_early=first["is_too_early"],
        version=first["version"],
    )


def _visitor(each: Any) -> Visitor:
    return Visitor(
        staff_code=each["staff_code"],
        unit=each["staff_unit"] or "",
        unit_level=each["unit_level"] or "",
        unit_kind=each["unit_kind"] or "",
        roles=tuple(each["staff_roles"] or ()),
    )
